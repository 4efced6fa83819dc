/**
 * Rights by operation, for `peerway policy`. The console grants VPC rights per sub-product in three grades, read-only,
 * operate and manage (cloud.baidu.com/doc/VPC/s/2jwvytwrr, checked 2026-11); whether an access control list takes
 * single operations as its permissions, and under this service name, is [unverified]. The list is exact either way: it
 * is what the keys are used for.
 */
import type { ProviderPermissions } from '@peerway/core';

const vpc = (...operations: readonly string[]): readonly string[] => operations.map((operation) => `vpc:${operation}`);

export const PERMISSIONS: ProviderPermissions = {
  read: vpc(
    'QueryVpcList',
    'QueryRoutingTable',
    'QueryRoutingRules',
    'ListPeerConn',
    'QueryTheListOfDedicatedLineGateways',
  ),
  peerings: {
    peerconn: {
      read: vpc('GetPeerConn'),
      initiate: vpc('CreatePeerConn', 'UpdatePeerConn', 'UpdatePeerConnBandwidth', 'ReleasePeerConn'),
      accept: vpc('AcceptPeerConn'),
      attributes: {
        dnsSync: vpc('OpenPeerConnSyncDns', 'ClosePeerConnSyncDns'),
        deletionProtection: vpc('UpdatePeerConnDeleteProtect'),
      },
    },
  },
  routes: vpc('CreateRoutingRules', 'UpdateRoutingRules', 'DeleteRoutingRules'),
  links: vpc(
    'QueryDedicatedChannel',
    'QueryTheDetailsOfTheDedicatedGateway',
    'CreateDedicatedGateway',
    'UpdateDedicatedGateway',
    'BindPhysicalDedicatedLine',
    'UnbindPhysicalDedicatedLine',
    'ReleaseDedicatedGateway',
  ),
  linkAttributes: { healthCheck: vpc('CreateDedicatedGatewayHealthCheck') },
  note: 'Baidu AI Cloud grants rights per sub-product (read-only, operate, manage); give the key the smallest grades that cover these operations.',
  document: (actions) => ({
    accessControlList: [
      { service: 'bce:vpc', region: '*', resource: ['*'], effect: 'Allow', permission: [...actions] },
    ],
  }),
};
