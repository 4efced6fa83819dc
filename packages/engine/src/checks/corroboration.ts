/**
 * Which deletions of a plan rest on the word of one answer. An answer may be wrong in a way that no reader can see: well formed, with
 * another id where one belongs. What is deleted because of it is gone, so a deletion wants two answers that agree: the listing of
 * peerings or links, and the tables, in which a route of ours leads to the object from each end that can be read. What has no such
 * witness is read by its id, where that costs less than another look at everything. What that does not bear out, and whatever is
 * replaced, is looked at a second time (`Engine.plan`). All other steps bring about what the file declares, and do nothing where it
 * is so already.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  isLive,
  isPeerwayError,
  PEERING_SIDES,
  PeerwayError,
  peeringId,
  type NextHop,
  type Peering,
  type Provider,
} from '@peerway/core';
import type { PlanStep } from '../plan/plan.js';
import { linkHops } from '../world/linkFacts.js';
import { bearsMark, markerPlace, ownerOf, readMarkerText } from '../world/ownership.js';
import type { SeenNetwork, SeenPeering, World } from '../world/seen.js';

/** The deletions among the steps that nothing but one listing asks for. Empty: none. */
export function uncorroborated(steps: readonly PlanStep[], world: World, stack: string): PlanStep[] {
  if (!steps.some(({ work }) => work.verb.endsWith('.delete'))) return [];
  const witnesses = new Witnesses(world, stack);
  const peerings = new Map([...world.pairs.values()].flat().map((seen) => [String(seen.peering.id), seen]));
  const links = new Map(world.links.map(({ link }) => [String(link.id), link]));
  const going = new Set<string>();
  const doubtful: PlanStep[] = [];
  for (const step of steps) {
    const { work } = step;
    if (work.verb === 'peering.delete') {
      const seen = peerings.get(work.peering);
      for (const side of PEERING_SIDES) going.add(seen?.peering[side].nextHop?.id ?? '');
      if (work.leaving || (step.action === 'delete' && seen !== undefined && witnesses.ofPeering(seen))) continue;
    } else if (work.verb === 'link.delete') {
      const link = links.get(work.link);
      const hops = link === undefined ? [] : linkHops(link);
      for (const { id } of hops) going.add(id);
      if (work.leaving || (step.action === 'delete' && witnesses.ofLink(hops))) continue;
    } else continue;
    doubtful.push(step);
  }
  // a route goes with what it leads to
  for (const step of steps)
    if (step.work.verb === 'route.delete' && (step.action !== 'delete' || !going.has(step.work.route.nextHop.id)))
      doubtful.push(step);
  return doubtful;
}

/**
 * Whether peerings, each read by its id, are what the listing showed: the same ends, state and marks. False also where they are not all
 * that the doubt is about, or so many that another look at everything costs no more.
 */
export async function borneOut(
  doubtful: readonly PlanStep[],
  world: World,
  stack: string,
  options: { readonly signal?: AbortSignal },
): Promise<boolean> {
  if (doubtful.length > world.byKey.size) return false;
  const listed = new Map([...world.pairs.values()].flat().map((seen) => [String(seen.peering.id), seen]));
  const same = doubtful.map(async ({ action, work }) => {
    if (work.verb !== 'peering.delete' || action !== 'delete') return false;
    const seen = listed.get(work.peering);
    const side = PEERING_SIDES.find((one) => seen?.providers[one] !== undefined);
    const provider = side && seen?.providers[side];
    if (seen === undefined || side === undefined || provider === undefined) return false;
    try {
      const read = await provider.peerings.get(seen.peering.id, { side, ...options });
      return isDeepStrictEqual(decisive(read, provider, stack), decisive(seen.peering, provider, stack));
    } catch (error) {
      if (isPeerwayError(error, 'NotFound') || isPeerwayError(error, 'PermissionDenied')) return false;
      throw error;
    }
  });
  return (await Promise.all(same)).every(Boolean);
}

