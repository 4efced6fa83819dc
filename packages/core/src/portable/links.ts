/** Links (dedicated lines) as users hold them. */
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { DeleteProgress, LinkCreate, LinkDriver, LinkQuery } from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import { canonicalCidr, cidrRange, parseAddress } from '../model/cidr.js';
import { networkId, portId, type LinkId, type NetworkId, type PortId } from '../model/ids.js';
import type { Link } from '../model/link.js';
import { TERMINAL_STATES, TRANSITIONAL_STATES, type Tags } from '../model/peering.js';
import type { CallOptions, WaitingOptions } from './environment.js';
import { missingMember, requireBandwidth, requireSupport } from './gate.js';
import { orUndefined, type Invoker } from './invoker.js';
import { deleteInSteps, tolerateStaleReadings } from './steps.js';

/** A link to be made. */
export interface LinkRequest {
  /** A network of this provider's account and region. */
  readonly network: NetworkId;
  readonly port: PortId;
  /** Whole number, 0 to 4094 or as the provider's limits say. */
  readonly vlan: number;
  /** Address of the cloud's end with its prefix, e.g. `10.255.0.1/30`. */
  readonly cloudIp: string;
  /** Another address of the same prefix, bare, e.g. `10.255.0.2`. */
  readonly customerIp: string;
  readonly name: string;
  readonly description?: string;
  /** Whole megabits per second, more than 0, within the provider's limits. */
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  /** Default: a fresh one. */
  readonly clientToken?: string;
}

/** The links of one account in one region. Every verb throws `Unsupported` where the provider has none, before any request. */
export class Links {
  readonly #driver: LinkDriver | undefined;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities['links'];

