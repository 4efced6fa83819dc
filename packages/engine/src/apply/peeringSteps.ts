/** The steps on peerings, in this process: ask, take every step of the handshake on whichever side must, wait together with others. */
import { isDeepStrictEqual } from 'node:util';
import {
  isPeerwayError,
  mergeSides,
  otherSide,
  PEERING_SIDES,
  PeerwayError,
  isInProgress,
  isLeaving,
  isLive,
  movesByItself,
  nextStep,
  type BeforeDelete,
  type MechanismCapabilities,
  type Peering,
  type PeeringId,
  type PeeringNext,
  type PeeringSide,
} from '@peerway/core';
import { shows } from './evidence.js';
import type { StepResult } from './executor.js';
import { collect } from '../world/collect.js';
import { markerPlace, ownerOf } from '../world/ownership.js';
import { bothHalves, shownId } from '../world/peeringFacts.js';
import type { EndProviders } from '../plan/plan.js';
import { FIRST_LOOK_MS, firstLookMs } from '../pacing/pollTiming.js';
import { packScope, type ProviderCalls } from './providerCalls.js';
import {
  GIVE_UP_AFTER_MS,
  goneAndListed,
  tokenOf,
  VISIBLE_WITHIN_MS,
  type StepContext,
  type Work,
} from './stepContext.js';
import { HOPELESS_AFTER_MS, keptByOthers } from './outOfReach.js';

const NOTHING: StepResult = { kind: 'none' };

export async function createPeering(work: Work<'peering.create'>, context: StepContext): Promise<StepResult> {
  const { calls } = context;
  const { providers, request } = work;
  let id: PeeringId;
  try {
    id = await calls.run(
      providers.initiator,
      (provider, options) => provider.peerings.request({ ...request, ...tokenOf(context) }, options),
      context,
    );
  } catch (error) {
    if (!isPeerwayError(error, 'AlreadyExists')) throw error;
    const ours = await findOurs(work, context);
    if (ours === undefined) throw error;
    id = ours; // another run of the same stack was faster
  }
  const networks = [request.initiator, request.acceptor.network] as const;
  return settle({ providers, mechanism: request.mechanism, peering: id, networks }, context, true);
}

export function settlePeering(work: Work<'peering.settle'>, context: StepContext): Promise<StepResult> {
  return settle(work, context, false);
}

interface Settling {
  readonly providers: EndProviders;
  readonly mechanism: string;
  readonly peering: PeeringId;
  readonly networks: Work<'peering.settle'>['networks'];
}

/** A pair of ours found made by somebody else while we asked for it. Not to be seen yet: wait until it is. */
async function findOurs(
  { providers, request }: Work<'peering.create'>,
  context: StepContext,
): Promise<PeeringId | undefined> {
  const { calls, stack } = context;
  const { clock } = calls;
  const features = mechanismOf(calls, providers.initiator, request.mechanism)?.features;
  const place = features === undefined ? 'tags' : markerPlace(features).decides;
  for (const start = clock.now(); ; await clock.sleep(FIRST_LOOK_MS.step, context.signal)) {
    const found = await calls.run(providers.initiator, (provider) =>
      collect(provider.peerings.list({ between: [request.initiator, request.acceptor.network] })),
    );
    const live = found.filter(({ state }) => isLive(state));
    const ours = live.find((peering) => {
      const owner = ownerOf(peering, stack, place);
      return peering.mechanism === request.mechanism && (owner.kind === 'ours' || owner.kind === 'lost');
    });
    if (ours !== undefined || live.length > 0 || clock.now() - start > VISIBLE_WITHIN_MS) return ours?.id;
    context.waiting('the peering that another run has just made to be seen');
  }
}

const mechanismOf = (calls: ProviderCalls, provider: string, name: string): MechanismCapabilities | undefined =>
  calls.provider(provider).capabilities.mechanisms.find((mechanism) => mechanism.name === name);

/** What one look found: done, our turn, switched off by somebody, or not yet. */
type Look =
  | { readonly kind: 'active'; readonly peering: Peering }
  | { readonly kind: 'suspended'; readonly peering: Peering }
  | ({ readonly kind: 'turn'; readonly peering: Peering } & PeeringNext)
  | { readonly kind: 'again' };

