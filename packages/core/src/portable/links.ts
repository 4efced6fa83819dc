/** Links (dedicated lines) as users hold them. */
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type {
  BeforeDelete,
  LinkCreate,
  LinkDriver,
  LinkQuery,
  ObjectSettings,
  SettingDrift,
} from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import type { LinkId } from '../model/ids.js';
import type { Link } from '../model/link.js';
import { isTerminal, movesByItself, traitsOf } from '../model/lifecycle.js';
import type { CallOptions, ListOptions, WaitingOptions } from './environment.js';
import { missingMember, requireSupport } from './gate.js';
import { orUndefined, type Invoker } from './invoker.js';
import { probesAs } from './healthCheck.js';
import { checkedLink, checkedLinkChanges, type LinkRequest, type LinkUpdate } from './linkInput.js';
import { beforeDelete, deleteInSteps, tolerateStaleReadings, type DeletionStep } from './steps.js';

/** A border router and two halves have three switches; more calls than that help nothing. */
const MOST_RESUMES = 4;

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

  /**
   * Asks whether the port is ready for such a link; changes nothing. Where the provider has nothing to look at it is success.
   * @throws PeerwayError what `create` would: `NotFound`, `InvalidArgument`, `FailedPrecondition`
   */
  async check(request: LinkRequest, options: CallOptions = {}): Promise<void> {
    const input = this.validated(request);
    const driver = this.#require();
    const check = driver.check?.bind(driver);
    if (check === undefined) return;
    const resource = `${input.port} vlan ${input.vlan}`;
    await this.#invoker.run({ name: 'links.check', resource, effect: 'read' }, options, (call) => check(input, call));
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
          if (link.vlan === input.vlan && link.name === input.name && !isTerminal(link.state)) return link.id;
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
        return (await tolerate(() => this.advance(link, input, options))) && link.state === 'active'
          ? this.get(id, options)
          : link;
      },
      judge: (link) => {
        if (link.state === 'active') return { kind: 'success' };
        if (traitsOf(link.state).mayBecomeActive) return { kind: 'retry' };
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

  /** Takes the next step when it is ours; does not wait. The last one sets the health check. @returns false when there is nothing to do now */
  async advance(link: Link, request: LinkRequest, options: CallOptions = {}): Promise<boolean> {
    const { healthCheck } = request;
    if (healthCheck !== undefined && link.state === 'active' && !probesAs(link.healthCheck, healthCheck)) {
      await this.update(link.id, { healthCheck }, { ...options, wait: false });
      return true;
    }
    if (link.next !== 'continue') return false;
    const input = this.validated(request);
    const driver = this.#require();
    await this.#invoker.run({ name: 'links.continue', resource: link.id, effect: 'repeatable' }, options, (call) =>
      driver.continue(link.id, input, call, link),
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
  async *list(query: LinkQuery = {}, options: ListOptions = {}): AsyncGenerator<Link> {
    const driver = this.#require();
    const links = this.#invoker.pages(
      { name: 'links.list' },
      options,
      (cursor, call) => driver.list(query, cursor, call),
      ({ id }) => id,
    );
    const except = new Set<string | undefined>(query.except);
    for await (const link of links) if (link.state !== 'deleted' && !except.has(link.network)) yield link;
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
      step: (seen) => this.requestDelete(id, { ...options, ...(seen === undefined ? {} : { seen }) }),
      find: () => this.find(id, options),
    });
  }

  /** One step of a deletion, without waiting. @param options.seen as in `Peerings.requestDelete` */
  async requestDelete(id: LinkId, options: CallOptions & BeforeDelete<Link> = {}): Promise<DeletionStep> {
    const driver = this.#require();
    const before = beforeDelete(options);
    const step = this.#invoker.run({ name: 'links.delete', resource: id, effect: 'repeatable' }, options, (call) =>
      driver.delete(id, call, before),
    );
    return (await orUndefined(step)) ?? 'missing';
  }

  /**
   * The links whose one end is this entry's, where such links are kept (`links.home`), and whose other end is another entry's. What
   * it sends there has the other's keys, limits and guard.
   * @throws PeerwayError `Unsupported` where the provider has no such links
   */
  across(other: Links): Links {
    if (other === this) return this;
    const driver = this.#require();
    const joined = driver.across?.(other.#require(), (call) => other.#invoker.beside(call));
    if (joined !== undefined) return new Links(joined, this.#invoker, this.#capabilities);
    throw new PeerwayError('Unsupported', 'A port that another entry owns is not supported', {
      provider: this.#invoker.provider,
      remedy: 'Use a port of the network’s own account and region.',
    });
  }

  /** What of the provider's own settings a reading shows otherwise than declared; asks nobody. Empty: nothing. */
  settingsDrift(link: Link, settings: ObjectSettings = {}): readonly SettingDrift[] {
    return this.#require().settingsDrift?.(link, settings) ?? [];
  }

  /**
   * Applies the changes one after the other, and waits until the cloud has settled each (`wait: false`: does not wait). An
   * empty update does nothing. Everything is checked before the first change.
   */
  async update(
    id: LinkId,
    update: LinkUpdate,
    options: WaitingOptions & { readonly wait?: boolean } = {},
  ): Promise<void> {
    const driver = this.#require();
    for (const change of checkedLinkChanges(update, this.#capabilities, this.#invoker.provider)) {
      await this.#invoker.run({ name: 'links.update', resource: id, effect: 'repeatable' }, options, (call) =>
        driver.update(id, change, call),
      );
      if (options.wait !== false) await this.#quiet(id, options);
    }
  }

  /** Checks a request before anything is sent, and gives it a token. @throws PeerwayError `InvalidArgument`, `Unsupported` */
  validated(request: LinkRequest): LinkCreate {
    return checkedLink(request, this.#capabilities, this.#invoker.provider, () => this.#invoker.token());
  }

  async #setSuspended(id: LinkId, suspended: boolean, options: WaitingOptions): Promise<void> {
    const driver = this.#require();
    requireSupport(this.#capabilities.features.suspend, this.#invoker.provider, 'suspending a link');
    for (let steps = 0; steps < MOST_RESUMES; steps++) {
      await this.#invoker.run(
        { name: suspended ? 'links.suspend' : 'links.resume', resource: id, effect: 'repeatable' },
        options,
        (call) => driver.update(id, { kind: 'suspended', suspended }, call),
      );
      const link = await this.#quiet(id, options);
      // each part has a switch of its own, and some wait for others
      if (suspended || link.reason !== 'suspended') return;
    }
    throw new PeerwayError('FailedPrecondition', `The link ${id} stays switched off`, {
      provider: this.#invoker.provider,
      resource: id,
      remedy: 'Look at it in the cloud’s console.',
    });
  }

  /** Returns when the cloud is no longer at it; a link that waits for us is not waited for. */
  async #quiet(id: LinkId, options: WaitingOptions): Promise<Link> {
    return this.#invoker.wait(options, {
      what: `link ${id} to settle`,
      resource: id,
      look: () => this.get(id, options),
      judge: (link) => (movesByItself(link) ? { kind: 'retry' } : { kind: 'success' }),
      describe: (link) => link.nativeState,
    });
  }

  #require(): LinkDriver {
    requireSupport(this.#capabilities.features.link, this.#invoker.provider, 'dedicated lines');
    if (this.#driver !== undefined) return this.#driver;
    throw missingMember(this.#invoker.provider, 'links');
  }
}
