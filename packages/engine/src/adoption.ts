/** Taking over and giving back, by name: the only way in which something that we did not make becomes ours, or stops being it. */
import { isLeaving, PEERING_SIDES, PeerwayError, type Provider, type Tags } from '@peerway/core';
import { mechanismOf, ownerOfPeering, peeringObject } from './world/peeringFacts.js';
import type { SeenPeering, World } from './world/observe.js';
import {
  ADOPTED_TAG,
  CONNECTION_TAG,
  markerPlace,
  markerTags,
  markerText,
  readMarkerText,
  STACK_TAG,
} from './world/ownership.js';
import type { StackSpec } from './declaration/stack.js';
import { choiceOf, covers, pairKey, type Edge, type Topology } from './declaration/topology.js';

interface AdoptionInput {
  readonly stack: StackSpec;
  readonly topology: Topology;
  readonly world: World;
  readonly writers: ReadonlyMap<string, Provider>;
}

/** An empty description is refused by some clouds. */
const RELEASED = 'released by peerway';

interface Options {
  readonly signal?: AbortSignal;
}

export async function adopt(input: AdoptionInput, connection: string, options: Options): Promise<void> {
  const { stack, world } = input;
  let adopted = 0;
  for (const edge of edgesOf(input, connection)) {
    const [a, b] = [world.networks.get(edge.initiator), world.networks.get(edge.acceptor)];
    const live = (world.pairs.get(pairKey(a?.key ?? '', b?.key ?? '')) ?? []).filter(
      ({ peering }) => !isLeaving(peering.state),
    );
    for (const seen of live) {
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
      if (owner.kind !== 'ours')
        await mark(
          input,
          seen,
          { ...markerTags(stack.name, edge.connection), [ADOPTED_TAG]: 'yes' },
          `${markerText(stack.name, edge.connection)} adopted`,
          options,
        );
      adopted++;
    }
  }
  if (adopted > 0) return;
  throw new PeerwayError('NotFound', `Nothing joins the networks of ${connection} yet`, {
    resource: connection,
    remedy: 'Run `peerway apply` to make it.',
  });
}

export async function release(input: AdoptionInput, connection: string, options: Options): Promise<void> {
  const { stack, world } = input;
  let released = 0;
  for (const list of world.pairs.values()) {
    for (const seen of list) {
      const owner = ownerOfPeering(seen, stack.name);
      if (owner.kind !== 'ours' && owner.kind !== 'lost') continue;
      if (!covers(connection, owner.marker.connection)) continue;
      await releaseRoutes(input, seen, options);
      await mark(input, seen, undefined, '', options);
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
    if (provider.capabilities.routes.features.relabel.status !== 'supported') continue;
    const routes = network.tables.flatMap((table) => table.routes);
    for (const route of routes)
      if (route.nextHop.id === hop && readMarkerText(route.description)?.stack === stack.name)
        await provider.routes.describe(route, RELEASED, options);
  }
}

function edgesOf({ topology }: AdoptionInput, connection: string): readonly Edge[] {
  const edges = topology.edges.filter((edge) => covers(connection, edge.connection));
  if (edges.length > 0) return edges;
  throw new PeerwayError('InvalidArgument', `No connection is called ${connection}`, {
    remedy: choiceOf(
      topology.edges.map((edge) => edge.declared),
      'connections',
    ),
  });
}

/** Writes the marker, or takes it off, where the cloud keeps it: tags and description. */
async function mark(
  input: AdoptionInput,
  seen: SeenPeering,
  tags: Tags | undefined,
  text: string,
  options: Options,
): Promise<void> {
  const side = seen.providers.initiator === undefined ? 'acceptor' : 'initiator';
  const provider = input.writers.get(seen.providers[side]?.name ?? '');
  const mechanism = mechanismOf(seen);
  if (provider === undefined || mechanism === undefined) {
    throw new PeerwayError('FailedPrecondition', `No provider entry owns an end of ${peeringObject(seen)}`, {
      remedy: 'Add a provider entry for its account and region.',
    });
  }
  const { features } = mechanism;
  const { decides, changeable } = markerPlace(features);
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
    features.description.status === 'supported' &&
    (!retags || (tags === undefined && readMarkerText(seen.peering.description) !== undefined));
  const description = text === '' ? RELEASED : text;
  await provider.peerings.update(
    seen.peering.id,
    {
      ...(retags
        ? tags === undefined
          ? { removeTags: [STACK_TAG, CONNECTION_TAG, ADOPTED_TAG] }
          : { setTags: tags }
        : {}),
      ...(describes ? { description } : {}),
    },
    { side, mechanism: mechanism.name, ...options },
  );
}