async function settle(target: Settling, context: StepContext, fresh: boolean): Promise<StepResult> {
  const { calls } = context;
  const { providers, mechanism } = target;
  const split = providers.initiator !== providers.acceptor;
  const mirrored = split && mechanismOf(calls, providers.initiator, mechanism)?.handshake === 'mirrored';
  let since = calls.clock.now(); // of the answer: nothing has begun before the cloud has taken the request
  const pace = mechanismOf(calls, providers.initiator, mechanism)?.takesMs;
  let moved = fresh ? 'create' : 'settle';
  let firstMs = fresh ? (pace?.create ?? FIRST_LOOK_MS.create) : 0;
  let released = false;
  let actedOn: Peering | undefined;
  for (let steps = 0; ; steps++) {
    const kind = `${calls.provider(providers.initiator).id} ${mechanism} ${moved}${split ? ' split' : ''}`;
    context.waiting(
      `${mechanism} ${shownId(target.peering)} to become active`,
      calls.timing.etaMs(kind, calls.clock.now() - since),
    );
    const look: Awaited<ReturnType<typeof nextMove>> = await nextMove(
      target,
      { kind, since, fresh, mirrored, firstMs, actedOn },
      context,
      () => {
        if (!released) context.released();
        released = true;
      },
    );
    // done, or somebody else's step, which nobody waits for: the routes come with a later apply
    if (look.kind === 'active' || (look.kind === 'turn' && look.side === providers.peer?.side))
      return { kind: 'peering', peering: target.peering, nextHops: await hopsOf(target, look.peering, context) };
    if (steps > 20)
      throw new PeerwayError('FailedPrecondition', `The handshake of ${target.peering} does not end`, {
        remedy: 'Look at it in the cloud’s console, then run again.',
      });
    const takesMs =
      look.kind === 'turn' ? (look.takesMs ?? (look.verb === 'accept' ? pace?.accept : undefined)) : undefined;
    firstMs = takesMs ?? FIRST_LOOK_MS.step;
    moved = look.kind === 'suspended' ? 'resume' : `${look.verb} ${look.side} ${firstMs}`;
    actedOn = look.peering;
    if (look.kind === 'suspended') await resume(target, context);
    else
      await untilVisible(context, () =>
        calls.run(
          providers[look.side],
          (provider, options) => provider.peerings.advance(look.peering, look.side, options),
          context,
        ),
      );
    since = calls.clock.now();
  }
}

/** Switches it on again: on every side that has a switch of its own. */
async function resume({ providers, mechanism, peering }: Settling, context: StepContext): Promise<void> {
  const { calls } = context;
  const each = mechanismOf(calls, providers.initiator, mechanism)?.handshake === 'mirrored';
  for (const side of each ? PEERING_SIDES : (['initiator'] as const))
    await calls.run(
      providers[side],
      (provider, options) => provider.peerings.resume(peering, { side, mechanism, ...options }),
      context,
    );
}

/** Waits, together with everybody else who waits at these providers, until there is something to do or nothing left to do. */
async function nextMove(
  target: Settling,
  how: {
    readonly kind: string;
    readonly since: number;
    readonly firstMs: number;
    readonly fresh: boolean;
    readonly mirrored: boolean;
    readonly actedOn: Peering | undefined;
  },
  { calls, signal }: StepContext,
  release: () => void,
): Promise<Extract<Look, { readonly peering: Peering }>> {
  const { providers, peering: id } = target;
  const scope = packScope(target);
  const resumable = mechanismOf(calls, providers.initiator, target.mechanism)?.features.suspend.status === 'supported';
  const seen: Partial<Record<string, Peering>> = {};
  const looked = new Set<string>();
  let found: Extract<Look, { readonly peering: Peering }> | undefined;
  const check =
    (provider: string) =>
    (peerings: readonly Peering[], age: number): boolean => {
      if (found !== undefined) return true;
      seen[provider] = peerings.find((peering) => peering.id === id && peering.mechanism === target.mechanism);
      looked.add(provider);
      // one half alone cannot say whose turn it is: the initiator's still asks for what the acceptor has done
      if (how.mirrored && looked.size < 2) return false;
      const mine = seen[providers.initiator];
      const theirs = seen[providers.acceptor];
      const peering = how.mirrored ? bothHalves(mine, theirs) : mine;
      // the cloud's own work of making it is done
      if (peering !== undefined && (peering.state !== 'provisioning' || peering.next !== undefined)) release();
      // what was done has not shown; done again at once, it may be answered with what came of it before
      if (how.actedOn !== undefined && age <= VISIBLE_WITHIN_MS && isDeepStrictEqual(peering, how.actedOn))
        return false;
      const awaited = providers.peer?.awaited === true ? providers.peer.side : undefined;
      const look = judge(id, peering, { ageMs: age, fresh: how.fresh, resumable, awaited });
      if (look.kind === 'again') return false;
      found = look;
      return true;
    };
  const others = new AbortController();
  const both = AbortSignal.any([signal, others.signal]);
  const watch = (provider: string): Promise<void> =>
    calls
      .peerings(provider)
      .watch({ kind: how.kind, scope, since: how.since, firstMs: how.firstMs }, check(provider), both);
  try {
    // a mirrored handshake may show whose turn it is on one side only
    await (how.mirrored
      ? Promise.race([watch(providers.initiator), watch(providers.acceptor)])
      : watch(providers.initiator));
  } finally {
    others.abort('one has seen it');
  }
  if (found === undefined) throw new PeerwayError('Internal', `A look at ${id} ended without a finding`);
  return found;
}

