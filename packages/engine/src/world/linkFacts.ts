/** What is known of one link: its owner, and the declaration that it belongs to. */
import type { Link, NextHop } from '@peerway/core';
import type { LinkSpec } from '../declaration/stack.js';
import type { LinkWork } from '../plan/plan.js';
import type { SeenLink, SeenNetwork } from './seen.js';
import { declaredOfLink, toName } from './authorship.js';
import { markerPlace, markerTags, markerText, ownerOf, type Owner } from './ownership.js';
import { entriesOf } from './linkEntries.js';
import { tagList } from './tagList.js';

export const ownerOfLink = ({ link, provider, leftMark }: SeenLink, stack: string): Owner => {
  const owner = ownerOf(link, stack, markerPlace(provider.capabilities.links.features).decides);
  const known: Owner = owner.kind === 'none' && leftMark !== undefined ? { kind: 'lost', ...leftMark } : owner;
  return known.kind === 'lost' ? (takerOf(link, stack) ?? known) : known;
};

/** Another stack that has begun to take over what lost our mark: it marks the parts first. */
const takerOf = ({ partTags = [] }: Link, stack: string): Owner | undefined =>
  partTags.map((tags) => ownerOf({ tags, description: '' }, stack, 'tags')).find(({ kind }) => kind === 'other');

export const linkObject = ({ id }: Link): string => `link ${id}`;

/** Every next hop at which a route can point because of a link, those of its retired parts among them. */
export const linkHops = ({ nextHop, edge, retiredHops = [] }: Link): readonly NextHop[] =>
  [nextHop, edge?.towardCustomer, edge?.towardNetwork, ...retiredHops].filter((hop) => hop !== undefined);

/** Where a link is on its port, for people. */
export const linkPlace = ({ port, vlan }: Link): string =>
  port === undefined ? 'bound to no port' : `${port} vlan ${vlan ?? '?'}`;

/** The link of a declaration: the same port and VLAN, or else the one that carries its marker. */
export function findLink(
  spec: LinkSpec,
  network: SeenNetwork,
  links: readonly SeenLink[],
  stack: string,
): SeenLink | undefined {
  const home = entriesOf(spec, network).provider.name;
  const alive = links.filter((seen) => seen.provider.name === home && seen.link.state !== 'deleted');
  const marked = alive.find((seen) => {
    const owner = ownerOfLink(seen, stack);
    return owner.kind === 'ours' && owner.marker.connection === spec.name;
  });
  return alive.find((seen) => seen.link.port === spec.port && seen.link.vlan === spec.vlan) ?? marked;
}

/** The request that makes a declared link, our marker and the list of its tags included. */
export function linkWork(spec: LinkSpec, network: SeenNetwork, stack: string, also = false): LinkWork {
  const { features } = network.provider.capabilities.links;
  const has = (feature: keyof typeof features): boolean => features[feature].status === 'supported';
  const byText = markerPlace(features).decides === 'description';
  const set = toName(declaredOfLink(spec), false);
  const listing = has('retag') ? tagList(Object.keys(spec.tags ?? {}), byText ? [] : set) : {};
  const { description: text = '' } = spec;
  return {
    network: network.id,
    port: spec.port,
    vlan: spec.vlan,
    cloudIp: spec.cloudIp,
    customerIp: spec.customerIp,
    name: spec.name,
    tags: has('tags') ? { ...spec.tags, ...markerTags(stack, spec.name), ...listing } : {},
    ...(has('description')
      ? { description: markerText(stack, spec.name, { also, set: byText ? set : [], text }) }
      : {}),
    ...(spec.bandwidthMbps === undefined ? {} : { bandwidthMbps: spec.bandwidthMbps }),
    ...(spec.healthCheck === undefined ? {} : { healthCheck: spec.healthCheck }),
    ...(spec.settings === undefined || Object.keys(spec.settings).length === 0 ? {} : { settings: spec.settings }),
  };
}
