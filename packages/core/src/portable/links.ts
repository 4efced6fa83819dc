/** Links (dedicated lines) as users hold them. */
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { DeleteProgress, LinkCreate, LinkDriver, LinkQuery } from '../driver/driver.js';
import { isPeerwayError, PeerwayError } from '../errors/error.js';
import { parseAddress, canonicalCidr } from '../model/cidr.js';
import type { LinkId, NetworkId, PortId } from '../model/ids.js';
import type { Link } from '../model/link.js';
import { TERMINAL_STATES, TRANSITIONAL_STATES, type Tags } from '../model/peering.js';
import { requireBandwidth, requireSupport } from './gate.js';
import type { CallOptions, WaitingOptions } from './environment.js';
import { orUndefined, type Invoker } from './invoker.js';

export interface LinkRequest {
  readonly network: NetworkId;
  readonly port: PortId;
  readonly vlan: number;
  readonly cloudIp: string;
  readonly customerIp: string;
  readonly name: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  readonly clientToken?: string;
}

export class Links {
  readonly #driver: LinkDriver | undefined;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities['links'];

  constructor(driver: LinkDriver | undefined, invoker: Invoker, capabilities: ProviderCapabilities['links']) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
  }

  /** Makes the border router, attaches it to the network and waits until it is active. @throws PeerwayError as peerings do */
  async create(request: LinkRequest, options: WaitingOptions = {}): Promise<Link> {
    const input = this.validated(request);
    const id = await this.request(input, options);
    return this.settle(id, input, options);
  }

  /** Starts a link without waiting. */
  async request(request: LinkRequest, options: CallOptions = {}): Promise<LinkId> {
    const input = this.validated(request);
    return this.#invoker.run(
      {
        name: 'links.create',
        resource: `${input.port} vlan ${input.vlan} → ${input.network}`,
        repeatable: true,
        ...signalOf(options),
      },
      (call) => this.#require().create(input, call),
    );
  }

  /** Takes the remaining steps of a link, whoever started it, until it is active. */
  async settle(id: LinkId, request: LinkRequest, options: WaitingOptions = {}): Promise<Link> {
    const input = this.validated(request);
    return this.#invoker.wait(options, {
      what: `link ${id} to become active`,
      look: async () => {
        const link = await this.get(id, signalOf(options));
        await this.advance(link, input, signalOf(options));
        return link;
      },
      judge: (link) => {
        if (link.state === 'active') return { kind: 'success' };
        if (!TERMINAL_STATES.has(link.state) && link.state !== 'deleting' && link.state !== 'inactive')
          return { kind: 'retry' };
        const message = `The link ${id} is ${link.state} and will not become active`;
        return {
          kind: 'failure',
          error: new PeerwayError('FailedPrecondition', message, {
            resource: id,
            remedy: 'Resume it, or delete it and make a new one.',
          }),
        };
      },
      describe: (link) => link.nativeState,
    });
  }

  /** Takes the next step when it is ours; does not wait. @returns false when there is nothing to do now */
  async advance(link: Link, request: LinkRequest, options: CallOptions = {}): Promise<boolean> {
    if (link.next !== 'continue') return false;
    const input = this.validated(request);
    await this.#invoker.run(
      { name: 'links.continue', resource: link.id, repeatable: true, ...signalOf(options) },
      (call) => this.#require().continue(link.id, input, call),
    );
    return true;
  }

  async get(id: LinkId, options: CallOptions = {}): Promise<Link> {
    const link = await this.#invoker.run({ name: 'links.get', resource: id, repeatable: true, ...options }, (call) =>
      this.#require().get(id, call),
    );
    if (link.state !== 'deleted') return link;
    throw new PeerwayError('NotFound', `The link ${id} is deleted`, { provider: this.#invoker.provider, resource: id });
  }

  async find(id: LinkId, options: CallOptions = {}): Promise<Link | undefined> {
    return orUndefined(this.get(id, options));
  }

  async *list(query: LinkQuery = {}, options: CallOptions = {}): AsyncGenerator<Link> {
    const links = await this.#invoker.pages({ name: 'links.list', ...options }, (cursor, call) =>
      this.#require().list(query, cursor, call),
    );
    for (const link of links) if (link.state !== 'deleted') yield link;
  }

  async suspend(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    await this.#setSuspended(id, true, options);
  }

  async resume(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    await this.#setSuspended(id, false, options);
  }

  /** Removes the link and waits until it is gone; already gone is success. Its routes must be gone before. */
  async delete(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    for (;;) {
      const progress = await this.requestDelete(id, signalOf(options));
      if (progress === 'gone') return;
      const left = await this.#invoker.wait(options, {
        what: `link ${id} to go`,
        look: () => this.find(id, signalOf(options)),
        judge: (seen) =>
          seen === undefined ||
          (progress === 'continue' && !TRANSITIONAL_STATES.has(seen.state)) ||
          (progress === 'continue' && seen.next !== undefined)
            ? { kind: 'success' }
            : { kind: 'retry' },
        describe: (seen) => seen?.nativeState ?? 'gone',
      });
      if (left === undefined) return;
    }
  }

  /** One step of a deletion, without waiting. */
  async requestDelete(id: LinkId, options: CallOptions = {}): Promise<DeleteProgress> {
    try {
      return await this.#invoker.run({ name: 'links.delete', resource: id, repeatable: true, ...options }, (call) =>
        this.#require().delete(id, call),
      );
    } catch (error) {
      if (isPeerwayError(error, 'NotFound')) return 'gone';
      throw error;
    }
  }

  /** Checks a request before anything is sent, and gives it a token. @throws PeerwayError `InvalidArgument`, `Unsupported` */
  validated(request: LinkRequest): LinkCreate {
    const { features, limits } = this.#capabilities;
    const provider = this.#invoker.provider;
    requireSupport(features.link, provider, 'dedicated lines');
    const { vlan } = request;
    const range = limits.vlan ?? { min: 0, max: 4094 };
    if (!Number.isInteger(vlan) || vlan < range.min || vlan > range.max) {
      throw new PeerwayError('InvalidArgument', `vlan ${vlan} is outside the limits`, {
        remedy: `Give ${range.min} to ${range.max}.`,
      });
    }
    canonicalCidr(request.cloudIp); // an address with its prefix: host bits are the point
    parseAddress(request.customerIp);
    if (request.description !== undefined) requireSupport(features.description, provider, 'describing a link');
    if (request.tags !== undefined && Object.keys(request.tags).length > 0)
      requireSupport(features.tags, provider, 'tags on a link');
    if (request.bandwidthMbps !== undefined)
      requireSupport(features.bandwidth, provider, 'choosing the bandwidth of a link');
    requireBandwidth(request.bandwidthMbps, limits.bandwidthMbps);
    return { ...request, tags: request.tags ?? {}, clientToken: request.clientToken ?? this.#invoker.token() };
  }

  async #setSuspended(id: LinkId, suspended: boolean, options: WaitingOptions): Promise<void> {
    requireSupport(this.#capabilities.features.suspend, this.#invoker.provider, 'suspending a link');
    const set = this.#require().setSuspended?.bind(this.#driver);
    if (set === undefined)
      throw new PeerwayError(
        'Internal',
        `The ${this.#invoker.provider} driver claims links.setSuspended and does not have it`,
      );
    await this.#invoker.run(
      { name: suspended ? 'links.suspend' : 'links.resume', resource: id, repeatable: true, ...signalOf(options) },
      (call) => set(id, suspended, call),
    );
    await this.#invoker.wait(options, {
      what: `link ${id} to settle`,
      look: () => this.get(id, signalOf(options)),
      judge: (link) => (TRANSITIONAL_STATES.has(link.state) ? { kind: 'retry' } : { kind: 'success' }),
      describe: (link) => link.nativeState,
    });
  }

  #require(): LinkDriver {
    requireSupport(this.#capabilities.features.link, this.#invoker.provider, 'dedicated lines');
    if (this.#driver !== undefined) return this.#driver;
    throw new PeerwayError('Internal', `The ${this.#invoker.provider} driver claims links and has none`, {
      provider: this.#invoker.provider,
    });
  }
}

const signalOf = (options: CallOptions): CallOptions =>
  options.signal === undefined ? {} : { signal: options.signal };
