/** Which of the options show on what is there, and which of them can still be changed on it. Sends nothing. */
import type { ObjectSettings, SettingDrift } from '@peerway/core';
import type { AlibabaLinkOptions, AlibabaOptions, AlibabaPeeringOptions } from './options.js';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import type { VpcPeerConnection } from './wire/api/vpcPeer.js';

/** What the service takes where none is named (docs/facts/alibaba.md 11.3). */
export const DEFAULT_LINK_TYPE = 'Gold';

/** What holds for one peering: its own options, else its entry's. */
export const peeringOptions = (
  { linkType, resourceGroupId }: AlibabaOptions,
  settings: ObjectSettings = {},
): AlibabaPeeringOptions => ({
  ...(linkType === undefined ? {} : { linkType }),
  ...(resourceGroupId === undefined ? {} : { resourceGroupId }),
  ...(settings as AlibabaPeeringOptions),
});

/** What holds for one link: its own options, else those of the entry that owns the port. */
export const linkOptions = (
  { resourceGroupId }: AlibabaOptions,
  settings: ObjectSettings = {},
): AlibabaLinkOptions => ({
  ...(resourceGroupId === undefined ? {} : { resourceGroupId }),
  ...(settings as AlibabaLinkOptions),
});

/** The member that puts a new object into a resource group; empty where none is named. */
export const inGroup = ({
  resourceGroupId,
}: Pick<AlibabaPeeringOptions, 'resourceGroupId'>): { readonly ResourceGroupId?: string } =>
  resourceGroupId === undefined ? {} : { ResourceGroupId: resourceGroupId };

/** `linkType` by ModifyVpcPeerConnection, the group by MoveResourceGroup (docs/facts/alibaba.md 3.5). */
export const vpcPeerDrift = (record: VpcPeerConnection, options: AlibabaPeeringOptions): SettingDrift[] => [
  ...linkTypeDrift(record, options),
  ...groupDrift(record.ResourceGroupId, options, 'in-place'),
];

/** Nothing in the sources moves a router interface to another group. */
export const pairDrift = (initiator: RouterInterface, options: AlibabaPeeringOptions): SettingDrift[] =>
  groupDrift(initiator.ResourceGroupId, options, 'fixed');

/** The circuit code by ModifyVirtualBorderRouterAttribute (docs/facts/alibaba.md 3.3); nothing moves a border router to another group. */
export const borderRouterDrift = (
  { CircuitCode: shown = '', ResourceGroupId }: VirtualBorderRouter,
  options: AlibabaLinkOptions,
): SettingDrift[] => [
  ...(shown === (options.circuitCode ?? '')
    ? []
    : [
        {
          name: 'circuitCode',
          seen: shown === '' ? 'none' : shown,
          wanted: options.circuitCode ?? 'none',
          // nothing in the sources takes one away
          change: options.circuitCode === undefined ? ('fixed' as const) : ('in-place' as const),
        },
      ]),
  ...groupDrift(ResourceGroupId, options, 'fixed'),
];

/** Without the option a peering between regions is to have the default; inside one region there is no such thing. */
function linkTypeDrift(record: VpcPeerConnection, { linkType }: AlibabaPeeringOptions): SettingDrift[] {
  if (record.RegionId === record.AcceptingRegionId) return [];
  const shown = record.LinkType === undefined || record.LinkType === '' ? DEFAULT_LINK_TYPE : record.LinkType;
  if (shown === (linkType ?? DEFAULT_LINK_TYPE)) return [];
  return [{ name: 'linkType', seen: shown, wanted: linkType ?? 'none', change: 'in-place' }];
}

/** Without the option the group is the account's default one, whose id nobody tells: whatever it is, it is right. */
function groupDrift(
  shown: string | undefined,
  { resourceGroupId: wanted }: Pick<AlibabaPeeringOptions, 'resourceGroupId'>,
  change: SettingDrift['change'],
): SettingDrift[] {
  if (wanted === undefined || shown === undefined || shown === wanted) return [];
  return [{ name: 'resourceGroupId', seen: shown === '' ? 'none' : shown, wanted, change }];
}
