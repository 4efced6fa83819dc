/** Taking over and giving back, by name: the only way in which something that we did not make becomes ours, or stops being it. */
import {
  isLeaving,
  PEERING_SIDES,
  PeerwayError,
  type MechanismCapabilities,
  type PeeringSide,
  type Provider,
  type Route,
  type Tags,
  type TextLimit,
} from '@peerway/core';
import { mechanismOf, ownerOfPeering, peeringObject } from './world/peeringFacts.js';
import type { SeenPeering, World } from './world/observe.js';
import {
  ADOPTED_TAG,
  ALSO_TAG,
  MARKER_TAGS,
  markerPlace,
  markerTags,
  adoptingText,
  markerText,
  readMarkerText,
  RELEASED,
  saidOf,
  traceOfMark,
} from './world/ownership.js';
import { destinationsOf } from './world/destinations.js';
import { hidesIn, hidingIn, mustSayAlso } from './world/hidden.js';
import { announceToPeerings } from './announcing.js';
import { adoptLink, releaseLinks } from './linkAdoption.js';
import { describeRoute } from './routeMarks.js';
import type { StackSpec } from './declaration/stack.js';
import { choiceOf, covers, pairKey, type Edge, type Topology } from './declaration/topology.js';

export interface AdoptionInput {
  readonly stack: StackSpec;
  readonly topology: Topology;
  readonly world: World;
  readonly writers: ReadonlyMap<string, Provider>;
}

interface Options {
  readonly signal?: AbortSignal;
}

export async function adopt(input: AdoptionInput, connection: string, options: Options): Promise<void> {
  const { stack, world } = input;
  const links = stack.links.filter(({ name }) => covers(connection, name));
  for (const spec of links) await adoptLink(input, spec, options);
  if (links.length > 0) return;
  let adopted = 0;
  const edges = edgesOf(input, connection);
  const hiding = hidingIn(
    stack,
    input.topology.edges,
    world,
    edges.flatMap((edge) => standing(world, edge)),
  );
  for (const edge of edges) {
    for (const seen of standing(world, edge)) {
      if (seen.peer === 'initiator') {
        // what somebody else has asked for stays theirs; the routes over it are ours
        await markRoutes(input, edge, seen, options);
        adopted++;
        continue;
      }
      const owner = ownerOfPeering(seen, stack.name);
      if (owner.kind === 'other') {
        throw new PeerwayError(
          'FailedPrecondition',
          `${peeringObject(seen)} belongs to the stack ${owner.marker.stack}`,
          {
            resource: seen.peering.id,
            remedy: `Release it there first: \`peerway release ${owner.marker.connection}\` with that stack's file.`,
          },
        );
      }
      if (owner.kind !== 'ours') {
        await announceToPeerings(input, hidesIn(seen), options);
        const also = mustSayAlso({ hiding }, seen);
        await mark(
          input,
          seen,
          { ...markerTags(stack.name, edge.connection), [ADOPTED_TAG]: 'yes', ...(also ? { [ALSO_TAG]: 'yes' } : {}) },
          (there, limit) => adoptingText([stack.name, edge.connection], there, also, limit),
          options,
        );
      }
      // after the peering: broken off in between, no route looks like ours over one that is not, and adopting again does the rest
      await markRoutes(input, edge, seen, options, owner.kind !== 'ours' || owner.marker.adopted);
      adopted++;
    }
  }
  if (adopted > 0) return;
  throw new PeerwayError('NotFound', `Nothing joins the networks of ${connection} yet`, {
    resource: connection,
    remedy: 'Run `peerway apply` to make it.',
  });
}

/** What stands between the two networks of an edge and is not being removed. */
export const standing = (world: World, edge: Edge): readonly SeenPeering[] => {
  const [a, b] = [world.networks.get(edge.initiator), world.networks.get(edge.acceptor)];
  const all = world.pairs.get(pairKey(a?.key ?? '', b?.key ?? '')) ?? [];
  return all.filter(({ peering }) => !isLeaving(peering.state));
};

interface RouteOfPeering {
  readonly route: Route;
  readonly provider: Provider;
}

/** Routes exactly as declared that nobody marked, where the cloud lets them be marked: they came with the peering, and go with it. */
export function unmarkedRoutes(
  { world }: Pick<AdoptionInput, 'world'>,
  edge: Edge,
  seen: SeenPeering,
): RouteOfPeering[] {
  const [a, b] = [world.networks.get(edge.initiator), world.networks.get(edge.acceptor)];
  if (a === undefined || b === undefined) return [];
  return [
    { mine: a, other: b },
    { mine: b, other: a },
  ].flatMap(({ mine, other }) => {
    const { provider, tables, key } = mine;
    const side = PEERING_SIDES.find((one) => seen.keys[one] === key);
    const hop = side === undefined ? undefined : seen.peering[side].nextHop?.id;
    if (hop === undefined || provider.capabilities.routes.features.relabel.status !== 'supported') return [];
    const declared: readonly string[] = destinationsOf(edge, mine, other, seen.peering.mechanism);
    return tables
      .filter(({ written }) => written)
      .flatMap(({ routes }) => routes)
      .filter(
        ({ nextHop, destination, source, origin, description }) =>
          nextHop.id === hop &&
          origin === 'custom' &&
          source === undefined &&
          readMarkerText(description) === undefined &&
          declared.includes(destination),
      )
      .map((route) => ({ route, provider }));
  });
}

async function markRoutes(
  input: AdoptionInput,
  edge: Edge,
  seen: SeenPeering,
  options: Options,
  adopted = true,
): Promise<void> {
  const text = markerText(input.stack.name, edge.connection, { adopted });
  for (const { route, provider } of unmarkedRoutes(input, edge, seen)) {
    const writer = input.writers.get(provider.name);
    if (writer !== undefined) await describeRoute(writer, route, text, options);
  }
}

