/** The lifecycle that peerings, links and routes share over all clouds, and what each state means: everybody who decides by a state reads it here. */

/** Neutral lifecycle, shared by Peering and Link. The cloud's own word stays beside it as `nativeState`. */
export type LifecycleState =
  | 'provisioning' // the cloud is making it; or it waits for our own next step, see `next`
  | 'pending-acceptance' // the acceptor must act
  | 'active' // agreed by both ends; carries traffic once routes are there
  | 'updating'
  | 'inactive' // agreed once, carries no traffic now; see `reason`
  | 'rejected'
  | 'expired' // nobody accepted in time, or the paid term ended; see `reason`
  | 'failed'
  | 'deleting'
  | 'deleted'; // a tombstone still shown by the cloud; treat as gone

/** What a state means for whoever looks at a peering or a link in it. */
export interface StateTraits {
  /** `live`: it stands. `leaving`: it is being removed. `terminal`: nothing moves any more, and connecting again means a new object. */
  readonly stage: 'live' | 'leaving' | 'terminal';
  /**
   * Who must act before it changes. `cloud`: it leaves the state by itself. `owner`: somebody must resume it, pay, or delete
   * it and ask again. `nobody`: it is what it should be, or gone.
   */
  readonly waitsFor: 'cloud' | 'acceptor' | 'owner' | 'nobody';
  /** Whether waiting, or an acceptance, can still make it active. False where only an owner's own act could. */
  readonly mayBecomeActive: boolean;
  /** Which of several peerings of one pair counts: the lowest. Each state has its own number. */
  readonly rank: number;
  /** What a status shows: it carries traffic, it is on its way somewhere, or it needs attention. */
  readonly health: 'connected' | 'pending' | 'broken';
}

/** Every state and what it means. A new state does not compile until its row stands here. */
const LIFECYCLE = {
  provisioning: { stage: 'live', waitsFor: 'cloud', mayBecomeActive: true, rank: 2, health: 'pending' },
  'pending-acceptance': { stage: 'live', waitsFor: 'acceptor', mayBecomeActive: true, rank: 3, health: 'pending' },
  active: { stage: 'live', waitsFor: 'nobody', mayBecomeActive: true, rank: 0, health: 'connected' },
  updating: { stage: 'live', waitsFor: 'cloud', mayBecomeActive: true, rank: 1, health: 'pending' },
  inactive: { stage: 'live', waitsFor: 'owner', mayBecomeActive: false, rank: 4, health: 'broken' },
  rejected: { stage: 'terminal', waitsFor: 'owner', mayBecomeActive: false, rank: 6, health: 'broken' },
  expired: { stage: 'terminal', waitsFor: 'owner', mayBecomeActive: false, rank: 7, health: 'broken' },
  failed: { stage: 'terminal', waitsFor: 'owner', mayBecomeActive: false, rank: 8, health: 'broken' },
  deleting: { stage: 'leaving', waitsFor: 'cloud', mayBecomeActive: false, rank: 5, health: 'pending' },
  deleted: { stage: 'terminal', waitsFor: 'nobody', mayBecomeActive: false, rank: 9, health: 'broken' },
} as const satisfies Record<LifecycleState, StateTraits>;

/** All states, in the order of a life. */
export const LIFECYCLE_STATES = Object.keys(LIFECYCLE) as readonly LifecycleState[];

/** What a state means. */
export const traitsOf = (state: LifecycleState): StateTraits => LIFECYCLE[state];

/** The states in which an object stays although no traffic will ever flow; `deleted` is not among them, it is gone. */
export type DeadState = Exclude<
  { [S in LifecycleState]: (typeof LIFECYCLE)[S]['stage'] extends 'terminal' ? S : never }[LifecycleState],
  'deleted'
>;

/** True for a state in which nothing moves any more: connecting again means a new object. */
export const isTerminal = (state: LifecycleState): boolean => LIFECYCLE[state].stage === 'terminal';

/** True for a state that the cloud leaves by itself. */
export const isTransitional = (state: LifecycleState): boolean => LIFECYCLE[state].waitsFor === 'cloud';

/** True while the cloud is at work and waits for nobody: looking again is all there is to do. */
export const movesByItself = (reading: { readonly state: LifecycleState; readonly next?: unknown }): boolean =>
  isTransitional(reading.state) && reading.next === undefined;

/** True for what stands: neither terminal nor being removed. */
export const isLive = (state: LifecycleState): boolean => LIFECYCLE[state].stage === 'live';

/** True for what is being removed. */
export const isLeaving = (state: LifecycleState): boolean => LIFECYCLE[state].stage === 'leaving';

/** True while the cloud is making or changing it, and not removing it. */
export const isInProgress = (state: LifecycleState): boolean => isLive(state) && isTransitional(state);

/** The reasons that a state may have, where it has several causes. */
interface StateReasons {
  /** Only a part of the cloud objects exists, e.g. after a crash. */
  readonly provisioning: 'half-made';
  readonly 'pending-acceptance': 'half-made';
  readonly active: never;
  readonly updating: 'peer-missing'; // the other half is gone, so nothing comes of it
  readonly inactive:
    | 'billing' // locked for lack of payment
    | 'suspended' // switched off by an owner
    | 'peer-missing' // the other half is gone
    | 'administrative'; // switched off by the cloud
  readonly rejected: 'rejected-or-expired'; // the cloud does not tell which (Baidu `consult_failed`)
  readonly expired: 'acceptance-timeout' | 'term-ended';
  readonly failed: never;
  readonly deleting: never;
  readonly deleted: never;
}

/** Why a state holds, where one state has several causes. */
export type StateReason = StateReasons[LifecycleState];

/** The states in which the cloud may wait for a step of ours. */
type SteppingState = 'provisioning' | 'pending-acceptance';

/**
 * Where a peering or link is in its life: its state, why, and the step that the cloud waits for. Only what belongs together
 * compiles: no reason beside `active`, no next step beside `deleting`.
 */
export type Standing<Next> = {
  readonly [S in LifecycleState]: {
    readonly state: S;
    readonly reason?: StateReasons[S];
    readonly next?: S extends SteppingState ? Next : never;
  };
}[LifecycleState];

/** State, reason and next step of a reading, and nothing else of it. */
export function standingOf<Next>(reading: Standing<Next>): Standing<Next> {
  const { state, reason, next } = reading;
  // the three come from one reading, so they belong together
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(next === undefined ? {} : { next }),
  } as Standing<Next>;
}

/**
 * `blackhole`: the route is there and its target is not, so traffic is dropped. `filtered`: the cloud keeps the route and does not
 * use it, by a rule of its own or of an owner; writing it again changes nothing.
 */
export type RouteState = 'provisioning' | 'active' | 'blackhole' | 'filtered' | 'deleting';

/** What the state of a route means. */
export interface RouteStateTraits {
  /** The cloud is done with it, for good or ill. */
  readonly settled: boolean;
  /** It is being removed. */
  readonly leaving: boolean;
  /** Whether traffic passes: now, soon, or not. */
  readonly carries: 'yes' | 'soon' | 'no';
}

const ROUTES: Record<RouteState, RouteStateTraits> = {
  provisioning: { settled: false, leaving: false, carries: 'soon' },
  active: { settled: true, leaving: false, carries: 'yes' },
  blackhole: { settled: true, leaving: false, carries: 'no' },
  filtered: { settled: true, leaving: false, carries: 'no' },
  deleting: { settled: false, leaving: true, carries: 'no' },
};

/** What the state of a route means. */
export const routeTraits = (state: RouteState): RouteStateTraits => ROUTES[state];
