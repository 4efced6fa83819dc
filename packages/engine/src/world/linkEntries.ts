/** Which provider entries the two ends of a link belong to: mostly one. */
import type { Link, Links, Provider } from '@peerway/core';
import type { LinkSpec } from '../declaration/stack.js';
import type { LinkEntryNames } from '../plan/plan.js';

export interface LinkEntries {
  /** Where the link is kept. */
  readonly provider: Provider;
  /** The other end's entry, where it is another one. */
  readonly other?: Provider;
}

/** The entries of a declared link. Without `other` too where the cloud joins no two entries, which the checks say. */
export function entriesOf({ portProvider }: LinkSpec, { provider }: { readonly provider: Provider }): LinkEntries {
  const { home } = provider.capabilities.links;
  if (portProvider === undefined || portProvider.name === provider.name || home === undefined) return { provider };
  if (portProvider.id !== provider.id) return { provider };
  return home === 'port' ? { provider: portProvider, other: provider } : { provider, other: portProvider };
}

/** What reads and changes such links. */
export const linksOf = ({ provider, other }: LinkEntries): Links =>
  other === undefined ? provider.links : provider.links.across(other.links);

/** The entry of the network that the link ends in; undefined where no entry speaks for it. */
export function networkEntryOf({ provider, other, link }: LinkEntries & { readonly link: Link }): Provider | undefined {
  if (other === undefined) return link.networkAt === undefined ? provider : undefined;
  return provider.capabilities.links.home === 'port' ? other : provider;
}

/** The same as a plan says it. */
export const entryNamesOf = ({ provider, other }: LinkEntries): LinkEntryNames => ({
  provider: provider.name,
  ...(other === undefined ? {} : { other: other.name }),
});
