/** Taking over everything that a file declares and that somebody else made: the list first, then one by one as by name. */
import { canceled, isLive, type Provider } from '@peerway/core';
import { adopt, standing, unmarkedRoutes, type AdoptionInput } from './adoption.js';
import { adoptableLink } from './linkAdoption.js';
import { peeringObject, ownerOfPeering } from './world/peeringFacts.js';
import { linkObject } from './world/linkFacts.js';

/** Something that a connection or link declares, is there, and bears nobody's mark; or our mark, with routes that lack it still. */
export interface Adoptable {
  readonly kind: 'peering' | 'link';
  /** The expanded connection, or the link: what `adopt` takes. */
  readonly connection: string;
  /** e.g. `peering pcc-1 (vpc-a → vpc-b)` */
  readonly object: string;
  /** How many routes are marked with it. */
  readonly routes: number;
}

export function adoptable(input: Omit<AdoptionInput, 'writers'>): readonly Adoptable[] {
  const { stack, topology, world } = input;
  const peerings = topology.edges.flatMap((edge) =>
    standing(world, edge).flatMap((seen): Adoptable[] => {
      const owner = ownerOfPeering(seen, stack.name);
      const routes = unmarkedRoutes(input, edge, seen).length;
      const { initiator, acceptor, state } = seen.peering;
      if (owner.kind === 'other' || !isLive(state) || (seen.peer === 'initiator' && routes === 0)) return [];
      if (owner.kind === 'ours' && (!owner.marker.adopted || routes === 0)) return [];
      const object = `${peeringObject(seen)} (${initiator.network} → ${acceptor.network})`;
      return [{ kind: 'peering', connection: edge.connection, object, routes }];
    }),
  );
  const links = stack.links.flatMap((spec): Adoptable[] => {
    const found = adoptableLink(input, spec);
    if (found === undefined) return [];
    return [{ kind: 'link', connection: spec.name, object: linkObject(found.link), routes: found.routes }];
  });
  return [...peerings, ...links];
}

interface Options {
  readonly signal?: AbortSignal;
  /** Told of each when it bears the marks. */
  readonly onAdopted?: (what: Adoptable) => void;
}

/** Those of one provider entry one after the other, so that an account's limit is not tried; the first error of each ends it. */
export async function adoptAll(input: AdoptionInput, options: Options): Promise<readonly Adoptable[]> {
  const { onAdopted, ...rest } = options;
  const done: Adoptable[] = [];
  const groups = new Map<Provider | undefined, Adoptable[]>();
  for (const one of adoptable(input)) {
    const entry = entryOf(input, one);
    groups.set(entry, [...(groups.get(entry) ?? []), one]);
  }
  const ends = await Promise.allSettled(
    [...groups.values()].map(async (group) => {
      for (const one of group) {
        if (options.signal?.aborted === true) throw canceled();
        await adopt(input, one.connection, rest);
        done.push(one);
        onAdopted?.(one);
      }
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return done;
}

function entryOf({ stack, topology }: AdoptionInput, { connection }: Adoptable): Provider | undefined {
  const network =
    topology.edges.find((edge) => edge.connection === connection)?.initiator ??
    stack.links.find(({ name }) => name === connection)?.network ??
    '';
  return stack.networks.get(network)?.provider;
}
