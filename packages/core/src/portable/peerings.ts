/** Peerings as users hold them: validation, capability gate, idempotency, waiting and multi-step handshakes over a driver. */
import type { MechanismCapabilities, ProviderCapabilities } from '../driver/capabilities.js';
import type {
  DeleteProgress,
  PeeringChange,
  PeeringCreate,
  PeeringDriver,
  PeeringQuery,
  PeeringTarget,
} from '../driver/driver.js';
import { isPeerwayError, PeerwayError } from '../errors/error.js';
import type { NetworkId, PeeringId } from '../model/ids.js';
import {
  TERMINAL_STATES,
  TRANSITIONAL_STATES,
  type Peering,
  type PeeringEnd,
  type PeeringSide,
  type Tags,
} from '../model/peering.js';
import { requireBandwidth, requireLength, requireSupport, requireTags } from './gate.js';
import type { CallOptions, WaitingOptions } from './environment.js';
import { orUndefined, type Invoker } from './invoker.js';

export interface PeeringRequest {
  /** A network of this provider's account and region. */
  readonly initiator: NetworkId;
  readonly acceptor: PeeringTarget;
  /** Default: the provider's first mechanism. */
  readonly mechanism?: string;
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  /** Default: a fresh one. Give your own to make the creation idempotent over restarts; at most 64 ASCII characters. */
  readonly clientToken?: string;
}

export interface PeeringUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Tags to add or overwrite. */
  readonly setTags?: Tags;
  readonly removeTags?: readonly string[];
  readonly deletionProtection?: boolean;
  readonly dnsSync?: boolean;
}

export interface SideOptions extends CallOptions {
  /** The end this provider stands on. Default `initiator`. Matters where one account owns both ends or a cloud shows two views. */
  readonly side?: PeeringSide;
}

/** `settled`: active, or nothing more that this provider can do (the other account must act). */
export type CreateTarget = 'settled' | 'active';

/** A peering may be unreadable for a moment after its creation. */
const VISIBLE_WITHIN_MS = 30_000;

export class Peerings {
  readonly #driver: PeeringDriver;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities;
  readonly #region: string;

