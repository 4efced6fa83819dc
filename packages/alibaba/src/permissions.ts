/**
 * RAM actions by what is done with them, for `peerway policy`. An action is the product's RAM code and the operation; VpcPeer
 * operations carry the code `vpc` too (docs/facts/alibaba.md 2.1, vendor metadata, checked 2026-11). Resources stay `*`: creating needs it, and an
 * interface of another account has no ARN of ours.
 */
import type { ProviderPermissions } from '@peerway/core';

const vpc = (...operations: readonly string[]): readonly string[] => operations.map((operation) => `vpc:${operation}`);

const TAGS = ['TagResources', 'UnTagResources'] as const;
/** One side of a pair of router interfaces; a link is such a pair as well. */
const INTERFACE = ['CreateRouterInterface', 'DeactivateRouterInterface', 'DeleteRouterInterface'] as const;
/** A pair that an owner has switched off is switched on again. */
const RESUME = 'ActivateRouterInterface';
const JOIN = ['ConnectRouterInterface', 'ModifyRouterInterfaceAttribute'] as const;

export const PERMISSIONS: ProviderPermissions = {
  // every mechanism is read, because any of them may join a pair of networks already
  read: vpc(
    'DescribeVpcs',
    'DescribeRouteTableList',
    'DescribeRouteEntryList',
    'DescribeRouterInterfaces',
    'DescribeVirtualBorderRouters',
    'ListVpcPeerConnections',
  ),
  peerings: {
    'vpc-peer': {
      read: vpc('GetVpcPeerConnectionAttribute'),
      initiate: vpc(
        'CreateVpcPeerConnection',
        'ModifyVpcPeerConnection',
        'MoveResourceGroup',
        'DeleteVpcPeerConnection',
        ...TAGS,
      ),
      accept: vpc('AcceptVpcPeerConnection'),
    },
    'router-interface': {
      read: [],
      initiate: vpc(...INTERFACE, RESUME, ...JOIN, 'ModifyRouterInterfaceSpec', ...TAGS),
      // adopt, release and a rename write the marks of each half
      accept: vpc(...INTERFACE, RESUME, 'ModifyRouterInterfaceAttribute', ...TAGS),
    },
  },
  routes: vpc('CreateRouteEntry', 'CreateRouteEntries', 'ModifyRouteEntry', 'DeleteRouteEntry', 'DeleteRouteEntries'),
  links: vpc(
    'DescribePhysicalConnections',
    'CreateVirtualBorderRouter',
    'ModifyVirtualBorderRouterAttribute',
    'RecoverVirtualBorderRouter',
    'DeleteVirtualBorderRouter',
    ...INTERFACE,
    RESUME,
    ...JOIN,
    'ModifyRouterInterfaceSpec',
    ...TAGS,
  ),
  note: 'Where a profile assumes a role, these are the rights of the role; the user who assumes it needs sts:AssumeRole on it, and the role must trust the user’s account.',
  document: (actions) => ({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: [...actions], Resource: ['*'] }],
  }),
};
