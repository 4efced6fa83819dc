/**
 * Whose is what an object carries, attribute by attribute. Whatever the file says, holds; what it no longer says goes back to the cloud's
 * default when it is ours, and is left alone else. There is no state file, so the marks of the object name what we have set.
 */
import type { SettingDrift } from '@peerway/core';
import type { DnsSpec, LinkSpec, PeeringSpec } from '../declaration/stack.js';

/** Things that people switch by hand, for their own reasons: only what our marks name is ours to switch back. */
const SWITCHES: ReadonlySet<string> = new Set(['deletionProtection', 'dnsSync', 'healthCheck']);

/** Whose an object's attributes are: ours all of it, or its maker's but for what the marks name. */
export interface Authorship {
  readonly adopted: boolean;
  /** Whether the marks say that we set what the file calls so. */
  readonly says: (name: string) => boolean;
}

/** Whether something that the file does not mention (any more) goes back to the cloud's default. */
export const isOurs = (name: string, { adopted, says }: Authorship): boolean =>
  says(name) || (!adopted && !SWITCHES.has(name));

/** What the marks have to name of the declared attributes. A description of ours tells by itself, for it begins with the mark. */
export const toName = (declared: readonly string[], adopted: boolean): string[] =>
  declared.filter((name) => adopted || name !== 'description').sort();

/** What of a provider's findings is the file's business: not what somebody else chose, nor what nothing can take back, unless we set it. */
export const ourDrift = (drift: readonly SettingDrift[], author: Authorship): readonly SettingDrift[] =>
  drift.filter(
    ({ name, wanted, change }) => wanted !== 'none' || (change === 'fixed' ? author.says(name) : isOurs(name, author)),
  );

/** What a connection says of each of its peerings, by the names of the file. */
export const declaredAttributes = (peering: PeeringSpec, dnsSync: DnsSpec | undefined): string[] => [
  ...(peering.description === undefined ? [] : ['description']),
  ...(peering.deletionProtection === undefined ? [] : ['deletionProtection']),
  ...(dnsSync === undefined ? [] : ['dnsSync']),
  ...Object.keys(peering.settings ?? {}),
];

/** The same of a link. */
export const declaredOfLink = ({ description, healthCheck, settings = {} }: LinkSpec): string[] => [
  ...(description === undefined ? [] : ['description']),
  ...(healthCheck === undefined ? [] : ['healthCheck']),
  ...Object.keys(settings),
];