  constructor(driver: PeeringDriver, invoker: Invoker, capabilities: ProviderCapabilities, region: string) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
    this.#region = region;
  }

  /** The mechanism of that name, or the default one. @throws PeerwayError `InvalidArgument` naming those there are */
  mechanism(name?: string): MechanismCapabilities {
    if (name === undefined) return this.#capabilities.mechanisms[0];
    const found = this.#capabilities.mechanisms.find((mechanism) => mechanism.name === name);
    if (found !== undefined) return found;
    throw new PeerwayError('InvalidArgument', `${this.#invoker.provider} has no mechanism ${JSON.stringify(name)}`, {
      provider: this.#invoker.provider,
      remedy: `Choose one of ${this.#capabilities.mechanisms.map((mechanism) => mechanism.name).join(', ')}.`,
    });
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

  /** Asks for a peering and does not wait. Safe against a lost answer: the token stays the same, and a pair found made is read back. */
  async request(request: PeeringRequest, options: CallOptions = {}): Promise<PeeringId> {
    const input = this.#validated(request);
    const support = this.mechanism(request.mechanism).features.clientToken;
    const resource = `${input.initiator} → ${input.acceptor.network}`;
    let doubtful = false;
    try {
      return await this.#invoker.run(
        { name: 'peerings.create', resource, repeatable: support.status === 'supported', ...options },
        async (call) => {
          try {
            return await this.#driver.create(input, call);
          } catch (error) {
            if (isPeerwayError(error) && error.details.outcome === 'unknown') doubtful = true;
            throw error;
          }
        },
      );
    } catch (error) {
      // an earlier try may have made it although its answer was lost
      if (
        doubtful &&
        isPeerwayError(error) &&
        (error.code === 'AlreadyExists' || error.details.outcome === 'unknown')
      ) {
        const made = await this.#findPair(input, options);
        if (made !== undefined) return made.id;
      }
      throw error;
    }
  }

  /** Lets the cloud check a creation without doing it. @throws what `create` would */
  async dryRun(request: PeeringRequest, options: CallOptions = {}): Promise<void> {
    const input = this.#validated(request);
    const mechanism = this.mechanism(request.mechanism);
    requireSupport(mechanism.features.dryRun, this.#invoker.provider, 'a dry run of a peering');
    const run = this.#driver.dryRun?.bind(this.#driver);
    if (run === undefined) throw missingMember(this.#invoker.provider, 'peerings.dryRun');
    await this.#invoker.run({ name: 'peerings.dryRun', repeatable: true, ...options }, (call) => run(input, call));
  }

  /** @throws PeerwayError `NotFound` when it is gone, or shown only as a tombstone */
  async get(id: PeeringId, options: SideOptions = {}): Promise<Peering> {
    const { side = 'initiator', ...rest } = options;
    const peering = await this.#invoker.run({ name: 'peerings.get', resource: id, repeatable: true, ...rest }, (call) =>
      this.#driver.get(id, side, call),
    );
    if (peering.state !== 'deleted') return peering;
    throw new PeerwayError('NotFound', `The peering ${id} is deleted`, {
      provider: this.#invoker.provider,
      resource: id,
    });
  }

  async find(id: PeeringId, options: SideOptions = {}): Promise<Peering | undefined> {
    return orUndefined(this.get(id, options));
  }

  /** Each peering once, the readings of its two sides merged where the cloud shows both. */
  async *list(query: PeeringQuery = {}, options: CallOptions = {}): AsyncGenerator<Peering> {
    const readings = await this.#invoker.pages({ name: 'peerings.list', ...options }, (cursor, call) =>
      this.#driver.list(query, cursor, call),
    );
    const merged = new Map<PeeringId, Peering>();
    for (const reading of readings) {
      if (reading.state === 'deleted') continue;
      const known = merged.get(reading.id);
      merged.set(reading.id, known === undefined ? reading : mergeSides(known, reading));
    }
    yield* merged.values();
  }

  /** Makes the acceptor's end agree and waits until nothing is left that this provider can do. Already active is success. */
  async accept(id: PeeringId, options: WaitingOptions & { readonly wait?: boolean } = {}): Promise<void> {
    await this.#invoker.run({ name: 'peerings.accept', resource: id, repeatable: true, ...signalOf(options) }, (call) =>
      this.#driver.accept(id, call),
    );
    if (options.wait !== false) await this.settle(id, 'acceptor', options);
  }

  async reject(id: PeeringId, options: CallOptions = {}): Promise<void> {
    const mechanism = this.#capabilities.mechanisms.find(
      (candidate) => candidate.features.reject.status === 'supported',
    );
    if (mechanism === undefined)
      requireSupport(this.mechanism().features.reject, this.#invoker.provider, 'rejecting a peering');
    await this.#invoker.run({ name: 'peerings.reject', resource: id, repeatable: false, ...options }, (call) =>
      this.#driver.reject(id, call),
    );
  }

  /**
   * Takes the next step of a handshake when it is this provider's to take; does not wait.
   * @returns false when there is nothing to do here now
   */
  async advance(peering: Peering, side: PeeringSide, options: CallOptions = {}): Promise<boolean> {
    const next = peering.next;
    if (next === undefined || next.side !== side) return false;
    if (next.verb === 'accept') {
      await this.accept(peering.id, { ...options, wait: false });
      return true;
    }
    const step = this.#driver.continue?.bind(this.#driver);
    if (step === undefined) throw missingMember(this.#invoker.provider, 'peerings.continue');
    await this.#invoker.run({ name: 'peerings.continue', resource: peering.id, repeatable: true, ...options }, (call) =>
      step(peering.id, side, call),
    );
    return true;
  }

  /** Applies the changes one after the other, and waits until the cloud has settled each. An empty update does nothing. */
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
    for (const change of this.#changes(update, this.mechanism(options.mechanism))) {
      await this.#invoker.run(
        { name: 'peerings.update', resource: id, repeatable: true, ...signalOf(options) },
        (call) => this.#driver.update(id, side, change, call),
      );
      if (options.wait !== false) await this.#quiet(id, side, options);
    }
  }

  /** Stops traffic without ending the peering. Only with capability `suspend`. */
  async suspend(
    id: PeeringId,
    options: WaitingOptions & { readonly side?: PeeringSide; readonly mechanism?: string } = {},
  ): Promise<void> {
    await this.#setSuspended(id, true, options);
  }

  async resume(
    id: PeeringId,
    options: WaitingOptions & { readonly side?: PeeringSide; readonly mechanism?: string } = {},
  ): Promise<void> {
    await this.#setSuspended(id, false, options);
  }

  /** Ends the peering as far as this side can, and waits until it is gone. Already gone is success. */
  async delete(id: PeeringId, options: WaitingOptions & { readonly side?: PeeringSide } = {}): Promise<void> {
    const { side = 'initiator' } = options;
    for (;;) {
      const progress = await this.requestDelete(id, { side, ...signalOf(options) });
      if (progress === 'gone') return;
      const left = await this.#invoker.wait(options, {
        what: `peering ${id} to go`,
        look: () => this.find(id, { side, ...signalOf(options) }),
        judge: (seen) => {
          if (seen === undefined) return { kind: 'success' };
          if (progress === 'continue' && !TRANSITIONAL_STATES.has(seen.state)) return { kind: 'success' };
          return { kind: 'retry' };
        },
        describe: (seen) => seen?.nativeState ?? 'gone',
      });
      if (left === undefined) return;
    }
  }

  /** One step of a deletion, without waiting. Already gone is `gone`. */
  async requestDelete(id: PeeringId, options: SideOptions = {}): Promise<DeleteProgress> {
    const { side = 'initiator', ...rest } = options;
    try {
      return await this.#invoker.run({ name: 'peerings.delete', resource: id, repeatable: true, ...rest }, (call) =>
        this.#driver.delete(id, side, call),
      );
    } catch (error) {
      if (isPeerwayError(error, 'NotFound')) return 'gone';
      throw error;
    }
  }

  /**
   * Waits until the peering is active, taking every step that is ours on the way.
   * @param options.until default `settled`
   * @param options.fresh true right after a creation, when not finding it means "not yet"
   */
  async settle(
    id: PeeringId,
    side: PeeringSide,
    options: WaitingOptions & { readonly until?: CreateTarget; readonly fresh?: boolean } = {},
  ): Promise<Peering> {
    const { clock } = this.#invoker.environment;
    const start = clock.now();
    const seen = await this.#invoker.wait(options, {
      what: `peering ${id} to become active`,
      look: async () => {
        const peering = await this.find(id, { side, ...signalOf(options) });
        if (peering === undefined) return undefined;
        for (const own of this.#ownSides(peering, side)) {
          if (await this.advance(peering, own, signalOf(options))) return { peering, moved: true };
        }
        return { peering, moved: false };
      },
      judge: (look) => {
        if (look === undefined) {
          if (options.fresh === true && clock.now() - start < VISIBLE_WITHIN_MS) return { kind: 'retry' };
          return {
            kind: 'failure',
            error: new PeerwayError('NotFound', `The peering ${id} is gone`, { resource: id }),
          };
        }
        const { peering, moved } = look;
        if (peering.state === 'active') return { kind: 'success' };
        if (moved) return { kind: 'retry' };
        if (TERMINAL_STATES.has(peering.state) || peering.state === 'deleting' || peering.state === 'inactive') {
          return { kind: 'failure', error: deadEnd(peering) };
        }
        const waitsForOthers = peering.state === 'pending-acceptance' || peering.next !== undefined;
        return waitsForOthers && options.until !== 'active' ? { kind: 'success' } : { kind: 'retry' };
      },
      describe: (look) => look?.peering.nativeState ?? 'not visible',
    });
    if (seen === undefined) throw new PeerwayError('Internal', 'A settled peering was not seen');
    return seen.peering;
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
      look: () => this.get(id, { side, ...signalOf(options) }),
      judge: (peering) =>
        TRANSITIONAL_STATES.has(peering.state) || peering.dnsSync === 'turning-on' || peering.dnsSync === 'turning-off'
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
    const { side = 'initiator' } = options;
    const able = this.#capabilities.mechanisms.some((mechanism) => mechanism.features.suspend.status === 'supported');
    if (!able || options.mechanism !== undefined) {
      requireSupport(
        this.mechanism(options.mechanism).features.suspend,
        this.#invoker.provider,
        'suspending a peering',
      );
    }
    await this.#invoker.run(
      {
        name: suspended ? 'peerings.suspend' : 'peerings.resume',
        resource: id,
        repeatable: true,
        ...signalOf(options),
      },
      (call) => this.#driver.update(id, side, { kind: 'suspended', suspended }, call),
    );
    await this.#quiet(id, side, options);
  }

  async #findPair(input: PeeringCreate, options: CallOptions): Promise<Peering | undefined> {
    const query = { between: [input.initiator, input.acceptor.network] as const, mechanism: input.mechanism };
    for await (const peering of this.list(query, options)) {
      if (!TERMINAL_STATES.has(peering.state) && peering.state !== 'deleting') return peering;
    }
    return undefined;
  }

  #validated(request: PeeringRequest): PeeringCreate {
    const provider = this.#invoker.provider;
    const mechanism = this.mechanism(request.mechanism);
    const { features, limits } = mechanism;
    const { acceptor } = request;
    if (acceptor.network === request.initiator) {
      throw new PeerwayError('InvalidArgument', `${request.initiator} cannot be peered with itself`, {
        remedy: 'Name two different networks.',
      });
    }
    if (acceptor.region !== this.#region) requireSupport(features.crossRegion, provider, 'peering across regions');
    if (acceptor.account !== undefined) requireLength(acceptor.account, { min: 1, max: 64 }, 'account');
    if (request.name !== undefined) requireSupport(features.name, provider, 'naming a peering');
    if (request.description !== undefined) requireSupport(features.description, provider, 'describing a peering');
    if (request.tags !== undefined && Object.keys(request.tags).length > 0)
      requireSupport(features.tags, provider, 'tags on a peering');
    requireLength(request.name, limits.nameLength, 'name');
    requireLength(request.description, limits.descriptionLength, 'description');
    requireTags(request.tags ?? {}, limits.tags);
    this.#requireBandwidthRule(request, mechanism);
    const clientToken = request.clientToken ?? this.#invoker.token();
    if (!/^[\x21-\x7e]{1,64}$/.test(clientToken)) {
      throw new PeerwayError('InvalidArgument', 'clientToken does not fit', {
        remedy: 'Use 1 to 64 printable ASCII characters.',
      });
    }
    return {
      mechanism: mechanism.name,
      initiator: request.initiator,
      acceptor,
      tags: request.tags ?? {},
      clientToken,
      ...(request.name === undefined ? {} : { name: request.name }),
      ...(request.description === undefined ? {} : { description: request.description }),
      ...(request.bandwidthMbps === undefined ? {} : { bandwidthMbps: request.bandwidthMbps }),
    };
  }

  #requireBandwidthRule(request: PeeringRequest, mechanism: MechanismCapabilities): void {
    const { bandwidthMbps, acceptor } = request;
    const sameRegion = acceptor.region === this.#region;
    if (bandwidthMbps === undefined) {
      if (mechanism.bandwidth !== 'required') return;
      throw new PeerwayError('InvalidArgument', `A ${mechanism.name} peering needs bandwidthMbps`, {
        provider: this.#invoker.provider,
        remedy: 'Add bandwidthMbps, in megabits per second.',
      });
    }
    requireSupport(mechanism.features.bandwidth, this.#invoker.provider, 'choosing the bandwidth of a peering');
    if (mechanism.bandwidth === 'crossRegion' && sameRegion) {
      throw new PeerwayError(
        'InvalidArgument',
        `A ${mechanism.name} peering inside one region takes no bandwidthMbps`,
        {
          provider: this.#invoker.provider,
          remedy: 'Leave bandwidthMbps out, or peer networks of two regions.',
        },
      );
    }
    requireBandwidth(bandwidthMbps, mechanism.limits.bandwidthMbps);
  }

  #changes(update: PeeringUpdate, mechanism: MechanismCapabilities): PeeringChange[] {
    const provider = this.#invoker.provider;
    const { features, limits } = mechanism;
    const changes: PeeringChange[] = [];
    const { name, description, bandwidthMbps, setTags, removeTags, deletionProtection, dnsSync } = update;
    if (name !== undefined || description !== undefined) {
      if (name !== undefined) requireSupport(features.name, provider, 'naming a peering');
      if (description !== undefined) requireSupport(features.description, provider, 'describing a peering');
      requireLength(name, limits.nameLength, 'name');
      requireLength(description, limits.descriptionLength, 'description');
      changes.push({
        kind: 'labels',
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
      });
    }
    if (setTags !== undefined || removeTags !== undefined) {
      requireSupport(features.retag, provider, 'changing the tags of a peering');
      requireTags(setTags ?? {}, limits.tags);
      changes.push({ kind: 'tags', set: setTags ?? {}, remove: removeTags ?? [] });
    }
    if (bandwidthMbps !== undefined) {
      requireSupport(features.resize, provider, 'changing the bandwidth of a peering');
      requireBandwidth(bandwidthMbps, limits.bandwidthMbps);
      changes.push({ kind: 'bandwidth', bandwidthMbps });
    }
    if (deletionProtection !== undefined) {
      requireSupport(features.deletionProtection, provider, 'deletion protection of a peering');
      changes.push({ kind: 'deletionProtection', enabled: deletionProtection });
    }
    if (dnsSync !== undefined) {
      requireSupport(features.dnsSync, provider, 'DNS synchronisation of a peering');
      changes.push({ kind: 'dnsSync', enabled: dnsSync });
    }
    return changes;
  }
}

