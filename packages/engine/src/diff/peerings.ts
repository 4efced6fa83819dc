/** Compares every declared connection with the peerings of its pair, and says what must happen to the peering itself. */
import { isLeaving, isLive, nextStep, traitsOf, type PeeringSide } from '@peerway/core';
import { misfitOf, openNames, sidedNames } from './attributes.js';
import { diffLabels } from './labels.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { SeenNetwork, SeenPeering } from '../world/observe.js';
import { belongsTo, markerPlace } from '../world/ownership.js';
import { leftRoutes, removeUndeclared } from './undeclaredPeerings.js';
import { creationOf, mechanismFor } from './peeringCreation.js';
import {
  because,
  byLiveliness,
  isFading,
  mechanismOf,
  ownerOfPeering,
  peeringObject,
  shownId,
} from '../world/peeringFacts.js';
import { inTheWay, noteState, remove, type Leaving } from './removePeering.js';
import type { EndProviders, HopSource, StepAction } from '../plan/plan.js';
import type { PeerNetwork } from '../declaration/stack.js';
import { pairKey, type Edge } from '../declaration/topology.js';

/** What becomes of one edge's peering: enough to plan its routes. */
export interface EdgePlan {
  readonly edge: Edge;
  readonly initiator: SeenNetwork;
  readonly acceptor: SeenNetwork;
  /** The peering that stays, if one does. */
  readonly kept?: SeenPeering;
  /** The step after which the peering is active. */
  readonly step?: string;
  /** False when the peering cannot be had (a problem was noted): no routes are planned toward it. */
  readonly usable: boolean;
  /** True when routes exactly as declared came with an adopted peering. */
  readonly adopted: boolean;
  /** Next hop of a route in the network of that name; undefined when the cloud does not show it. */
  hop(network: string): HopSource | undefined;
}

export interface PeeringDiff {
  readonly edges: readonly EdgePlan[];
  readonly leaving: Leaving;
}

export function diffPeerings(input: DiffInput, draft: PlanDraft): PeeringDiff {
  const { world, mode } = input;
  const leaving: Leaving = new Map();
  const kept = new Set<SeenPeering>();
  const edges: EdgePlan[] = [];
  for (const edge of input.edges) {
    const initiator = world.networks.get(edge.initiator);
    const acceptor = world.networks.get(edge.acceptor);
    if (initiator === undefined || acceptor === undefined) continue;
    const found = world.pairs.get(pairKey(initiator.key, acceptor.key)) ?? [];
    if (mode === 'destroy') continue;
    if (!input.targeted(edge.connection)) {
      for (const seen of found) kept.add(seen);
      continue;
    }
    const plan = new EdgeDiff(input, draft, leaving, { edge, initiator, acceptor }).diff(found);
    if (plan.kept !== undefined) kept.add(plan.kept);
    edges.push(plan);
  }
  removeUndeclared(input, draft, kept, leaving);
  return { edges, leaving };
}

/** The acceptor's half waits for the initiator's, whose account and region were read whole and show none. */
const lacksInitiator = (seen: SeenPeering): boolean =>
  mechanismOf(seen)?.handshake === 'mirrored' &&
  seen.peering.seenFrom === 'acceptor' &&
  seen.peering.next !== undefined &&
  seen.providers.initiator !== undefined;

/** One edge against the peerings of its pair. */
class EdgeDiff {
  private readonly edge: Edge;
  private readonly initiator: SeenNetwork;
  private readonly acceptor: SeenNetwork;
  readonly #object: string;

  constructor(
    private readonly input: DiffInput,
    private readonly draft: PlanDraft,
    private readonly leaving: Leaving,
    declared: Pick<EdgePlan, 'edge' | 'initiator' | 'acceptor'>,
  ) {
    const { edge, initiator, acceptor } = declared;
    this.edge = edge;
    this.initiator = initiator;
    this.acceptor = acceptor;
    this.#object = `peering ${edge.connection} (${initiator.id} → ${acceptor.id})`;
  }