  constructor(driver: LinkDriver | undefined, invoker: Invoker, capabilities: ProviderCapabilities['links']) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
  }

  /**
   * Makes the border router, attaches it to the network and waits until it is active.
   * @throws PeerwayError `AlreadyExists` for a used VLAN; `FailedPrecondition` when it cannot become active
   */
  async create(request: LinkRequest, options: WaitingOptions = {}): Promise<Link> {
    const input = this.validated(request);
    const id = await this.request(input, options);
    return this.settle(id, input, options);
  }

  /** Starts a link without waiting. After a lost answer the link is found again by its port and VLAN. */
  async request(request: LinkRequest, options: CallOptions = {}): Promise<LinkId> {
    const input = this.validated(request);
    const driver = this.#require();
    return this.#invoker.run(
      {
        name: 'links.create',
        resource: `${input.port} vlan ${input.vlan} → ${input.network}`,
        effect: 'repeatable', // one port takes a VLAN once, so a second try makes no second link
      },
      options,
      (call) => driver.create(input, call),
      async () => {
        for await (const link of this.list({ port: input.port }, options)) {
          if (link.vlan === input.vlan && link.name === input.name && !TERMINAL_STATES.has(link.state)) return link.id;
        }
        return undefined;
      },
    );
  }

  /** Takes the remaining steps of a link, whoever started it, until it is active. */
  async settle(id: LinkId, request: LinkRequest, options: WaitingOptions = {}): Promise<Link> {
    const input = this.validated(request);
    const tolerate = tolerateStaleReadings(this.#invoker);
    return this.#invoker.wait(options, {
      what: `link ${id} to become active`,
      resource: id,
      look: async () => {
        const link = await this.get(id, options);
        await tolerate(() => this.advance(link, input, options));
        return link;
      },
      judge: (link) => {
        if (link.state === 'active') return { kind: 'success' };
        const stuck = TERMINAL_STATES.has(link.state) || link.state === 'deleting' || link.state === 'inactive';
        if (!stuck || link.next !== undefined) return { kind: 'retry' };
        const message = `The link ${id} is ${link.state} and will not become active`;
        return {
          kind: 'failure',
          error: new PeerwayError('FailedPrecondition', message, {
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
    const driver = this.#require();
    await this.#invoker.run({ name: 'links.continue', resource: link.id, effect: 'repeatable' }, options, (call) =>
      driver.continue(link.id, input, call),
    );
    return true;
  }

  /** @throws PeerwayError `NotFound` when it is gone, or shown only as a tombstone */
  async get(id: LinkId, options: CallOptions = {}): Promise<Link> {
    const driver = this.#require();
    const link = await this.#invoker.run({ name: 'links.get', resource: id, effect: 'read' }, options, (call) =>
      driver.get(id, call),
    );
    if (link.state !== 'deleted') return link;
    throw new PeerwayError('NotFound', `The link ${id} is deleted`, { provider: this.#invoker.provider, resource: id });
  }

  /** Like `get`, with undefined for what is not there. */
  async find(id: LinkId, options: CallOptions = {}): Promise<Link | undefined> {
    return orUndefined(this.get(id, options));
  }

  /** Every link that fits the query, in no order; tombstones are left out. */
  async *list(query: LinkQuery = {}, options: CallOptions = {}): AsyncGenerator<Link> {
    const driver = this.#require();
    const links = this.#invoker.pages({ name: 'links.list' }, options, (cursor, call) =>
      driver.list(query, cursor, call),
    );
    for await (const link of links) if (link.state !== 'deleted') yield link;
  }

  /** Stops traffic without removing the link, and waits until that is done. Only with capability `suspend`. */
  async suspend(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    await this.#setSuspended(id, true, options);
  }

  /** Lets traffic through again after `suspend`. Only with capability `suspend`. */
  async resume(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    await this.#setSuspended(id, false, options);
  }

  /**
   * Removes the link and waits until it is gone; already gone is success. Its routes must be gone before.
   * @throws PeerwayError `DeadlineExceeded` when all steps together take longer than the timeout
   */
  async delete(id: LinkId, options: WaitingOptions = {}): Promise<void> {
    await deleteInSteps(this.#invoker, options, {
      kind: 'link',
      id,
      step: () => this.requestDelete(id, options),
      find: () => this.find(id, options),
    });
  }

  /** One step of a deletion, without waiting. Already gone is `gone`. */
  async requestDelete(id: LinkId, options: CallOptions = {}): Promise<DeleteProgress> {
    const driver = this.#require();
    const step = this.#invoker.run({ name: 'links.delete', resource: id, effect: 'repeatable' }, options, (call) =>
      driver.delete(id, call),
    );
    return (await orUndefined(step)) ?? 'gone';
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
    requireOneLine(request.cloudIp, request.customerIp);
    if (request.description !== undefined) requireSupport(features.description, provider, 'describing a link');
    const tags = request.tags ?? {};
    if (Object.keys(tags).length > 0) requireSupport(features.tags, provider, 'tags on a link');
    if (request.bandwidthMbps !== undefined)
      requireSupport(features.bandwidth, provider, 'choosing the bandwidth of a link');
    requireBandwidth(request.bandwidthMbps, limits.bandwidthMbps);
    const clientToken = request.clientToken ?? this.#invoker.token();
    return { ...request, network: networkId(request.network), port: portId(request.port), tags, clientToken };
  }

  async #setSuspended(id: LinkId, suspended: boolean, options: WaitingOptions): Promise<void> {
    const { provider } = this.#invoker;
    const driver = this.#require();
    requireSupport(this.#capabilities.features.suspend, provider, 'suspending a link');
    const set = driver.setSuspended?.bind(driver);
    if (set === undefined) throw missingMember(provider, 'links.setSuspended');
    await this.#invoker.run(
      { name: suspended ? 'links.suspend' : 'links.resume', resource: id, effect: 'repeatable' },
      options,
      (call) => set(id, suspended, call),
    );
    await this.#invoker.wait(options, {
      what: `link ${id} to settle`,
      resource: id,
      look: () => this.get(id, options),
      judge: (link) => (TRANSITIONAL_STATES.has(link.state) ? { kind: 'retry' } : { kind: 'success' }),
      describe: (link) => link.nativeState,
    });
  }

  #require(): LinkDriver {
    requireSupport(this.#capabilities.features.link, this.#invoker.provider, 'dedicated lines');
    if (this.#driver !== undefined) return this.#driver;
    throw missingMember(this.#invoker.provider, 'links');
  }
}

/** The two ends of a line are different addresses of one prefix. */
function requireOneLine(cloudIp: string, customerIp: string): void {
  const prefix = cidrRange(canonicalCidr(cloudIp)); // host bits are the point here
  const cloud = parseAddress(cloudIp.slice(0, cloudIp.indexOf('/')));
  const customer = parseAddress(customerIp);
  const inside = customer.family === prefix.family && customer.value >= prefix.first && customer.value <= prefix.last;
  if (inside && customer.value !== cloud.value) return;
  throw new PeerwayError('InvalidArgument', `customerIp ${customerIp} is no other address of ${cloudIp}`, {
    remedy: 'Give both ends of the line different addresses of one prefix, e.g. 10.255.0.1/30 and 10.255.0.2.',
  });
}
