/** The steps on routes, in this process: one batch per network, then one look per table for all who wait for it. */
import {
  isPeerwayError,
  PeerwayError,
  routeKey,
  routeTraits,
  sameRouteKey,
  type NextHop,
  type Route,
  type RouteRef,
  type RouteRequest,
  type RouteTableId,
} from '@peerway/core';
import { eventError } from '../events.js';
import type { StepEnd, StepResult } from './executor.js';
import type { ProviderCalls } from './providerCalls.js';
import type { GoingPeering } from './readings.js';
import { collect } from '../world/collect.js';
import { FIRST_LOOK_MS } from '../pacing/pollTiming.js';
import { tokenOf, type StepContext, type Work } from './stepContext.js';

const SETTLED_WITHIN_MS = 300_000;
const DONE: StepEnd = { ok: true, result: { kind: 'none' } };

type Create = Work<'route.create'>;
type Delete = Work<'route.delete'>;

const failed = (error: unknown): StepEnd => ({ ok: false, error: eventError(error) });

interface Asked {
  /** Place of the step in its assignment. */
  readonly at: number;
  readonly request: RouteRequest;
}

export async function createRoutes(
  works: readonly Create[],
  results: Readonly<Record<string, StepResult>>,
  context: StepContext,
): Promise<StepEnd[]> {
  const ends = new Map<number, StepEnd>();
  const asked: Asked[] = [];
  for (const [at, work] of works.entries()) {
    const request = requestOf(work, results);
    if (request instanceof PeerwayError) ends.set(at, failed(request));
    else asked.push({ at, request: { ...request, ...tokenOf(context, at) } });
  }
  const provider = works[0]?.provider;
  if (provider !== undefined && asked.length > 0)
    for (const [at, end] of await createAll(provider, asked, context)) ends.set(at, end);
  return works.map((_, at) => ends.get(at) ?? lost());
}

const lost = (): StepEnd => failed(new PeerwayError('Internal', 'A route outcome was lost'));

/** The request of a step, with what earlier steps have made; an error when they made none of what it needs. */
function requestOf(work: Create, results: Readonly<Record<string, StepResult>>): RouteRequest | PeerwayError {
  const table = tableOf(work, results);
  const nextHop = hopOf(work, results);
  const { network, destination, description } = work;
  if (table !== undefined && nextHop !== undefined)
    return { network, table, destination, nextHop, ...(description === undefined ? {} : { description }) };
  const what = table === undefined ? 'route table' : 'next hop';
  return new PeerwayError('FailedPrecondition', `The cloud shows no ${what} for the route ${destination}`, {
    remedy: 'Plan again; if it stays so, look at the connection in the cloud’s console.',
  });
}

/** One batch, and then the wait until every route of it is settled. */
async function createAll(
  provider: string,
  asked: readonly Asked[],
  context: StepContext,
): Promise<Map<number, StepEnd>> {
  const outcomes = await context.calls.run(
    provider,
    (target, options) =>
      target.routes.createMany(
        asked.map(({ request }) => request),
        { wait: false, ...options },
      ),
    context,
  );
  const since = context.calls.clock.now();
  const ends = new Map<number, StepEnd>();
  const written: Keyed[] = [];
  for (const [index, { at, request }] of asked.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) ends.set(at, lost());
    else if (outcome.ok || (outcome.error.code === 'AlreadyExists' && (await isThere(provider, request, context))))
      written.push({ at, key: request });
    else ends.set(at, failed(outcome.error));
  }
  const late = await settleTables(provider, CREATED, written, since, context);
  for (const { at } of written) ends.set(at, late.get(at) ?? DONE);
  return ends;
}

export async function describeRoute(work: Work<'route.describe'>, context: StepContext): Promise<StepResult> {
  await context.calls.run(
    work.provider,
    (target, options) => target.routes.describe(work.route, work.description, options),
    context,
  );
  return { kind: 'none' };
}

export async function deleteRoutes(works: readonly Delete[], context: StepContext): Promise<StepEnd[]> {
  const first = works[0];
  if (first === undefined) return [];
  const outcomes = await context.calls.run(
    first.provider,
    (target, options) =>
      target.routes.deleteMany(
        works.map(({ route }) => route),
        { wait: false, ...options },
      ),
    context,
  );
  const since = context.calls.clock.now();
  const asked = works.flatMap(({ route }, at) => (outcomes[at]?.ok === true ? [{ at, key: route }] : []));
  const late = (await areUnrouted(first.provider, asked, since, context))
    ? new Map<number, StepEnd>()
    : await settleTables(first.provider, DELETED, asked, since, context);
  return works.map((_, at): StepEnd => {
    const outcome = outcomes[at];
    if (outcome === undefined) return lost();
    return outcome.ok ? (late.get(at) ?? DONE) : failed(outcome.error);
  });
}

type Key = RouteRequest | RouteRef;
type Keyed = { readonly at: number; readonly key: Key };

/** What a batch of routes waits for. */
interface Goal {
  readonly verb: 'route.create' | 'route.delete';
  readonly waitingFor: string;
  isReached(key: Key, routes: readonly Route[]): boolean;
}

const CREATED: Goal = {
  verb: 'route.create',
  waitingFor: 'routes to become active',
  isReached: (key, routes) => {
    const route = routes.find((one) => sameRouteKey(one, key));
    return route !== undefined && routeTraits(route.state).settled;
  },
};

const DELETED: Goal = {
  verb: 'route.delete',
  waitingFor: 'routes to go',
  isReached: (key, routes) => !routes.some((one) => sameRouteKey(one, key)),
};

