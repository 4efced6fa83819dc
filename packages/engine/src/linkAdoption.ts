/** Taking over a line that somebody else made, and giving one back: by name, marks on the line and on its routes alike. */
import { isLeaving, isLive, PeerwayError, type Link, type Links, type Provider, type Route } from '@peerway/core';
import { covers, networkKey } from './declaration/topology.js';
import { announceToLinks, announceToPeerings } from './announcing.js';
import { describeRoute } from './routeMarks.js';
import type { LinkSpec, StackSpec } from './declaration/stack.js';
import { linksOf } from './world/linkEntries.js';
import { findLink, linkObject, ownerOfLink } from './world/linkFacts.js';
import type { SeenLink, SeenNetwork, World } from './world/seen.js';
import {
  ADOPTED_TAG,
  adoptingText,
  MARKER_TAGS,
  markerPlace,
  markerTags,
  markerText,
  readMarkerText,
  RELEASED,
  saidOf,
  traceOfMark,
} from './world/ownership.js';

interface LinkAdoptionInput {
  readonly stack: StackSpec;
  readonly world: World;
  readonly writers: ReadonlyMap<string, Provider>;
}

interface Options {
  readonly signal?: AbortSignal;
}

/** @throws PeerwayError `NotFound` when the port has no such link; `FailedPrecondition` when another stack owns it; `Unsupported` */
export async function adoptLink(input: LinkAdoptionInput, spec: LinkSpec, options: Options): Promise<void> {
  const { stack, world } = input;
  const network = world.networks.get(spec.network);
  const seen = network === undefined ? undefined : findLink(spec, network, world.links, stack.name);
  if (network === undefined || seen === undefined || isLeaving(seen.link.state))
    throw new PeerwayError('NotFound', `${spec.port} has no line with VLAN ${spec.vlan} yet`, {
      resource: spec.name,
      remedy: 'Run `peerway apply` to make it.',
    });
  const owner = ownerOfLink(seen, stack.name);
  if (owner.kind === 'other')
    throw new PeerwayError(
      'FailedPrecondition',
      `${linkObject(seen.link)} belongs to the stack ${owner.marker.stack}`,
      {
        resource: seen.link.id,
        remedy: `Release it there first: \`peerway release ${owner.marker.connection}\` with that stack's file.`,
      },
    );
  const provider = writerOf(input, seen);
  const text = markerText(stack.name, spec.name, { adopted: true });
  if (owner.kind !== 'ours') {
    await announceToPeerings(input, seen.other === undefined ? [seen.provider] : [seen.provider, seen.other], options);
    const also = await announceToLinks(input, seen, options);
    const tags = { ...markerTags(stack.name, spec.name), [ADOPTED_TAG]: 'yes' };
    const { description: limit } = provider.capabilities.links.limits;
    const description = adoptingText([stack.name, spec.name], seen.link.description, also, limit);
    const update = decides(provider) === 'tags' ? { setTags: tags } : { description };
    await writing(input, seen).update(seen.link.id, update, { wait: false, ...options });
  }
  // the routes after it: broken off in between, nothing of theirs looks like ours, and adopting again does the rest
  for (const route of await routesOf(seen, network, provider, options))
    if (isUnmarked(route, spec, seen, network))
      await describeRoute(writerOfRoute(input, route, seen, network), route, text, options);
}

/** The link that a declaration takes over, and how many of its network's routes; undefined: it is not there, or taken. */
export function adoptableLink(
  { stack, world }: Pick<LinkAdoptionInput, 'stack' | 'world'>,
  spec: LinkSpec,
): { readonly link: Link; readonly routes: number } | undefined {
  const network = world.networks.get(spec.network);
  const seen = network === undefined ? undefined : findLink(spec, network, world.links, stack.name);
  if (network === undefined || seen === undefined || !isLive(seen.link.state)) return undefined;
  const owner = ownerOfLink(seen, stack.name);
  const routes = network.tables
    .flatMap((table) => table.routes)
    .filter((route) => isUnmarked(route, spec, seen, network)).length;
  if (owner.kind === 'other' || (owner.kind === 'ours' && (!owner.marker.adopted || routes === 0))) return undefined;
  return { link: seen.link, routes };
}