  diff(found: readonly SeenPeering[]): EdgePlan {
    const { draft, edge } = this;
    const { connection } = edge;
    const live = found.filter((seen) => isLive(seen.peering.state));
    const owned = live.filter((seen) => this.#isOurs(seen));
    const foreign = live.filter((seen) => !this.#isOurs(seen));
    for (const seen of foreign) if (!this.#isTheirs(seen)) this.#noteForeign(seen);
    const [best, ...rest] = [...owned].sort(byLiveliness);
    if (best === undefined && this.initiator.peer !== undefined) return this.#theirs(live, this.initiator.peer);
    if (best === undefined && foreign.length > 0) return this.#unusable();
    const removals: string[] = [];
    for (const seen of rest) {
      draft.note(
        'peering-duplicate',
        connection,
        peeringObject(seen),
        `${connection} has more than one peering; ${shownId(seen.peering.id)} is not needed`,
      );
      this.#remove(
        seen,
        'delete',
        `the pair already has ${best === undefined ? 'another one' : shownId(best.peering.id)}`,
      );
    }
    if (best !== undefined) {
      const reason = this.#mustReplace(best);
      if (reason === undefined) return this.#keep(best);
      const step = this.#remove(best, 'replace', reason);
      if (step === undefined) return this.#unusable();
      removals.push(step);
      return this.#create(removals, reason);
    }
    let why: string | undefined;
    for (const seen of found) {
      const outcome = this.#clearAway(seen);
      if (outcome === undefined) return this.#unusable();
      if (outcome.step !== undefined) removals.push(outcome.step);
      why ??= outcome.reason;
    }
    if (why === undefined) {
      const ends = [this.initiator, this.acceptor];
      const deleted = leftRoutes(this.input, connection, ends, (seen) => this.#isOurs(seen));
      draft.note(
        deleted ? 'peering-deleted' : 'peering-missing',
        connection,
        this.#object,
        deleted
          ? `${edge.initiator} and ${edge.acceptor} have our routes and no peering: it was deleted`
          : `${edge.initiator} and ${edge.acceptor} are not peered`,
      );
      why = deleted ? 'it was deleted outside of Peerway' : 'it is declared and does not exist';
      return this.#create(removals, why, 'create');
    }
    return this.#create(removals, why);
  }

  /** A terminal or leaving peering of the pair: what must be done about it before a new one. Undefined: it stands in the way. */
  #clearAway(seen: SeenPeering): { readonly step?: string; readonly reason: string } | undefined {
    const { draft, edge } = this;
    const { peering } = seen;
    const object = peeringObject(seen);
    if (isLeaving(peering.state)) {
      // to help the removal along is to delete the other half, which nobody may have asked for
      if (mechanismOf(seen)?.deletableBy === 'each' && !this.#isOurs(seen))
        return inTheWay(draft, seen, edge.connection, 'Plan again when it is gone.');
      draft.note('peering-deleting', edge.connection, object, `${object} is being removed; a new one follows`);
      const step = this.#remove(seen, 'replace', 'it is being removed');
      return step === undefined ? undefined : { step, reason: 'the old one is being removed' };
    }
    const reason = `${object} is ${peering.state}${because(peering)}`;
    noteState(draft, seen, edge.connection, `${reason}; connecting again means a new one`);
    if (isFading(seen)) return { reason };
    if (this.#isOurs(seen)) {
      const step = this.#remove(seen, 'replace', `it is ${peering.state}${because(peering)}`);
      return step === undefined ? undefined : { step, reason };
    }
    const mechanism = mechanismOf(seen);
    const occupies = mechanism?.occupiesPairWhen.some((state) => state === peering.state) ?? true;
    if (!occupies) return { reason };
    // a description belongs to the peering, and a cloud need not change a dead one; tags stand beside it
    const adoptable = mechanism !== undefined && markerPlace(mechanism.features).decides === 'tags';
    const adopt = adoptable ? `, or run \`peerway adopt ${edge.connection}\`` : '';
    return inTheWay(draft, seen, edge.connection, `Delete it in the cloud${adopt} and apply again.`);
  }

  /** What the account named for the initiator has asked of our network, and nobody else. */
  #isTheirs({ keys, peering }: SeenPeering): boolean {
    const { peer, key } = this.initiator;
    const { account, region } = peering.initiator;
    return peer !== undefined && keys.initiator === key && account === peer.account && region === peer.region;
  }

  /** Their request is theirs: it is agreed to and gets our routes, and is neither marked nor ever removed by us. */
  #theirs(live: readonly SeenPeering[], { account }: PeerNetwork): EdgePlan {
    const { draft, edge } = this;
    const [asked] = live.filter((seen) => this.#isTheirs(seen)).sort(byLiveliness);
    if (asked !== undefined) return this.#keep(asked);
    if (live.length === 0) {
      const waits = `the account ${account} has not asked for a peering of ${edge.initiator} and ${edge.acceptor} yet`;
      draft.note('peering-missing', edge.connection, this.#object, waits);
      draft.warn(
        'not-asked-yet',
        edge.connection,
        `${waits}, so there is nothing to agree to`,
        'Tell its owner, and apply when the request is there.',
      );
    }
    return this.#unusable();
  }

  #isOurs(seen: SeenPeering): boolean {
    return belongsTo(ownerOfPeering(seen, this.input.stack.name), this.edge.connection);
  }

  #noteForeign(seen: SeenPeering): void {
    const { draft, edge } = this;
    const owner = ownerOfPeering(seen, this.input.stack.name);
    const object = peeringObject(seen);
    if (owner.kind === 'other') {
      draft.note(
        'peering-of-other-stack',
        edge.connection,
        object,
        `${object} joins the pair and belongs to the stack ${owner.marker.stack}`,
      );
      draft.error(
        'other-stack',
        edge.connection,
        `${edge.initiator} and ${edge.acceptor} are joined by ${object} of the stack ${owner.marker.stack}`,
        `Remove ${edge.connection} here, or release it there and adopt it here.`,
      );
      return;
    }
    draft.note('peering-unmarked', edge.connection, object, `${object} joins the pair and is not ours`);
    draft.error(
      'foreign-peering',
      edge.connection,
      `${edge.initiator} and ${edge.acceptor} are joined already by ${object}, which is not ours`,
      `Run \`peerway adopt ${edge.connection}\` to take it over, or remove the connection.`,
    );
  }

  #mustReplace(seen: SeenPeering): string | undefined {
    const { draft, edge } = this;
    const { peering } = seen;
    const object = peeringObject(seen);
    const declared = edge.spec.peering.mechanism;
    if (declared !== undefined && declared !== peering.mechanism) {
      draft.note(
        'peering-mechanism',
        edge.connection,
        object,
        `${object} is made by ${peering.mechanism}; ${declared} is declared`,
      );
      return `it is made by ${peering.mechanism} and ${declared} is declared`;
    }
    if ((peering.reason === 'peer-missing' && peering.next === undefined) || lacksInitiator(seen)) {
      draft.note('peering-half-missing', edge.connection, object, `the other half of ${object} is gone`);
      return 'its other half is gone';
    }
    if (peering.reason === 'half-made' && peering.next === undefined) {
      draft.note('peering-half-made', edge.connection, object, `${object} exists in part and cannot be finished`);
      return 'it exists in part and cannot be finished';
    }
    const owner = ownerOfPeering(seen, this.input.stack.name);
    const misfit = misfitOf(edge, seen, owner);
    if (misfit !== undefined)
      draft.note('setting-changed', edge.connection, object, `${object} is replaced: ${misfit}`);
    return misfit;
  }

