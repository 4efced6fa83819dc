/** Which of the options show on a peering that is there, and which of them can still be changed on it. Sends nothing. */
import type { SettingDrift } from '@peerway/core';
import type { AlibabaOptions } from './options.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import type { VpcPeerConnection } from './wire/api/vpcPeer.js';

/** What the service takes where none is named (docs/facts/alibaba.md 11.3). */
export const DEFAULT_LINK_TYPE = 'Gold';

/** `linkType` by ModifyVpcPeerConnection, the group by MoveResourceGroup (docs/facts/alibaba.md 3.5). */
export const vpcPeerDrift = (record: VpcPeerConnection, options: AlibabaOptions): SettingDrift[] => [
  ...linkTypeDrift(record, options),
  ...groupDrift(record.ResourceGroupId, options, 'in-place'),
];

/** Nothing in the sources moves a router interface to another group. */
export const pairDrift = (initiator: RouterInterface, options: AlibabaOptions): SettingDrift[] =>
  groupDrift(initiator.ResourceGroupId, options, 'fixed');

/** Without the option a peering between regions is to have the default; inside one region there is no such thing. */
function linkTypeDrift(record: VpcPeerConnection, { linkType }: AlibabaOptions): SettingDrift[] {
  if (record.RegionId === record.AcceptingRegionId) return [];
  const shown = record.LinkType === undefined || record.LinkType === '' ? DEFAULT_LINK_TYPE : record.LinkType;
  if (shown === (linkType ?? DEFAULT_LINK_TYPE)) return [];
  return [{ name: 'linkType', seen: shown, wanted: linkType ?? 'none', change: 'in-place' }];
}

/** Without the option the group is the account's default one, whose id nobody tells: whatever it is, it is right. */
function groupDrift(
  shown: string | undefined,
  { resourceGroupId: wanted }: AlibabaOptions,
  change: SettingDrift['change'],
): SettingDrift[] {
  if (wanted === undefined || shown === undefined || shown === wanted) return [];
  return [{ name: 'resourceGroupId', seen: shown === '' ? 'none' : shown, wanted, change }];
}
