/** Peerings as users hold them: capability gate, idempotency, waiting and multi-step handshakes over a driver. */
import type { MechanismCapabilities, PeeringFeature, ProviderCapabilities } from '../driver/capabilities.js';
import type {
  BeforeDelete,
  ObjectSettings,
  PeeringCreate,
  PeeringDriver,
  PeeringQuery,
  SettingDrift,
} from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import type { AccountId, AccountOwner, PeeringId, RegionId } from '../model/ids.js';
import { isLive, movesByItself, traitsOf } from '../model/lifecycle.js';
import { nextStep, tagOf, type Peering, type PeeringSide } from '../model/peering.js';
import type { CallOptions, ListOptions, WaitingOptions } from './environment.js';
import { missingMember, problemsOf, refuse, requireSupport } from './gate.js';
import { orUndefined, type Invoker } from './invoker.js';
import { mergeSides } from './mergeSides.js';
import {
  changesOf,
  checkedCreate,
  peeringProblems,
  updateProblems,
  type PeeringRequest,
  type PeeringUpdate,
} from './peeringInput.js';
import { beforeDelete, deleteInSteps, STALE_FOR_MS, tolerateStaleReadings, type DeletionStep } from './steps.js';

/** Options of verbs that act for one end. */
export interface SideOptions extends CallOptions {
  /** The end this provider stands on. Default `initiator`. Matters where one account owns both ends or a cloud shows two views. */
  readonly side?: PeeringSide;
}

/** `settled`: active, or nothing more that this provider can do (the other account must act). */
export type CreateTarget = 'settled' | 'active';

/** A peering may be unreadable for a moment after its creation. */
const VISIBLE_WITHIN_MS = 30_000;

/** The peerings of one account in one region. Every verb may throw a PeerwayError of any code that a cloud can cause. */
export class Peerings {
  readonly #driver: PeeringDriver;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities;
  readonly #region: RegionId;
  readonly #account: AccountId | undefined;