export async function release(input: AdoptionInput, connection: string, options: Options): Promise<void> {
  const { stack, world } = input;
  let released = await releaseLinks(input, connection, options);
  for (const list of world.pairs.values()) {
    for (const seen of list) {
      const owner = ownerOfPeering(seen, stack.name);
      if (owner.kind !== 'ours' && owner.kind !== 'lost') continue;
      if (!covers(connection, owner.marker.connection)) continue;
      await releaseRoutes(input, seen, options);
      await mark(input, seen, undefined, (there) => saidOf(there) || RELEASED, options);
      released++;
    }
  }
  if (released > 0) return;
  throw new PeerwayError('NotFound', `The stack ${stack.name} owns nothing called ${connection}`, {
    resource: connection,
    remedy: 'Run `peerway status` to see what it owns.',
  });
}

/** Before the peering itself: broken off in between, nothing is left that only looks like ours and would be removed later. */
async function releaseRoutes(
  { stack, world, writers }: AdoptionInput,
  seen: SeenPeering,
  options: Options,
): Promise<void> {
  for (const side of PEERING_SIDES) {
    const hop = seen.peering[side].nextHop?.id;
    const network = world.byKey.get(seen.keys[side]);
    const provider = writers.get(network?.provider.name ?? '');
    if (hop === undefined || network === undefined || provider === undefined) continue;
    const routes = network.tables.flatMap((table) => table.routes);
    for (const route of routes)
      if (route.nextHop.id === hop && readMarkerText(route.description)?.stack === stack.name)
        await describeRoute(provider, route, RELEASED, options);
  }
}

function edgesOf({ stack, topology }: AdoptionInput, connection: string): readonly Edge[] {
  const edges = topology.edges.filter((edge) => covers(connection, edge.connection));
  if (edges.length > 0) return edges;
  throw new PeerwayError('InvalidArgument', `No connection or link is called ${connection}`, {
    remedy: choiceOf(
      [...topology.edges.map((edge) => edge.declared), ...stack.links.map(({ name }) => name)],
      'connections or links',
    ),
  });
}

/** Writes the marker, or takes it off, where the cloud keeps it: tags and description, on every half that there is. */
async function mark(
  input: AdoptionInput,
  seen: SeenPeering,
  tags: Tags | undefined,
  textFor: (there: string, limit: TextLimit | undefined) => string,
  options: Options,
): Promise<void> {
  const mechanism = mechanismOf(seen);
  const sides =
    mechanism === undefined ? [] : sidesToMark(seen, mechanism, tags === undefined ? input.stack.name : undefined);
  if (mechanism === undefined || sides.length === 0) {
    throw new PeerwayError('FailedPrecondition', `No provider entry owns an end of ${peeringObject(seen)}`, {
      remedy: 'Add a provider entry for its account and region.',
    });
  }
  const { decides, changeable } = markerPlace(mechanism.features);
  for (const { side, name, description: there } of sides) {
    const provider = input.writers.get(name);
    if (provider === undefined) continue;
    if (!changeable) {
      throw new PeerwayError(
        'Unsupported',
        `${provider.displayName} cannot change the marker of a ${mechanism.name} peering`,
        {
          provider: provider.id,
          remedy: 'Delete the peering and let Peerway make it, or leave it out of the stack.',
        },
      );
    }
    const retags = decides === 'tags';
    // the description names us too where tags decide, so it has to let go when we do
    const describes =
      mechanism.features.description.status === 'supported' &&
      (!retags || (tags === undefined && traceOfMark(there) !== undefined));
    const update = {
      ...(retags ? (tags === undefined ? { removeTags: MARKER_TAGS } : { setTags: tags }) : {}),
      ...(describes ? { description: textFor(there, mechanism.limits.description) } : {}),
    };
    // the mark stands when it is written; what the peering itself waits for is a matter for apply
    await provider.peerings.update(seen.peering.id, update, {
      side,
      mechanism: mechanism.name,
      wait: false,
      ...options,
    });
  }
}

interface MarkedSide {
  readonly side: PeeringSide;
  /** Of the provider entry. */
  readonly name: string;
  readonly description: string;
}

/**
 * Where each side makes its own half, every half that is there; else one side, the initiator's if it is ours.
 * @param leaving the stack that lets go: a cloud may have given the acceptor's side a description of its own, with our mark in it, and who
 * sees that side alone would take it for ours. First, so that what is broken off in between is still found.
 */
function sidesToMark(
  { peering, providers }: SeenPeering,
  { handshake, features }: MechanismCapabilities,
  leaving: string | undefined,
): MarkedSide[] {
  const { initiator, acceptor } = providers;
  const theirs = peering.seenFrom === 'acceptor' ? peering : peering.acceptorLabels;
  const sides: MarkedSide[] = [];
  const copied = handshake === 'shared' && initiator !== undefined && markerPlace(features).decides === 'description';
  if (copied && acceptor !== undefined && leaving !== undefined && theirs !== undefined)
    if (readMarkerText(theirs.description)?.stack === leaving)
      sides.push({ side: 'acceptor', name: acceptor.name, description: theirs.description });
  if (initiator !== undefined && (handshake === 'shared' || peering.seenFrom === 'initiator'))
    sides.push({ side: 'initiator', name: initiator.name, description: peering.description });
  if (acceptor !== undefined && (handshake === 'mirrored' ? theirs !== undefined : sides.length === 0))
    sides.push({ side: 'acceptor', name: acceptor.name, description: (theirs ?? peering).description });
  return sides;
}