  #keep(seen: SeenPeering): EdgePlan {
    const { draft, edge } = this;
    const { peering } = seen;
    const { connection } = edge;
    const object = peeringObject(seen);
    const owner = ownerOfPeering(seen, this.input.stack.name);
    const adopted = owner.kind !== 'none' && owner.marker.adopted;
    let step: string | undefined;
    let usable = true;
    const next = nextStep(peering);
    const { waitsFor } = traitsOf(peering.state);
    if (next !== undefined) {
      const accepting = next.verb === 'accept';
      const kind: DriftKind = accepting
        ? 'peering-pending-acceptance'
        : peering.reason === 'half-made'
          ? 'peering-half-made'
          : 'peering-step-missing';
      draft.note(
        kind,
        connection,
        object,
        accepting
          ? `${object} waits for the acceptor ${edge.acceptor}`
          : `a step of making ${object} is still to be taken`,
      );
      const left = next.side === seen.peer && this.#peer?.awaited !== true;
      if (!left)
        step = this.#settle(
          seen,
          accepting ? 'accept' : 'update',
          accepting ? 'the acceptor has not agreed yet' : 'a step of the handshake is still to be taken',
        );
      usable = step !== undefined;
    } else if (waitsFor === 'cloud') {
      noteState(draft, seen, connection, `${object} is ${peering.nativeState}`);
      step = this.#settle(seen, 'update', `it is ${peering.state}`);
    } else if (waitsFor === 'owner') {
      step = this.#resume(seen);
      usable = step !== undefined;
    } else if (
      peering.initiator.nextHop === undefined &&
      peering.acceptor.nextHop === undefined &&
      edge.spec.routes !== 'none'
    ) {
      draft.note('next-hop-missing', connection, object, `${object} is active and shows no next hop`);
    }
    const names = sidedNames(edge, seen, this.initiator.key);
    const labelled =
      owner.kind === 'none' ? [] : diffLabels(draft, this.input, { edge, seen, owner, names, object: this.#object });
    if (step !== undefined) for (const update of labelled) draft.need(update, step);
    return this.#plan({
      kept: seen,
      usable,
      adopted,
      ...(step === undefined ? {} : { step }),
    });
  }

  #settle(seen: SeenPeering, action: StepAction, reason: string): string | undefined {
    const providers = this.#providersOf(seen);
    const { peering } = seen;
    if (providers === undefined) return undefined;
    return this.draft.add({
      id: `peering ${this.edge.connection} ${peering.id} settle`,
      action,
      object: this.#object,
      connection: this.edge.connection,
      reason,
      work: {
        verb: 'peering.settle',
        providers,
        mechanism: peering.mechanism,
        peering: peering.id,
        networks: [peering.initiator.network, peering.acceptor.network],
      },
    });
  }

  #resume(seen: SeenPeering): string | undefined {
    const { draft, edge } = this;
    const { peering } = seen;
    const object = peeringObject(seen);
    if (peering.reason === 'suspended' && mechanismOf(seen)?.features.suspend.status === 'supported') {
      draft.note('peering-suspended', edge.connection, object, `${object} is switched off`);
      return this.#settle(seen, 'update', 'it is switched off');
    }
    const billing = peering.reason === 'billing';
    draft.note(
      billing ? 'peering-billing-locked' : 'peering-inactive',
      edge.connection,
      object,
      `${object} is ${peering.nativeState}${because(peering)}`,
    );
    draft.error(
      'not-ours-to-fix',
      edge.connection,
      `${object} is inactive${because(peering)}, and Peerway cannot change that`,
      billing
        ? 'Settle the bill of its account, then run again.'
        : 'Look at it in the cloud’s console, then run again.',
    );
    return undefined;
  }

  #create(
    needs: readonly string[],
    reason: string,
    action: StepAction = needs.length > 0 ? 'replace' : 'create',
  ): EdgePlan {
    const { edge, input, initiator, acceptor, draft } = this;
    const { connection } = edge;
    const work = creationOf(edge, initiator, acceptor, input);
    // what is missing is noted by the prechecks
    if (work === undefined) return this.#unusable();
    const id = `peering ${connection} create`;
    draft.add({ id, action, object: this.#object, connection, reason, work }, needs);
    const how = mechanismFor(edge, initiator.provider, undefined);
    // nobody waits for them, so nobody knows now when routes can lead there, or names can be opened
    const left = acceptor.peer !== undefined && acceptor.peer.awaited !== true;
    if (how !== undefined && !left)
      openNames(draft, { edge, object: this.#object, mechanism: how }, id, work.providers);
    return this.#plan({ usable: !left, adopted: false, step: id });
  }

  get #peer(): PeerNetwork | undefined {
    return this.initiator.peer ?? this.acceptor.peer;
  }

  #plan(parts: Pick<EdgePlan, 'usable' | 'adopted'> & Partial<Pick<EdgePlan, 'kept' | 'step'>>): EdgePlan {
    const { edge, initiator, acceptor } = this;
    return {
      edge,
      initiator,
      acceptor,
      ...parts,
      hop: (network) => {
        const kept = parts.kept;
        if (kept === undefined) {
          if (parts.step === undefined) return undefined;
          return { kind: 'peering', step: parts.step, side: network === edge.initiator ? 'initiator' : 'acceptor' };
        }
        // an existing peering may have been asked for from the other end
        const key = network === edge.initiator ? initiator.key : acceptor.key;
        const side: PeeringSide = kept.keys.initiator === key ? 'initiator' : 'acceptor';
        const nextHop = kept.peering[side].nextHop;
        if (nextHop !== undefined) return { kind: 'known', nextHop };
        return parts.step === undefined ? undefined : { kind: 'peering', step: parts.step, side };
      },
    };
  }

  #unusable(): EdgePlan {
    return this.#plan({ usable: false, adopted: false });
  }

  #remove(seen: SeenPeering, action: StepAction, reason: string): string | undefined {
    return remove(this.draft, this.leaving, seen, { connection: this.edge.connection, action, reason });
  }

  #providersOf(seen: SeenPeering): EndProviders | undefined {
    const { initiator, acceptor } = seen.providers;
    if (initiator !== undefined && acceptor !== undefined)
      return { initiator: initiator.name, acceptor: acceptor.name };
    const ours = initiator ?? acceptor;
    if (seen.peer !== undefined && ours !== undefined) {
      const awaited = this.#peer?.awaited;
      const peer = { side: seen.peer, ...(awaited === undefined ? {} : { awaited }) };
      return { initiator: ours.name, acceptor: ours.name, peer };
    }
    this.draft.error(
      'wrong-side',
      this.edge.connection,
      `No provider entry owns both ends of ${peeringObject(seen)}`,
      'Add a provider entry for the account and region of each end.',
    );
    return undefined;
  }
}