/** One picture from the readings of both sides: the initiator's, with the next hops and prefixes that only the other shows. */
export function mergeSides(a: Peering, b: Peering): Peering {
  const [base, other] = a.seenFrom === 'initiator' ? [a, b] : [b, a];
  const end = (mine: PeeringEnd, theirs: PeeringEnd): PeeringEnd => ({
    ...mine,
    ...(mine.cidrs === undefined && theirs.cidrs !== undefined ? { cidrs: theirs.cidrs } : {}),
    ...(mine.nextHop === undefined && theirs.nextHop !== undefined ? { nextHop: theirs.nextHop } : {}),
  });
  return { ...base, initiator: end(base.initiator, other.initiator), acceptor: end(base.acceptor, other.acceptor) };
}

function deadEnd(peering: Peering): PeerwayError {
  const reason = peering.reason === undefined ? '' : ` (${peering.reason})`;
  return new PeerwayError(
    'FailedPrecondition',
    `The peering ${peering.id} is ${peering.state}${reason} and will not become active`,
    {
      resource: peering.id,
      remedy:
        peering.state === 'inactive'
          ? 'Resume it, or settle the bill, and try again.'
          : 'Delete it and ask for a new one.',
    },
  );
}

export function missingMember(provider: string, member: string): PeerwayError {
  return new PeerwayError('Internal', `The ${provider} driver claims ${member} and does not have it`, {
    provider,
    remedy: 'This is a defect of the provider package; the conformance kit shows it.',
  });
}

const signalOf = (options: CallOptions): CallOptions =>
  options.signal === undefined ? {} : { signal: options.signal };
