/** Records of the cloud that moto never shows, read into the neutral model. */
import { describe, expect, it } from '@jest/globals';
import { regionId } from '@peerway/core';
import { networkOf, peeringOf, tableOf } from '../src/convert.js';
import type { PeeringRecord, VpcRecord } from '../src/index.js';

const HERE = regionId('us-east-1');
const vpc = (fours: Record<string, string>, sixes: Record<string, string> = {}): VpcRecord => ({
  VpcId: 'vpc-1',
  OwnerId: '111111111111',
  State: 'available',
  CidrBlock: '10.0.0.0/16',
  CidrBlockAssociationSet: Object.entries(fours).map(([CidrBlock, State]) => ({
    CidrBlock,
    CidrBlockState: { State },
  })),
  Ipv6CidrBlockAssociationSet: Object.entries(sixes).map(([Ipv6CidrBlock, State]) => ({
    Ipv6CidrBlock,
    Ipv6CidrBlockState: { State },
  })),
});
const end = (VpcId: string) => ({ VpcId, OwnerId: '111111111111', Region: 'us-east-1' });
const peering = (Code: string): PeeringRecord => ({
  VpcPeeringConnectionId: 'pcx-1',
  RequesterVpcInfo: {
    ...end('vpc-1'),
    CidrBlock: '10.0.0.0/16',
    CidrBlockSet: [{ CidrBlock: '10.0.0.0/16' }, { CidrBlock: '10.9.0.1/16' }],
    Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '2001:DB8::/56' }],
  },
  AccepterVpcInfo: { ...end('vpc-2'), CidrBlock: '' },
  Status: { Code },
  ExpirationTime: new Date(0),
  Tags: [],
});

describe('a VPC', () => {
  it('has the prefixes that are associated, the primary one first and each once', () => {
    const states = ['associating', 'disassociating', 'disassociated', 'failing', 'failed'];
    const fours = Object.fromEntries(states.map((state, at) => [`10.${at + 1}.0.0/16`, state]));
    const sixes = Object.fromEntries(states.map((state, at) => [`2001:db8:${at + 1}::/56`, state]));
    const record = vpc(
      { '10.9.0.1/16': 'associated', ...fours, '10.0.0.0/16': 'associated' },
      { ...sixes, '2001:DB8:9::/56': 'associated' },
    );
    expect(networkOf(record, HERE).cidrs).toEqual(['10.0.0.0/16', '10.9.0.0/16', '2001:db8:9::/56']);
  });

  it('with a prefix in a state that nobody knows is not read', () => {
    expect(() => networkOf(vpc({ '10.9.0.0/16': 'dreaming' }), HERE)).toThrow('"dreaming"');
  });
});

describe('a peering', () => {
  it('shows all prefixes of an end, and of one that has agreed to nothing none', () => {
    const { initiator, acceptor } = peeringOf(peering('pending-acceptance'), 'initiator');
    expect(initiator.cidrs).toEqual(['10.0.0.0/16', '10.9.0.0/16', '2001:db8::/56']);
    expect(acceptor).not.toHaveProperty('cidrs');
  });

  it('lapses while it waits, says why it lapsed, and afterwards no more', () => {
    const seen = ['pending-acceptance', 'active', 'expired'].map((code) => peeringOf(peering(code), 'acceptor'));
    expect(seen.map(({ state, reason, next, expiresAt }) => [state, reason, next, expiresAt])).toEqual([
      ['pending-acceptance', undefined, { side: 'acceptor', verb: 'accept' }, new Date(0)],
      ['active', undefined, undefined, undefined],
      ['expired', 'acceptance-timeout', undefined, undefined],
    ]);
  });
});

describe('a table', () => {
  const table = (Associations: readonly { readonly Main?: boolean; readonly SubnetId?: string }[]) =>
    tableOf({ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Routes: [], Associations });

  it('of its own making says how many subnets use it; gateways are none', () => {
    const associations = [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }, { SubnetId: '' }, {}];
    expect(table(associations)).toMatchObject({ kind: 'custom', subnets: 2 });
    expect(table([{ Main: true }])).toMatchObject({ kind: 'main' });
    expect(table([{ Main: true }])).not.toHaveProperty('subnets');
  });
});