/** How long an apply waits for somebody else to agree, where it is to wait at all. */
const AWAIT_MS = 30 * 60_000;

interface JudgeOptions {
  readonly ageMs: number;
  readonly fresh: boolean;
  readonly resumable: boolean;
  /** The end of somebody else, whose step is waited for. */
  readonly awaited: PeeringSide | undefined;
}

/** @throws PeerwayError when it is gone, cannot become active any more, or takes too long */
function judge(id: PeeringId, peering: Peering | undefined, { ageMs, fresh, resumable, awaited }: JudgeOptions): Look {
  if (peering === undefined) {
    if (ageMs <= (fresh ? VISIBLE_WITHIN_MS : 0)) return { kind: 'again' };
    throw new PeerwayError('NotFound', `The peering ${id} is gone`, { resource: id, remedy: 'Plan again.' });
  }
  const next = nextStep(peering);
  if (next !== undefined && next.side === awaited) {
    if (ageMs <= AWAIT_MS) return { kind: 'again' };
    throw new PeerwayError(
      'DeadlineExceeded',
      `The account ${peering[awaited].account} has not agreed to ${shownId(id)} within ${AWAIT_MS / 60_000} minutes`,
      {
        resource: id,
        remedy: 'Ask its owner, then run again: the request stands, and what is done stays done.',
      },
    );
  }
  if (next !== undefined) return { kind: 'turn', peering, ...next };
  if (peering.state === 'active') return { kind: 'active', peering };
  if (peering.reason === 'suspended' && resumable) return { kind: 'suspended', peering };
  if (isInProgress(peering.state)) {
    if (ageMs <= GIVE_UP_AFTER_MS) return { kind: 'again' };
    throw new PeerwayError(
      'DeadlineExceeded',
      `The peering ${id} is still ${peering.nativeState} after ${Math.round(ageMs / 1000)} s`,
      { resource: id, remedy: 'Look at it in the cloud’s console, then run again: what is done stays done.' },
    );
  }
  const reason = peering.reason === undefined ? '' : ` (${peering.reason})`;
  throw new PeerwayError('FailedPrecondition', `The peering ${shownId(peering.id)} became ${peering.state}${reason}`, {
    resource: peering.id,
    nativeCode: peering.nativeState,
    remedy: 'Plan again: the plan says what can be done about it.',
  });
}

/** Next hops of both ends; the acceptor's own view is asked only where the initiator's does not show it. */
async function hopsOf(
  target: Settling,
  peering: Peering,
  { calls, signal }: StepContext,
): Promise<Extract<StepResult, { kind: 'peering' }>['nextHops']> {
  const { providers } = target;
  let seen = peering;
  for (const side of ['initiator', 'acceptor'] as const) {
    if (seen[side].nextHop !== undefined || providers.initiator === providers.acceptor) continue;
    const since = calls.clock.now();
    const provider = providers[side];
    const kind = `${calls.provider(provider).id} ${target.mechanism} hop`;
    await calls.peerings(provider).watch(
      { kind, scope: packScope(target), since, firstMs: 0 },
      (peerings, age) => {
        const other = peerings.find((one) => one.id === target.peering);
        if (other !== undefined) seen = mergeSides(seen, other);
        return seen[side].nextHop !== undefined || age > VISIBLE_WITHIN_MS;
      },
      signal,
    );
  }
  const { initiator, acceptor } = seen;
  return {
    ...(initiator.nextHop === undefined ? {} : { initiator: initiator.nextHop }),
    ...(acceptor.nextHop === undefined ? {} : { acceptor: acceptor.nextHop }),
  };
}

/** A request may reach the other side's region later than its account's own answer: not found there means "not yet". */
async function untilVisible(context: StepContext, act: () => Promise<unknown>): Promise<void> {
  const { clock } = context.calls;
  const start = clock.now();
  for (let delay = 1_000; ; delay = Math.min(delay * 2, 8_000)) {
    try {
      await act();
      return;
    } catch (error) {
      if (!isPeerwayError(error, 'NotFound') || clock.now() - start > VISIBLE_WITHIN_MS) throw error;
      context.waiting('the other side to see the request');
      await clock.sleep(delay, context.signal);
    }
  }
}

export async function updatePeering(
  work: Work<'peering.update'>,
  results: Readonly<Record<string, StepResult>>,
  context: StepContext,
): Promise<StepResult> {
  const { calls, evidence } = context;
  const { provider, side, mechanism, update } = work;
  const peering = typeof work.peering === 'string' ? work.peering : madeBy(results[work.peering.step]);
  await calls.run(
    provider,
    (target, options) => target.peerings.update(peering, update, { side, mechanism, ...options }),
    context,
  );
  if (!evidence.nothingSent) return NOTHING;
  // somebody else may have made the change since the plan looked
  const now = await calls.run(
    provider,
    (target, options) => target.peerings.get(peering, { side, ...options }),
    context,
  );
  if (shows(update, now)) evidence.seen();
  return NOTHING;
}