/** Takes our marks off the links of this name, declared or not. @returns how many there were */
export async function releaseLinks(input: LinkAdoptionInput, name: string, options: Options): Promise<number> {
  const { stack, world } = input;
  let released = 0;
  for (const seen of world.links) {
    const owner = ownerOfLink(seen, stack.name);
    if ((owner.kind !== 'ours' && owner.kind !== 'lost') || !covers(name, owner.marker.connection)) continue;
    const provider = writerOf(input, seen);
    const network = world.byKey.get(networkKey(provider.id, seen.link.network ?? ''));
    for (const route of network?.tables.flatMap((table) => table.routes) ?? []) {
      const marker = readMarkerText(route.description);
      if (network !== undefined && marker?.stack === stack.name && marker.connection === owner.marker.connection)
        await describeRoute(writerOfRoute(input, route, seen, network), route, RELEASED, options);
    }
    const { description, tags } = seen.link;
    const removeTags = decides(provider) === 'tags' ? MARKER_TAGS.filter((key) => Object.hasOwn(tags, key)) : [];
    const update = {
      ...(removeTags.length === 0 ? {} : { removeTags }),
      ...(traceOfMark(description) === undefined ? {} : { description: saidOf(description) || RELEASED }),
    };
    await writing(input, seen).update(seen.link.id, update, { wait: false, ...options });
    released++;
  }
  return released;
}

const decides = (provider: Provider): 'tags' | 'description' | 'nothing' =>
  markerPlace(provider.capabilities.links.features).decides;

function writerOf({ writers }: LinkAdoptionInput, { link, provider: { name } }: SeenLink): Provider {
  const provider = writers.get(name);
  if (provider === undefined)
    throw new PeerwayError('FailedPrecondition', `No provider entry owns ${linkObject(link)}`, {
      remedy: 'Add a provider entry for its account and region.',
    });
  if (markerPlace(provider.capabilities.links.features).changeable) return provider;
  throw new PeerwayError('Unsupported', `${provider.displayName} cannot change the marker of a link`, {
    provider: provider.id,
    remedy: 'Delete the link and let Peerway make it, or leave it out of the stack.',
  });
}

/** The links of a reading, able to write on both ends. */
function writing(input: LinkAdoptionInput, seen: SeenLink): Links {
  const other = input.writers.get(seen.other?.name ?? '');
  return linksOf({ provider: writerOf(input, seen), ...(other === undefined ? {} : { other }) });
}

/** The border router's own table is where the link is kept, the others are the network's. */
function writerOfRoute(input: LinkAdoptionInput, route: Route, seen: SeenLink, network: SeenNetwork): Provider {
  const home = writerOf(input, seen);
  return route.table === seen.link.edge?.table ? home : (input.writers.get(network.provider.name) ?? home);
}

/** The routes of the network, and those of the border router's own table, which is read for marked links only. */
async function routesOf(
  { link }: SeenLink,
  network: SeenNetwork,
  provider: Provider,
  options: Options,
): Promise<readonly Route[]> {
  const seen = network.tables.flatMap((table) => table.routes);
  const edge = link.edge?.table;
  if (edge === undefined || network.tables.some(({ id }) => id === edge)) return seen;
  const own: Route[] = [];
  for await (const route of provider.routes.list(network.id, edge, options)) own.push(route);
  return [...seen, ...own];
}

const isUnmarked = (route: Route, spec: LinkSpec, seen: SeenLink, network: SeenNetwork): boolean =>
  readMarkerText(route.description) === undefined && isDeclared(route, spec, seen, network);

/** Exactly as declared: it came with the line, and goes with it. */
function isDeclared(route: Route, spec: LinkSpec, { link }: SeenLink, network: SeenNetwork): boolean {
  if (route.origin !== 'custom') return false;
  const to = (id: string | undefined, destinations: readonly string[]): boolean =>
    route.nextHop.id === id && destinations.includes(route.destination);
  return (
    to(link.nextHop?.id, spec.destinations) ||
    to(link.edge?.towardCustomer?.id, spec.destinations) ||
    to(link.edge?.towardNetwork?.id, network.network?.cidrs ?? [])
  );
}
