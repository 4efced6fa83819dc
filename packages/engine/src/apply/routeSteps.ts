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
import { collect } from '../world/collect.js';
import type { PlanStep } from '../plan/plan.js';
import { FIRST_LOOK_MS } from '../pacing/pollTiming.js';
import type { StepContext, Work } from './stepContext.js';

const SETTLED_WITHIN_MS = 300_000;
const DONE: StepEnd = { ok: true, result: { kind: 'none' } };

type Create = Work<'route.create'>;
type Delete = Work<'route.delete'>;

const failed = (error: unknown): StepEnd => ({ ok: false, error: eventError(error) });

export async function createRoutes(
  steps: readonly PlanStep[],
  works: readonly Create[],
  results: Readonly<Record<string, StepResult>>,
  context: StepContext,
): Promise<StepEnd[]> {
  const ends = new Map<number, StepEnd>();
  const asked: { readonly at: number; readonly request: RouteRequest; readonly work: Create }[] = [];
  for (const [at, work] of works.entries()) {
    const table = tableOf(work, results);
    const nextHop = hopOf(work, results);
    if (table === undefined || nextHop === undefined) {
      const what = table === undefined ? 'route table' : 'next hop';
      ends.set(
        at,
        failed(
          new PeerwayError('FailedPrecondition', `The cloud shows no ${what} for the route ${work.destination}`, {
            remedy: 'Plan again; if it stays so, look at the connection in the cloud’s console.',
          }),
        ),
      );
      continue;
    }
    const { network, destination, description } = work;
    asked.push({
      at,
      work,
      request: { network, table, destination, nextHop, ...(description === undefined ? {} : { description }) },
    });
  }
  const first = asked[0];
  if (first !== undefined) {
    const { provider } = first.work;
    const since = context.calls.clock.now();
    const outcomes = await context.calls.call(
      provider,
      (target, options) =>
        target.routes.createMany(
          asked.map(({ request }) => request),
          { wait: false, ...options },
        ),
      context,
    );
    const written: { readonly at: number; readonly request: RouteRequest }[] = [];
    for (const [index, { at, request }] of asked.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) written.push({ at, request });
      else if (outcome?.error.code === 'AlreadyExists' && (await isThere(provider, request, context)))
        written.push({ at, request });
      else ends.set(at, failed(outcome?.error ?? new PeerwayError('Internal', 'A route outcome was lost')));
    }
    const settled = await settleTables(
      provider,
      'route.create',
      written.map(({ at, request }) => ({ at, key: request })),
      since,
      context,
      (key, routes) => {
        const route = routes.find((one) => sameRouteKey(one, key));
        return route !== undefined && routeTraits(route.state).settled;
      },
    );
    for (const { at } of written) ends.set(at, settled.get(at) ?? DONE);
  }
  return steps.map((_, at) => ends.get(at) ?? failed(new PeerwayError('Internal', 'A route outcome was lost')));
}

export async function deleteRoutes(works: readonly Delete[], context: StepContext): Promise<StepEnd[]> {
  const first = works[0];
  if (first === undefined) return [];
  const since = context.calls.clock.now();
  const outcomes = await context.calls.call(
    first.provider,
    (target, options) =>
      target.routes.deleteMany(
        works.map(({ route }) => route),
        { wait: false, ...options },
      ),
    context,
  );
  const asked = works.flatMap(({ route }, at) => (outcomes[at]?.ok === true ? [{ at, key: route }] : []));
  const settled = await settleTables(
    first.provider,
    'route.delete',
    asked,
    since,
    context,
    (key, routes) => !routes.some((one) => sameRouteKey(one, key)),
  );
  return works.map((_, at): StepEnd => {
    const outcome = outcomes[at];
    if (outcome === undefined) return failed(new PeerwayError('Internal', 'A route outcome was lost'));
    return outcome.ok ? (settled.get(at) ?? DONE) : failed(outcome.error);
  });
}

type Keyed = { readonly at: number; readonly key: RouteRequest | RouteRef };

/** Waits per table, all tables at once. Those that do not settle in time fail; the others are not held back in what they report. */
async function settleTables(
  provider: string,
  verb: string,
  asked: readonly Keyed[],
  since: number,
  context: StepContext,
  isSettled: (key: RouteRequest | RouteRef, routes: readonly Route[]) => boolean,
): Promise<Map<number, StepEnd>> {
  const { calls, signal } = context;
  const byTable = new Map<RouteTableId, Keyed[]>();
  for (const item of asked) {
    const list = byTable.get(item.key.table);
    if (list === undefined) byTable.set(item.key.table, [item]);
    else list.push(item);
  }
  const late = new Map<number, StepEnd>();
  const kind = `${calls.provider(provider).id} ${verb}`;
  context.waiting(verb === 'route.create' ? 'routes to become active' : 'routes to go', calls.timing.etaMs(kind, 0));
  await Promise.all(
    [...byTable].map(async ([table, items]) => {
      const network = items[0]?.key.network;
      if (network === undefined) return;
      await calls.table(provider, network, table).watch(
        { kind, scope: table, since, firstMs: FIRST_LOOK_MS.routes },
        (routes, age) => {
          const open = items.filter(({ key }) => !isSettled(key, routes));
          if (open.length === 0) return true;
          if (age <= SETTLED_WITHIN_MS) return false;
          for (const { at, key } of open)
            late.set(
              at,
              failed(
                new PeerwayError(
                  'DeadlineExceeded',
                  `The route ${routeKey(key)} has not settled in ${SETTLED_WITHIN_MS / 1000} s`,
                  { remedy: 'Look at the table in the cloud’s console, then run again.' },
                ),
              ),
            );
          return true;
        },
        signal,
      );
    }),
  );
  return late;
}

/** A route that exists already is success when it is exactly ours: another run wrote it, or an answer was lost. */
async function isThere(provider: string, request: RouteRequest, { calls }: StepContext): Promise<boolean> {
  try {
    const routes = await calls.call(provider, (target) => collect(target.routes.list(request.network, request.table)));
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
