/** The catalogue of ways in which the cloud can differ from the declaration. Each kind has a name, so that people and programs can act on it. */

/** Kind → what it means, for documentation and for `--help`. */
export const DRIFT_KINDS = {
  'peering-missing': 'declared, and there is none',
  'peering-deleted': 'our routes are still there, the peering is not: somebody deleted it',
  'peering-rejected': 'the acceptor refused',
  'peering-expired': 'nobody accepted in time',
  'peering-term-ended': 'the paid term has ended',
  'peering-rejected-or-expired': 'refused or not accepted in time; the cloud does not tell which',
  'peering-failed': 'the cloud could not make it',
  'peering-pending-acceptance': 'made, and not accepted yet',
  'peering-provisioning': 'the cloud is still making it',
  'peering-updating': 'the cloud is changing it',
  'peering-deleting': 'the cloud is removing it',
  'peering-step-missing': 'a step of the handshake is still to be taken',
  'peering-half-made': 'only a part of its cloud objects exists',
  'peering-half-missing': 'the other half is gone',
  'peering-suspended': 'switched off by an owner',
  'peering-billing-locked': 'locked for lack of payment',
  'peering-inactive': 'switched off by the cloud',
  'peering-unmarked': 'there, and not marked as ours',
  'peering-of-other-stack': 'there, and marked by another stack',
  'peering-renamed': 'ours, marked with another connection name',
  'peering-name-changed': 'another name in the cloud than the one that Peerway gives',
  'peering-undeclared': 'ours, and no longer declared',
  'peering-duplicate': 'more than one for the pair',
  'peering-mechanism': 'made by another mechanism than declared',
  'marker-lost': 'a part of our mark was removed',
  'tag-missing': 'a declared tag is not there',
  'tag-changed': 'a declared tag has another value',
  'tag-left': 'a tag that left the file is still there',
  'setting-changed': 'a setting of the provider is not as declared',
  'bandwidth-changed': 'another bandwidth than declared',
  'bandwidth-unlimited': 'the cloud enforces no limit although one is declared',
  'description-changed': 'another description than declared',
  'deletion-protection-changed': 'deletion protection is not as declared',
  'dns-changed': 'names do not resolve as declared',
  'deletion-protection-on': 'an owner switched deletion protection on',
  'next-hop-missing': 'active, and the cloud shows no next hop for routes',
  'route-missing': 'declared, and not in the table',
  'route-for-new-prefix': 'the other network has a prefix that has no route yet',
  'route-for-lost-prefix': 'ours, to a prefix that the other network no longer has',
  'route-foreign-in-place': 'somebody else’s route holds the destination',
  'route-system-in-place': 'the cloud’s own route holds the destination',
  'route-of-other-stack': 'another stack’s route holds the destination',
  'route-wrong-next-hop': 'ours, pointing at something else',
  'route-stale': 'ours, pointing at a peering that is gone or being replaced',
  'route-blackhole': 'ours, dropping traffic',
  'route-filtered': 'there, and the cloud does not use it',
  'route-provisioning': 'the cloud is still writing it',
  'route-deleting': 'the cloud is removing it',
  'route-unmarked': 'right, and not marked as ours',
  'route-renamed': 'right, and marked with another connection name',
  'route-undeclared': 'ours, and no longer declared',
  'table-missing': 'a declared route table is not there',
  'network-missing': 'a declared network is not there',
  'network-not-active': 'a declared network is not usable now',
  'link-missing': 'declared, and there is none',
  'link-unmarked': 'there, and not marked as ours',
  'link-of-other-stack': 'there, and marked by another stack',
  'link-provisioning': 'the cloud is still making it',
  'link-step-missing': 'a step of its creation is still to be taken',
  'link-half-made': 'only a part of its cloud objects exists',
  'link-suspended': 'switched off by an owner',
  'link-inactive': 'switched off by the cloud',
  'link-terminal': 'failed, rejected or expired',
  'link-deleting': 'the cloud is removing it',
  'link-elsewhere': 'attached to another network',
  'link-moved': 'on another port or VLAN than declared',
  'link-addresses-changed': 'other addresses than declared',
  'link-name-changed': 'another name than declared',
  'link-renamed': 'ours, marked with another name',
  'link-prefixes-changed': 'the line is offered other prefixes than the network has',
  'health-check-changed': 'the line is not probed as declared',
  'link-undeclared': 'ours, and no longer declared',
} as const;

export type DriftKind = keyof typeof DRIFT_KINDS;

export interface DriftItem {
  readonly kind: DriftKind;
  /** The expanded connection or link. */
  readonly connection: string;
  /** E.g. `peering pcc-1`, `route 10.1.0.0/16 in vtb-1 (web)`. */
  readonly object: string;
  /** One sentence for people. */
  readonly detail: string;
}
