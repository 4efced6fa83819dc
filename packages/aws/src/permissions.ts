/**
 * Rights by operation, for `peerway policy`. The names of actions are those of the operations:
 * docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, checked 2026-11. `sts:GetCallerIdentity` needs none.
 */
import type { ProviderPermissions } from '@peerway/core';
import { MECHANISM } from './capabilities.js';

const ec2 = (...operations: readonly string[]): readonly string[] => operations.map((operation) => `ec2:${operation}`);

export const PERMISSIONS: ProviderPermissions = {
  read: ec2('DescribeVpcs', 'DescribeRouteTables', 'DescribeVpcPeeringConnections'),
  peerings: {
    [MECHANISM]: {
      read: [],
      initiate: ec2('CreateVpcPeeringConnection', 'CreateTags', 'DeleteTags', 'DeleteVpcPeeringConnection'),
      accept: ec2('AcceptVpcPeeringConnection', 'RejectVpcPeeringConnection', 'DeleteVpcPeeringConnection'),
      attributes: { dnsSync: ec2('ModifyVpcPeeringConnectionOptions') },
    },
  },
  routes: ec2('CreateRoute', 'DeleteRoute'),
  links: [],
  note: 'Attach the policy to the user or role whose keys the entry uses; actions on single VPCs may be narrowed by Resource and Condition.',
  document: (actions) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }],
  }),
};