/** Everything of a peering that a deletion is planned for. */
function decisive(peering: Peering, { capabilities }: Provider, stack: string): unknown {
  const { id, mechanism, state, reason } = peering;
  const features = capabilities.mechanisms.find(({ name }) => name === mechanism)?.features;
  return {
    ...{ id, mechanism, state, reason },
    ends: PEERING_SIDES.map((side) => [peering[side].account, peering[side].region, peering[side].network]),
    owner: ownerOf(peering, stack, features === undefined ? 'tags' : markerPlace(features).decides),
    marked: bearsMark(peering, stack),
  };
}

/**
 * Asks for what routes of ours that are to go lead to, where no listing shows it: on many clouds a next hop is the peering, and is read
 * by its id. A peering that is there after all makes the listing a lie. @throws PeerwayError `Unavailable`
 */
export async function requireGone(
  doubtful: readonly PlanStep[],
  world: World,
  readers: ReadonlyMap<string, Provider>,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const shown = new Set<string>();
  for (const { peering } of [...world.pairs.values()].flat())
    for (const side of PEERING_SIDES) shown.add(peering[side].nextHop?.id ?? '');
  const asked = new Map<string, { readonly id: string; readonly provider: string }>();
  for (const { work } of doubtful) {
    if (work.verb !== 'route.delete' || work.route.nextHop.kind !== 'peering') continue;
    const { id } = work.route.nextHop;
    if (!shown.has(id)) asked.set(`${work.provider} ${id}`, { id, provider: work.provider });
  }
  await Promise.all(
    [...asked.values()].map(async ({ id, provider }) => {
      const reader = readers.get(provider);
      if (reader === undefined || !(await isThere(reader, id, options))) return;
      throw new PeerwayError(
        'Unavailable',
        `A listing of peerings does not hold ${id}, which is there and which a route leads to`,
        {
          provider: reader.id,
          resource: id,
          retry: 'never',
          remedy:
            'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
        },
      );
    }),
  );
}

async function isThere(provider: Provider, id: string, options: { readonly signal?: AbortSignal }): Promise<boolean> {
  for (const side of PEERING_SIDES) {
    try {
      if (isLive((await provider.peerings.get(peeringId(id), { ...options, side })).state)) return true;
    } catch (error) {
      if (!isPeerwayError(error, 'NotFound') && !isPeerwayError(error, 'PermissionDenied')) throw error;
    }
  }
  return false;
}

/** What the tables say: where a route of ours leads to. */
class Witnesses {
  /** Ids of next hops by the key of the network. */
  readonly #hops = new Map<string, Set<string>>();
  readonly #read: ReadonlySet<string>;

  constructor(world: World, stack: string) {
    this.#read = new Set([...world.byKey].flatMap(([key, { tables }]) => (tables.length === 0 ? [] : [key])));
    for (const [key, network] of world.byKey) this.#hops.set(key, hopsOfOurs(network, stack));
  }

  /** From every end whose tables were read and whose next hop is shown, and from one at least. */
  ofPeering({ peering, keys }: SeenPeering): boolean {
    const ends = PEERING_SIDES.flatMap((side) => {
      const hop = peering[side].nextHop;
      return hop === undefined || !this.#read.has(keys[side]) ? [] : [{ key: keys[side], hop: hop.id }];
    });
    return ends.length > 0 && ends.every(({ key, hop }) => this.#hops.get(key)?.has(hop) === true);
  }

  ofLink(hops: readonly NextHop[]): boolean {
    return [...this.#hops.values()].some((known) => hops.some(({ id }) => known.has(id)));
  }
}

function hopsOfOurs({ tables, provider }: SeenNetwork, stack: string): Set<string> {
  // where routes bear no mark, whatever leads there speaks for it
  const marks = provider.capabilities.routes.features.description.status === 'supported';
  const ours = tables
    .flatMap(({ routes }) => routes)
    .filter(
      ({ origin, description }) => origin === 'custom' && (!marks || readMarkerText(description)?.stack === stack),
    );
  return new Set(ours.map(({ nextHop }) => nextHop.id));
}