/** So often a peering is asked whether routes lead to it; then the tables are read, which show whose they are. */
const MOST_QUESTIONS = 3;

/**
 * Waits until the peerings that the routes led to, and that go next, have no more of them: where the cloud says that in one request,
 * and there are fewer peerings than tables, or another entry waits for the other end of each.
 * @returns false: the tables must tell
 */
async function areUnrouted(
  provider: string,
  asked: readonly Keyed[],
  since: number,
  { calls, signal, waiting }: StepContext,
): Promise<boolean> {
  const peerings = goingPeerings(provider, asked, calls);
  const tables = new Set(asked.map(({ key }) => key.table)).size;
  const least = peerings.every(({ split }) => split) ? tables : tables - 1;
  if (peerings.length === 0 || peerings.length > least) return false;
  const kind = `${calls.provider(provider).id} ${DELETED.verb}`;
  waiting(DELETED.waitingFor, calls.timing.etaMs(kind, 0));
  const looks = peerings.map(async (going): Promise<void> => {
    let questions = 0;
    await calls.unrouted(going).watch(
      { kind, scope: going.id, since, firstMs: FIRST_LOOK_MS.routes, patient: true },
      ([unrouted]) => {
        questions++;
        if (unrouted !== true && questions === MOST_QUESTIONS) throw STILL_ROUTED;
        return unrouted === true;
      },
      signal,
    );
  });
  const ends = await Promise.allSettled(looks);
  for (const end of ends) if (end.status === 'rejected' && isPeerwayError(end.reason, 'Canceled')) throw end.reason;
  return ends.every(({ status }) => status === 'fulfilled');
}

const STILL_ROUTED = new PeerwayError('FailedPrecondition', 'Routes still lead to it');

/** The peerings that routes led to, which go by the plan in hand and whose deletion shows whether a route is left; empty: not all are such. */
function goingPeerings(provider: string, asked: readonly Keyed[], calls: ProviderCalls): GoingPeering[] {
  const { mechanisms } = calls.provider(provider).capabilities;
  const peerings = new Map<string, GoingPeering>();
  for (const { key } of asked) {
    const going = calls.readings.goingBy(provider, key.nextHop);
    const mechanism = mechanisms.find(({ name }) => name === going?.mechanism);
    if (going === undefined || mechanism?.deletionShowsRoutes !== true) return [];
    peerings.set(going.id, going);
  }
  return [...peerings.values()];
}

/** Waits per table, all tables at once. @returns the ends of those that do not settle in time; the others are done */
async function settleTables(
  provider: string,
  goal: Goal,
  asked: readonly Keyed[],
  since: number,
  { calls, signal, waiting, evidence }: StepContext,
): Promise<Map<number, StepEnd>> {
  const byTable = new Map<RouteTableId, Keyed[]>();
  for (const item of asked) {
    const list = byTable.get(item.key.table);
    if (list === undefined) byTable.set(item.key.table, [item]);
    else list.push(item);
  }
  const late = new Map<number, StepEnd>();
  const { id, capabilities } = calls.provider(provider);
  if (capabilities.routes.immediate === true) {
    if (asked.length > 0) evidence.requireShown(goal.verb);
    return late; // each has been answered
  }
  const kind = `${id} ${goal.verb}`;
  waiting(goal.waitingFor, calls.timing.etaMs(kind, 0));
  await Promise.all(
    [...byTable].map(async ([table, items]) => {
      const network = items[0]?.key.network;
      if (network === undefined) return;
      await calls.table(provider, network, table).watch(
        { kind, scope: table, since, firstMs: FIRST_LOOK_MS.routes },
        (routes, age) => {
          const open = items.filter(({ key }) => !goal.isReached(key, routes));
          if (open.length > 0 && age <= SETTLED_WITHIN_MS) return false;
          for (const { at, key } of open) late.set(at, failed(notSettled(key)));
          return true;
        },
        signal,
      );
    }),
  );
  return late;
}

const notSettled = (key: Key): PeerwayError =>
  new PeerwayError('DeadlineExceeded', `The route ${routeKey(key)} has not settled in ${SETTLED_WITHIN_MS / 1000} s`, {
    remedy: 'Look at the table in the cloud’s console, then run again.',
  });

/** A route that exists already is success when it is exactly ours: another run wrote it, or an answer was lost. */
async function isThere(provider: string, request: RouteRequest, { calls }: StepContext): Promise<boolean> {
  try {
    const routes = await calls.run(provider, (target) =>
      collect(target.routes.list(request.network, request.table, { hops: 'irrelevant' })),
    );
    return routes.some(
      (route) =>
        sameRouteKey(route, request) && route.nextHop.id === request.nextHop.id && !routeTraits(route.state).leaving,
    );
  } catch (error) {
    if (isPeerwayError(error)) return false;
    throw error;
  }
}

function tableOf({ table }: Create, results: Readonly<Record<string, StepResult>>): RouteTableId | undefined {
  if (table.kind === 'known') return table.table;
  const made = results[table.step];
  return made?.kind === 'link' ? made.edgeTable : undefined;
}

function hopOf({ nextHop }: Create, results: Readonly<Record<string, StepResult>>): NextHop | undefined {
  if (nextHop.kind === 'known') return nextHop.nextHop;
  const made = results[nextHop.step];
  if (nextHop.kind === 'peering') return made?.kind === 'peering' ? made.nextHops[nextHop.side] : undefined;
  if (made?.kind !== 'link') return undefined;
  return nextHop.toward === 'line'
    ? made.line
    : nextHop.toward === 'network'
      ? made.towardNetwork
      : made.towardCustomer;
}