  constructor(
    driver: PeeringDriver,
    invoker: Invoker,
    capabilities: ProviderCapabilities,
    region: RegionId,
    account?: AccountId,
  ) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
    this.#region = region;
    this.#account = account;
  }

  /** The mechanism of that name, or the default one. @throws PeerwayError `InvalidArgument` naming those there are */
  mechanism(name?: string): MechanismCapabilities {
    if (name === undefined) return this.#capabilities.mechanisms[0];
    const found = this.#capabilities.mechanisms.find((mechanism) => mechanism.name === name);
    if (found !== undefined) return found;
    throw new PeerwayError('InvalidArgument', `${this.#invoker.provider} has no mechanism ${JSON.stringify(name)}`, {
      provider: this.#invoker.provider,
      place: 'mechanism',
      remedy: `Choose one of ${this.#capabilities.mechanisms.map((mechanism) => mechanism.name).join(', ')}.`,
    });
  }

  /**
   * Checks a request before anything is sent, and gives it a token.
   * @throws PeerwayError `InvalidArgument`, `Unsupported`: the first of `problems`
   */
  validated(request: PeeringRequest): PeeringCreate {
    return checkedCreate(request, this.#contextOf(request, this.#account), () => this.#invoker.token());
  }

  /**
   * Everything that is wrong with a request, as far as is known without asking the cloud: errors whose `place` is the
   * field. Empty: `create` will send it.
   * @param account the initiator's, where a reading shows it; default: as the user wrote it down
   */
  problems(request: PeeringRequest, account: AccountOwner | undefined = this.#account): PeerwayError[] {
    return problemsOf(() => peeringProblems(request, this.#contextOf(request, account)));
  }

  /** As `problems`, for an update. @param of.sameRegion whether both ends are in one region, where that is known */
  updateProblems(
    update: PeeringUpdate,
    of: { readonly mechanism?: string; readonly sameRegion?: boolean } = {},
  ): PeerwayError[] {
    return updateProblems(update, this.mechanism(of.mechanism), this.#invoker.provider, of.sameRegion);
  }

  #contextOf(request: PeeringRequest, account: AccountOwner | undefined) {
    const mechanism = this.mechanism(request.mechanism);
    return { provider: this.#invoker.provider, region: this.#region, account, mechanism };
  }

  /**
   * Asks for a peering and waits. Inside one account and region it takes every step there is; across accounts it stops
   * when the other side must act, unless `until: 'active'` says to wait for it.
   * @throws PeerwayError `AlreadyExists` when the two networks are joined already; `FailedPrecondition` when it ends in a
   *   state that cannot become active; `Unsupported` and `InvalidArgument` before any request
   */
  async create(
    request: PeeringRequest,
    options: WaitingOptions & { readonly until?: CreateTarget } = {},
  ): Promise<Peering> {
    const id = await this.request(request, options);
    return this.settle(id, 'initiator', { ...options, fresh: true });
  }

  /**
   * Asks for a peering and does not wait. Safe against a lost answer: the token stays the same over all tries, and a
   * peering that was made although nobody said so is found again. @throws PeerwayError as `create`
   */
  async request(request: PeeringRequest, options: CallOptions = {}): Promise<PeeringId> {
    const input = this.validated(request);
    const { features, duplicate } = this.mechanism(input.mechanism);
    // asked again, the cloud answers with what it made: by the token, or by the pair
    const repeatable = features.clientToken.status === 'supported' || duplicate === 'returns-existing';
    return this.#invoker.run(
      {
        name: 'peerings.create',
        resource: `${input.initiator} → ${input.acceptor.network}`,
        effect: repeatable ? 'repeatable' : 'unrepeatable',
      },
      options,
      (call) => this.#driver.create(input, call),
      () => this.#findMade(input, options),
    );
  }

  /** Lets the cloud check a creation without doing it. Only with capability `dryRun`. @throws what `create` would */
  async dryRun(request: PeeringRequest, options: CallOptions = {}): Promise<void> {
    const input = this.validated(request);
    const { provider } = this.#invoker;
    requireSupport(this.mechanism(input.mechanism).features.dryRun, provider, 'a dry run of a peering');
    const run = this.#driver.dryRun?.bind(this.#driver);
    if (run === undefined) throw missingMember(provider, 'peerings.dryRun');
    await this.#invoker.run({ name: 'peerings.dryRun', effect: 'read' }, options, (call) => run(input, call));
  }

  /** Whether no route that this side sees keeps the cloud from ending it; ends nothing. Only with capability `deletionShowsRoutes`. */
  async isUnrouted(id: PeeringId, { side = 'initiator', ...options }: SideOptions = {}): Promise<boolean> {
    const ask = this.#driver.isUnrouted?.bind(this.#driver);
    if (ask === undefined) throw missingMember(this.#invoker.provider, 'peerings.isUnrouted');
    return this.#invoker.run({ name: 'peerings.isUnrouted', effect: 'read' }, options, (call) => ask(id, side, call));
  }

  /** One peering as its side shows it. @throws PeerwayError `NotFound` when it is gone, or shown only as a tombstone */
  async get(id: PeeringId, options: SideOptions = {}): Promise<Peering> {
    const { side = 'initiator' } = options;
    const peering = await this.#invoker.run({ name: 'peerings.get', resource: id, effect: 'read' }, options, (call) =>
      this.#driver.get(id, side, call),
    );
    if (peering.state !== 'deleted') return peering;
    throw new PeerwayError('NotFound', `The peering ${id} is deleted`, {
      provider: this.#invoker.provider,
      resource: id,
    });
  }

  /** Like `get`, with undefined for what is not there. */
  async find(id: PeeringId, options: SideOptions = {}): Promise<Peering | undefined> {
    return orUndefined(this.get(id, options));
  }

  /**
   * Each peering once, the readings of its two sides merged where the cloud shows both; in no order. One that was made or
   * ended a few seconds ago may be missing or still be there. Tombstones, where asked for, come last.
   */
  async *list(query: PeeringQuery = {}, options: ListOptions = {}): AsyncGenerator<Peering> {
    const merged = new Map<PeeringId, Peering>();
    const tombstones = new Map<PeeringId, Peering>();
    const readings = this.#invoker.pages({ name: 'peerings.list' }, options, (cursor, call) =>
      this.#driver.list(query, cursor, call),
    );
    for await (const reading of readings) {
      if (reading.state === 'deleted' && query.tombstones !== true) continue;
      const found = reading.state === 'deleted' ? tombstones : merged;
      const known = found.get(reading.id);
      found.set(reading.id, known === undefined ? reading : mergeSides(known, reading));
    }
    yield* merged.values();
    // one side may still show what the other has seen go
    for (const [id, tombstone] of tombstones) if (!merged.has(id)) yield tombstone;
  }

  /**
   * Makes the acceptor's end agree and waits until nothing is left that this provider can do (`wait: false`: does not
   * wait). Already active is success. @throws PeerwayError `PermissionDenied` when the account is not the acceptor's;
   *   `FailedPrecondition` when it can no longer be accepted
   */
  async accept(id: PeeringId, options: WaitingOptions & { readonly wait?: boolean } = {}): Promise<void> {
    await this.#accept(id, options);
    if (options.wait !== false) await this.settle(id, 'acceptor', options);
  }

  /** Refuses a pending request. @throws PeerwayError `FailedPrecondition` when it is not pending; `Unsupported` */
  async reject(id: PeeringId, options: CallOptions = {}): Promise<void> {
    this.#requireSomewhere('reject', 'rejecting a peering');
    await this.#invoker.run({ name: 'peerings.reject', resource: id, effect: 'unrepeatable' }, options, (call) =>
      this.#driver.reject(id, call),
    );
  }

  /**
   * Takes the next step of a handshake when it is this provider's to take; does not wait.
   * @param peering a reading of either side, or of both merged; where each side makes its own half, hand in the other side's
   * @returns false when there is nothing to do here now
   */
  async advance(peering: Peering, side: PeeringSide, options: CallOptions = {}): Promise<boolean> {
    const { id } = peering;
    const next = nextStep(peering);
    if (next === undefined || next.side !== side) return false;
    if (next.verb === 'accept') {
      await this.#accept(id, options, peering);
      return true;
    }
    const step = this.#driver.continue?.bind(this.#driver);
    if (step === undefined) throw missingMember(this.#invoker.provider, 'peerings.continue');
    await this.#invoker.run({ name: 'peerings.continue', resource: id, effect: 'repeatable' }, options, (call) =>
      step(id, side, call, peering),
    );
    return true;
  }

  /**
   * Applies the changes one after the other, and waits until the cloud has settled each (`wait: false`: does not wait). An
   * empty update does nothing. Everything is checked before the first change.
   * @param options.side default `initiator`
   * @param options.mechanism whose capabilities and limits count; default: the provider's first mechanism
   */
  async update(
    id: PeeringId,
    update: PeeringUpdate,
    options: WaitingOptions & {
      readonly side?: PeeringSide;
      readonly wait?: boolean;
      readonly mechanism?: string;
    } = {},
  ): Promise<void> {
    const { side = 'initiator' } = options;
    refuse(this.updateProblems(update, options)[0]);
    for (const change of changesOf(update)) {
      await this.#invoker.run({ name: 'peerings.update', resource: id, effect: 'repeatable' }, options, (call) =>
        this.#driver.update(id, side, change, call),
      );
      if (options.wait !== false) await this.#quiet(id, side, options);
    }
  }

  /**
   * What of the provider's own settings a reading shows otherwise than declared; asks nobody. Empty: nothing.
   * @param settings what is declared for this peering; the entry's options say the rest
   */
  settingsDrift(peering: Peering, settings: ObjectSettings = {}): readonly SettingDrift[] {
    return this.#driver.settingsDrift?.(peering, settings) ?? [];
  }

  /** Stops traffic without ending the peering, and waits until that is done. Only with capability `suspend`. */
  async suspend(
    id: PeeringId,
    options: WaitingOptions & { readonly side?: PeeringSide; readonly mechanism?: string } = {},
  ): Promise<void> {
    await this.#setSuspended(id, true, options);
  }

  /** Lets traffic through again after `suspend`. Only with capability `suspend`. */
  async resume(
    id: PeeringId,
    options: WaitingOptions & { readonly side?: PeeringSide; readonly mechanism?: string } = {},
  ): Promise<void> {
    await this.#setSuspended(id, false, options);
  }

  /**
   * Ends the peering as far as this side can, and waits until it is gone from this side's sight. Already gone is success.
   * @throws PeerwayError `DeadlineExceeded` when all steps together take longer than the timeout
   */
  async delete(id: PeeringId, options: WaitingOptions & { readonly side?: PeeringSide } = {}): Promise<void> {
    await deleteInSteps(this.#invoker, options, {
      kind: 'peering',
      id,
      step: (seen) => this.requestDelete(id, { ...options, ...(seen === undefined ? {} : { seen }) }),
      find: () => this.find(id, options),
    });
  }

  /**
   * One step of a deletion, without waiting.
   * @param options.seen the last reading, where there is one, and whether routes still point there: each may spare a request
   */
  async requestDelete(id: PeeringId, options: SideOptions & BeforeDelete<Peering> = {}): Promise<DeletionStep> {
    const { side = 'initiator' } = options;
    const before = beforeDelete(options);
    const step = this.#invoker.run({ name: 'peerings.delete', resource: id, effect: 'repeatable' }, options, (call) =>
      this.#driver.delete(id, side, call, before),
    );
    return (await orUndefined(step)) ?? 'missing';
  }

  /**
   * Waits until the peering is active, taking every step that is ours on the way.
   * @param options.until default `settled`
   * @param options.fresh true right after a creation, when not finding it means "not yet"
   * @throws PeerwayError `NotFound` when it is gone; `FailedPrecondition` when it cannot become active any more
   */
  async settle(
    id: PeeringId,
    side: PeeringSide,
    options: WaitingOptions & { readonly until?: CreateTarget; readonly fresh?: boolean } = {},
  ): Promise<Peering> {
    const { clock } = this.#invoker.environment;
    const start = clock.now();
    const tolerate = tolerateStaleReadings(this.#invoker);
    const seen = await this.#invoker.wait(options, {
      what: `peering ${id} to become active`,
      resource: id,
      look: async () => {
        const peering = await this.find(id, { ...options, side });
        if (peering === undefined) return undefined;
        for (const own of this.#ownSides(peering, side)) {
          if (await tolerate(() => this.advance(peering, own, options))) return { peering, moved: true };
        }
        return { peering, moved: false };
      },
      judge: (look) => {
        if (look === undefined) {
          if (options.fresh === true && clock.now() - start < VISIBLE_WITHIN_MS) return { kind: 'retry' };
          return { kind: 'failure', error: new PeerwayError('NotFound', `The peering ${id} is gone`) };
        }
        const { peering, moved } = look;
        if (peering.state === 'active') return { kind: 'success' };
        if (moved) return { kind: 'retry' };
        if (!traitsOf(peering.state).mayBecomeActive) return { kind: 'failure', error: cannotBecomeActive(peering) };
        return nextStep(peering) !== undefined && options.until !== 'active' ? { kind: 'success' } : { kind: 'retry' };
      },
      describe: (look) => look?.peering.nativeState ?? 'not visible',
    });
    if (seen === undefined) throw new PeerwayError('Internal', 'A settled peering was not seen');
    return seen.peering;
  }

  async #accept(id: PeeringId, options: CallOptions, seen?: Peering): Promise<void> {
    this.#requireSomewhere('accept', 'accepting a peering');
    await this.#invoker.run({ name: 'peerings.accept', resource: id, effect: 'repeatable' }, options, (call) =>
      this.#driver.accept(id, call, seen),
    );
  }

  /** The sides of a peering that this provider's account and region own. */
  #ownSides(peering: Peering, side: PeeringSide): PeeringSide[] {
    const own = side === 'initiator' ? peering.initiator : peering.acceptor;
    const other = side === 'initiator' ? peering.acceptor : peering.initiator;
    const both = own.account === other.account && other.region === this.#region;
    return both ? ['initiator', 'acceptor'] : [side];
  }

  async #quiet(id: PeeringId, side: PeeringSide, options: WaitingOptions): Promise<void> {
    await this.#invoker.wait(options, {
      what: `peering ${id} to settle`,
      resource: id,
      look: () => this.get(id, { ...options, side }),
      judge: (peering) =>
        movesByItself(peering) || peering.dnsSync === 'turning-on' || peering.dnsSync === 'turning-off'
          ? { kind: 'retry' }
          : { kind: 'success' },
      describe: (peering) => peering.nativeState,
    });
  }

  async #setSuspended(
    id: PeeringId,
    suspended: boolean,
    options: WaitingOptions & { readonly side?: PeeringSide; readonly mechanism?: string },
  ): Promise<void> {
    const { side = 'initiator', mechanism } = options;
    const { provider } = this.#invoker;
    if (mechanism === undefined) this.#requireSomewhere('suspend', 'suspending a peering');
    else requireSupport(this.mechanism(mechanism).features.suspend, provider, 'suspending a peering');
    await this.#invoker.run(
      { name: suspended ? 'peerings.suspend' : 'peerings.resume', resource: id, effect: 'repeatable' },
      options,
      (call) => this.#driver.update(id, side, { kind: 'suspended', suspended }, call),
    );
    await this.#quiet(id, side, options);
  }

  /** For verbs that know only an id, and so not which mechanism it is of: refused when no mechanism can. */
  #requireSomewhere(feature: PeeringFeature, what: string): void {
    const { mechanisms } = this.#capabilities;
    if (mechanisms.some(({ features }) => features[feature].status === 'supported')) return;
    requireSupport(mechanisms[0].features[feature], this.#invoker.provider, what);
  }

  /** Looks for what a creation with a lost answer may have made; a peering that somebody else made of the pair is not it. */
  async #findMade(input: PeeringCreate, options: CallOptions): Promise<PeeringId | undefined> {
    const query = { between: [input.initiator, input.acceptor.network] as const, mechanism: input.mechanism };
    const made = await this.#invoker.wait(
      { ...options, timeoutMs: STALE_FOR_MS },
      {
        what: `a peering of ${input.initiator} and ${input.acceptor.network} to show`,
        resource: `${input.initiator} → ${input.acceptor.network}`,
        look: async () => {
          for await (const peering of this.list(query, options)) if (answers(peering, input)) return peering.id;
          return undefined;
        },
        judge: (id) => (id === undefined ? { kind: 'retry' } : { kind: 'success' }),
        describe: () => 'not visible',
      },
    );
    return made;
  }
}

/** True when a live peering is what was asked for. Its tags may not show yet, or not in a listing; they must not contradict. */
function answers(peering: Peering, input: PeeringCreate): boolean {
  const sameEnds = peering.initiator.network === input.initiator && peering.acceptor.network === input.acceptor.network;
  const sameName = input.name === undefined || peering.name === input.name;
  const tagsAgree = Object.entries(input.tags).every(([key, value]) => (tagOf(peering.tags, key) ?? value) === value);
  return isLive(peering.state) && sameEnds && sameName && tagsAgree;
}

function cannotBecomeActive(peering: Peering): PeerwayError {
  const reason = peering.reason === undefined ? '' : ` (${peering.reason})`;
  return new PeerwayError(
    'FailedPrecondition',
    `The peering ${peering.id} is ${peering.state}${reason} and will not become active`,
    {
      remedy:
        peering.state === 'inactive'
          ? 'Resume it, or settle the bill, and try again.'
          : 'Delete it and ask for a new one.',
    },
  );
}
