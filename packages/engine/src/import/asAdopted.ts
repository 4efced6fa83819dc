/** The world as it will be when what is imported bears our marks and nothing else has changed. */
import { ADOPTED_TAG, adoptingText, ALSO_TAG, markerPlace, markerTags } from '../world/ownership.js';
import { hidingIn, linksApartIn, mustSayAlso } from '../world/hidden.js';
import { mechanismOf } from '../world/peeringFacts.js';
import type { SeenLink, SeenNetwork, SeenPeering, World } from '../world/seen.js';
import type { MechanismCapabilities, ProviderCapabilities } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';
import type { Topology } from '../declaration/topology.js';

interface Adopted {
  readonly stack: StackSpec;
  readonly topology: Topology;
  readonly world: World;
  /** The connection of each peering, and the name of each link, that is taken over. */
  readonly peerings: ReadonlyMap<SeenPeering, string>;
  readonly links: ReadonlyMap<SeenLink, string>;
}

export function asAdopted({ stack, topology, world, peerings, links }: Adopted): World {
  const hiding = hidingIn(stack, topology.edges, world);
  const linksApart = linksApartIn(stack, world);
  const marked = (seen: SeenPeering): SeenPeering => {
    const connection = peerings.get(seen);
    const mechanism = mechanismOf(seen);
    if (connection === undefined || mechanism === undefined) return seen;
    const also = mustSayAlso({ hiding }, seen);
    const label = labelled([stack.name, connection], also, mechanism);
    const { acceptorLabels: theirs } = seen.peering;
    const both = mechanism.handshake === 'mirrored' && theirs !== undefined ? { acceptorLabels: label(theirs) } : {};
    return { ...seen, peering: { ...label(seen.peering), ...both } };
  };
  const markedLink = (seen: SeenLink): SeenLink => {
    const name = links.get(seen);
    if (name === undefined) return seen;
    const { links: capabilities } = seen.provider.capabilities;
    return { ...seen, link: labelled([stack.name, name], linksApart(seen.provider), capabilities)(seen.link) };
  };
  const { networks, byKey } = withDeclaredTables(stack, world);
  return {
    ...world,
    networks,
    byKey,
    pairs: new Map([...world.pairs].map(([pair, list]) => [pair, list.map(marked)])),
    links: world.links.map(markedLink),
  };
}

type Labels = Pick<SeenPeering['peering'], 'tags' | 'description'>;

function labelled(
  mark: readonly [stack: string, connection: string],
  also: boolean,
  { features, limits }: Pick<MechanismCapabilities, 'features' | 'limits'> | ProviderCapabilities['links'],
): <T extends Labels>(from: T) => T {
  return (from) =>
    markerPlace(features).decides === 'tags'
      ? {
          ...from,
          tags: {
            ...from.tags,
            ...markerTags(...mark),
            [ADOPTED_TAG]: 'yes',
            ...(also ? { [ALSO_TAG]: 'yes' } : {}),
          },
        }
      : { ...from, description: adoptingText(mark, from.description, also, limits.description) };
}

/** Which tables the declared routes stand in follows from the declaration, which was made after the tables were read. */
function withDeclaredTables({ networks: specs }: StackSpec, world: World): Pick<World, 'networks' | 'byKey'> {
  const byKey = new Map(world.byKey);
  const networks = new Map<string, SeenNetwork>();
  for (const [name, seen] of world.networks) {
    const declared = specs.get(name)?.routeTables;
    const now =
      declared === undefined
        ? seen
        : { ...seen, tables: seen.tables.map((table) => ({ ...table, written: declared.includes(table.id) })) };
    networks.set(name, now);
    byKey.set(seen.key, now);
  }
  return { networks, byKey };
}