function madeBy(made: StepResult | undefined): PeeringId {
  if (made?.kind === 'peering') return made.peering;
  throw new PeerwayError('FailedPrecondition', 'The peering that is to be changed was not made', {
    remedy: 'Plan again.',
  });
}

export async function deletePeering(work: Work<'peering.delete'>, context: StepContext): Promise<StepResult> {
  const halves = work.by.map(({ provider, side }, at) => ({
    unrouted: beforeDelete(work, provider, side, context).unrouted,
    end: () => deleteSide(work, provider, side, context, work.leaving && at === 0),
  }));
  if (halves.every(({ unrouted }) => unrouted)) {
    for (const ended of await Promise.allSettled(halves.map(({ end }) => end())))
      if (ended.status === 'rejected') throw ended.reason;
    return NOTHING;
  }
  // a half that a route may stand in the way of goes first, so that the other is left as it is
  halves.sort((a, b) => Number(a.unrouted) - Number(b.unrouted));
  for (const { end } of halves) await end();
  return NOTHING;
}

/** What was read just before of a side that is to go. */
function beforeDelete(
  { mechanism, peering }: Work<'peering.delete'>,
  provider: string,
  side: PeeringSide,
  { calls: { readings } }: StepContext,
): BeforeDelete<Peering> & { readonly unrouted: boolean } {
  const seen = readings.peering(provider, mechanism, peering);
  const unrouted = readings.unrouted(provider, seen?.[side].network, [seen?.[side].nextHop]);
  return { ...(seen === undefined ? {} : { seen }), unrouted };
}

/** Whether a reading shows the half of that side, where each side makes its own. */
const showsHalf = (peering: Peering, side: PeeringSide): boolean =>
  peering.seenFrom === side || (side === 'acceptor' && peering.acceptorLabels !== undefined);

const stillThere = (id: PeeringId, age: number): PeerwayError =>
  new PeerwayError('DeadlineExceeded', `The peering ${id} is still there after ${Math.round(age / 1000)} s`, {
    resource: id,
    remedy: 'Look at it in the cloud’s console, then run again.',
  });

async function deleteSide(
  work: Work<'peering.delete'>,
  provider: string,
  side: PeeringSide,
  context: StepContext,
  leaving: boolean,
): Promise<void> {
  const { calls, signal } = context;
  const scope = packScope(work);
  const id = work.peering;
  const pace = mechanismOf(calls, provider, work.mechanism)?.takesMs;
  let progress = leaving ? ('started' as const) : undefined;
  for (let steps = 0; steps < 20; steps++) {
    const before = beforeDelete(work, provider, side, context);
    if (work.outOfReach === true) context.waiting('the cloud to end it, whatever stands at the other account’s end');
    const asking =
      progress ??
      calls.run(
        provider,
        (target, options) =>
          target.peerings.requestDelete(id, {
            side,
            ...before,
            ...(work.outOfReach === true ? { settleForMs: HOPELESS_AFTER_MS } : {}),
            ...options,
          }),
        context,
      );
    const now = await Promise.resolve(asking).catch((error: unknown) => {
      throw work.outOfReach === true ? keptByOthers(error, work) : error;
    });
    progress = undefined;
    if (now === 'gone') return;
    const since = calls.clock.now();
    const kind = `${calls.provider(provider).id} ${work.mechanism} delete ${now}`;
    context.waiting(`peering ${shownId(id)} to go`, calls.timing.etaMs(kind, 0));
    let gone = false;
    await calls.peerings(provider).watch(
      { kind, scope, since, firstMs: firstLookMs(now, pace) },
      (peerings, age) => {
        const left = peerings.find((peering) => peering.id === id && peering.mechanism === work.mechanism);
        gone =
          left === undefined ||
          (work.by.length > 1 && !showsHalf(left, side)) ||
          (now === 'missing' && isLeaving(left.state));
        if (gone) return true;
        if (now === 'missing' && age > VISIBLE_WITHIN_MS) throw goneAndListed(`peering ${shownId(id)}`);
        if (age > GIVE_UP_AFTER_MS) throw stillThere(id, age);
        return now === 'continue' && left !== undefined && !movesByItself(left);
      },
      signal,
    );
    if (gone) return;
  }
  throw new PeerwayError(
    'FailedPrecondition',
    `The peering ${id} does not go, asked as ${side} (not ${otherSide(side)})`,
    { resource: id, remedy: 'Look at it in the cloud’s console, then run again.' },
  );
}
