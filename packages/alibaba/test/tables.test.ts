/** The tables and pure functions: states, errors, identities, readings of pairs and links. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { networkId, regionId, type ErrorCode, type RetryAdvice } from '@peerway/core';
import { ERROR_RULES, ruleFor } from '@peerway/alibaba';
import { plain } from '../src/wire/plainJson.js';
import { SPECS } from '../src/capabilities.js';
import { instantOf, networkOf, routeOf, vpcPeeringOf } from '../src/convert.js';
import { fromNative } from '../src/wire/errors.js';
import { maskOf, prefixLengthOf } from '../src/convertLink.js';
import { nextPage } from '../src/wire/paging.js';
import { mbpsOf, specOf } from '../src/routerInterface/spec.js';
import {
  ROUTE_STATES,
  ROUTER_INTERFACE_PHASES,
  stateOf,
  VBR_STATES,
  VPC_PEER_STATES,
  VPC_STATES,
} from '../src/states.js';
import { DOCUMENTS } from './vendorDocuments.js';

const REGION = regionId('cn-hangzhou');

describe('errors', () => {
  type Row = readonly [string, string, ErrorCode, RetryAdvice, ('unknown' | undefined)?];
  const WRITE = 'CreateRouterInterface';
  const rows: readonly Row[] = [
    ['Throttling', WRITE, 'Throttled', 'backoff'],
    ['Throttling.User', WRITE, 'Throttled', 'backoff'],
    ['Throttling.Api', WRITE, 'Throttled', 'backoff'],
    ['Rejected.Throttling', WRITE, 'Throttled', 'backoff'],
    ['ServiceUnavailable', WRITE, 'Unavailable', 'backoff', 'unknown'],
    ['SystemBusy', WRITE, 'Unavailable', 'backoff'],
    ['System.ServiceBusy', WRITE, 'Unavailable', 'backoff'],
    ['OperationFailed.SystemBusy', 'DeleteVSwitch', 'Unavailable', 'backoff'],
    ['InternalError', WRITE, 'Unavailable', 'backoff', 'unknown'],
    ['UnknownError', WRITE, 'Unavailable', 'backoff', 'unknown'],
    ['VPC.ERROR', 'CreateRouteEntry', 'Unavailable', 'backoff', 'unknown'],
    ['Vpc.Error', 'DeleteRouteEntry', 'Unavailable', 'backoff', 'unknown'],
    ['Internal.Error', 'DeleteRouteEntry', 'Unavailable', 'backoff', 'unknown'],
    ['TaskConflict', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['OperationConflict', 'DeleteRouterInterface', 'Conflict', 'settle'],
    ['OperationFailed.DistibuteLock', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['LastTokenProcessing', WRITE, 'Conflict', 'settle'],
    ['TOKEN_PROCESSING', 'CreateVpc', 'Conflict', 'settle'],
    ['OperationFailed.IdempotentTokenProcessing', 'CreateVSwitch', 'Conflict', 'settle'],
    ['IdempotentParameterMismatch', WRITE, 'InvalidArgument', 'never'],
    ['IncorrectRouteEntryStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrcetRouteEntryStatus', 'DeleteRouteEntry', 'Conflict', 'settle'],
    ['IncorrectVpcStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectVSwitchStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectHaVipStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectInstanceStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectStatus.RouteTableStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectStatus.MultiScopeRiRouteEntry', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['InvalidVBRStatus', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectStatus.RouterInterface', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectStatus.VpcPeer', 'CreateRouteEntry', 'Conflict', 'settle'],
    ['IncorrectStatus.VpcPeer', 'AcceptVpcPeerConnection', 'FailedPrecondition', 'never'],
    ['IncorrectStatus.CenStatus', WRITE, 'Conflict', 'settle'],
    ['IncorrectRIStatus', 'ConnectRouterInterface', 'FailedPrecondition', 'never'],
    ['IncorrectStatus', 'DeleteRouterInterface', 'FailedPrecondition', 'never'],
    ['InvalidInstance.StatusError', 'DeleteRouterInterface', 'FailedPrecondition', 'never'],
    ['INSTANCE_IN_PROCESSIONG', 'ModifyRouterInterfaceAttribute', 'Conflict', 'settle'],
    ['IncorrectOppositeInterfaceInfo.NotSet', 'ConnectRouterInterface', 'Conflict', 'settle'],
    ['IncorrectOppositeInterfaceInfo', 'ConnectRouterInterface', 'FailedPrecondition', 'never'],
    ['AttrMismatching.AcceptingSideOppositeInterfaceId', 'ConnectRouterInterface', 'Conflict', 'settle'],
    ['AttrMismatching.AcceptingSideRole', 'ConnectRouterInterface', 'FailedPrecondition', 'never'],
    ['IncorrectRole.NotInitiatingSide', 'ConnectRouterInterface', 'FailedPrecondition', 'never'],
    ['OppositeRouterInterfaceIsDeleted', 'ActivateRouterInterface', 'FailedPrecondition', 'never'],
    ['DependencyViolation.RouterInterfaceReferedByRouteEntry', 'DeleteRouterInterface', 'Conflict', 'settle'],
    ['RouterInterfaceReferredByRouteEntry', 'DeleteRouterInterface', 'Conflict', 'settle'],
    ['OperationDenied.RouteEntryExist', 'DeleteVpcPeerConnection', 'Conflict', 'settle'],
    ['RouterEntryConflict.Duplicated', 'CreateRouteEntry', 'AlreadyExists', 'never'],
    ['InvalidCIDRBlock.Duplicate', 'CreateRouteEntry', 'AlreadyExists', 'never'],
    ['InvalidRouteEntry.Duplicate', 'CreateRouteEntry', 'AlreadyExists', 'never'],
    ['RouteConflict.AlreadyExist', 'CreateRouteEntry', 'AlreadyExists', 'never'],
    ['Duplicated.VpcNextHop', 'CreateRouteEntry', 'AlreadyExists', 'never'],
    ['VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE', 'CreateRouteEntries', 'AlreadyExists', 'never'],
    ['HaveConnectionBetweenRouters', WRITE, 'AlreadyExists', 'never'],
    ['Forbidden.OnlyOneConnection', 'ConnectRouterInterface', 'AlreadyExists', 'never'],
    ['InvalidVlanId.Used', 'CreateVirtualBorderRouter', 'AlreadyExists', 'never'],
    ['ResourceNotFound.InstanceId', 'GetVpcPeerConnectionAttribute', 'NotFound', 'never'],
    ['InvalidInstanceId.NotFound', 'DeleteRouterInterface', 'NotFound', 'never'],
    ['InvalidRouteEntry.NotFound', 'DeleteRouteEntry', 'NotFound', 'never'],
    ['InvalidRouteEntryId.NotFound', 'DeleteRouteEntry', 'NotFound', 'never'],
    ['InvalidRouterInterfaceId.NotFound', 'ConnectRouterInterface', 'NotFound', 'never'],
    ['InvalidVbrId.NotFound', 'DeleteVirtualBorderRouter', 'NotFound', 'never'],
    ['VPC_ROUTER_ENTRY_NOT_EXIST', 'DeleteRouteEntries', 'NotFound', 'never'],
    ['InvalidRegionId.NotFound', WRITE, 'InvalidArgument', 'never'],
    ['LimitationExceed.InterfaceNumberOnRouter', WRITE, 'QuotaExceeded', 'never'],
    ['QuotaExceeded', WRITE, 'QuotaExceeded', 'never'],
    ['NumberExceed.Tags', 'TagResources', 'QuotaExceeded', 'never'],
    ['SizeLimitExceeded.TagNum', 'TagResources', 'QuotaExceeded', 'never'],
    ['Forbidden.RAM', WRITE, 'PermissionDenied', 'never'],
    ['Forbidden', WRITE, 'PermissionDenied', 'never'],
    ['NoPermission', WRITE, 'PermissionDenied', 'never'],
    ['Forbbiden', 'ActivateRouterInterface', 'PermissionDenied', 'never'],
    ['Forbbiden', 'DeleteRouteEntry', 'PermissionDenied', 'settle'],
    ['OperationDenied', 'DeleteRouteEntry', 'PermissionDenied', 'never'],
    ['Forbidden.FinancialLocked', 'ActivateRouterInterface', 'PaymentRequired', 'never'],
    ['Forbidden.BillsOutstanding', WRITE, 'PaymentRequired', 'never'],
    ['InsufficientBalance', WRITE, 'PaymentRequired', 'never'],
    ['SignatureDoesNotMatch', WRITE, 'Unauthenticated', 'never'],
    ['InvalidAccessKeyId.NotFound', WRITE, 'Unauthenticated', 'never'],
    ['InvalidAccessKeyId.Inactive', WRITE, 'Unauthenticated', 'never'],
    ['Forbidden.AccessKeyDisabled', WRITE, 'Unauthenticated', 'never'],
    ['InvalidSecurityToken.Expired', WRITE, 'Unauthenticated', 'never'],
    ['InvalidTimeStamp.Expired', WRITE, 'Unauthenticated', 'once'],
    ['SignatureNonceUsed', WRITE, 'Conflict', 'once', 'unknown'],
    ['InvalidAction.NotFound', WRITE, 'Internal', 'never'],
    ['MissingRegionId', WRITE, 'InvalidArgument', 'never'],
    ['InvalidSpec.ValudNotSupported', WRITE, 'InvalidArgument', 'never'],
    ['IllegalParam.CidrBlock', 'CreateRouteEntry', 'InvalidArgument', 'never'],
    ['ParamExclusive.NextHopIdAndList', 'DeleteRouteEntry', 'InvalidArgument', 'never'],
    ['CROSS_BID.FORBIDDEN', 'ConnectRouterInterface', 'Unsupported', 'never'],
    ['INVAID_VBR_STATUS', WRITE, 'Conflict', 'settle'],
  ];

  it.each(rows)('%s of %s is %s, repeat: %s', (...row) => {
    const [nativeCode, operation, code, retry, outcome] = row;
    const error = fromNative({
      operation,
      nativeCode,
      mutating: true,
      httpStatus: 400,
      requestId: 'R',
      message: 'words',
    });
    expect([error.code, error.retry, error.details.outcome]).toEqual([code, retry, outcome]);
    expect(error.details).toMatchObject({ nativeCode, nativeOperation: operation, httpStatus: 400, requestId: 'R' });
    expect(fromNative({ operation, nativeCode, mutating: false }).details.outcome).toBeUndefined();
  });

  it.each([
    [500, 'Unavailable'],
    [503, 'Unavailable'],
    [429, 'Throttled'],
    [409, 'Conflict'],
    [404, 'NotFound'],
    [403, 'PermissionDenied'],
    [400, 'Unknown'],
  ])('a code that no row knows falls back on the status %i', (httpStatus, code) => {
    expect(fromNative({ operation: 'X', nativeCode: 'Quite.New', mutating: true, httpStatus }).code).toBe(code);
  });

  it('no row is hidden by an earlier one', () => {
    for (const rule of ERROR_RULES) {
      if (rule.match instanceof RegExp) continue;
      const operation = rule.on?.source.includes('DeleteRouteEntr') ? 'DeleteRouteEntry' : 'CreateRouteEntry';
      for (const code of rule.match) expect([code, ruleFor(code, operation)]).toEqual([code, rule]);
    }
  });

  it('every code of the reference of CreateVpcPeerConnection is known', () => {
    const { errors, errorStatus: httpStatus } = DOCUMENTS.references['11.3'];
    expect(Object.keys(errors)).toHaveLength(24);
    for (const nativeCode of Object.keys(errors)) {
      const error = fromNative({ operation: 'CreateVpcPeerConnection', nativeCode, mutating: true, httpStatus });
      expect([nativeCode, error.code]).not.toEqual([nativeCode, 'Unknown']);
    }
  });
});

describe('states', () => {
  it('every documented word has one meaning', () => {
    expect(VPC_PEER_STATES).toEqual({
      Creating: { state: 'provisioning' },
      Accepting: { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
      Updating: { state: 'updating' },
      Rejected: { state: 'rejected' },
      Expired: { state: 'expired', reason: 'acceptance-timeout' },
      Activated: { state: 'active' },
      Deleting: { state: 'deleting' },
      Deleted: { state: 'deleted' },
    });
    expect(Object.keys(ROUTER_INTERFACE_PHASES)).toHaveLength(9);
    expect(Object.keys(VBR_STATES)).toHaveLength(6);
    expect(ROUTE_STATES).toEqual({
      Pending: 'provisioning',
      Available: 'active',
      Modifying: 'provisioning',
      Deleting: 'deleting',
    });
    expect(VPC_STATES).toEqual({ Pending: 'provisioning', Available: 'active' });
  });

  it.each(['WaitingConnection', '', 'active', 'constructor', 'toString', '__proto__'])(
    'the word %j is reported, not guessed',
    (word) => {
      expect(() => stateOf(ROUTER_INTERFACE_PHASES, word, 'ri-1')).toThrow(
        expect.objectContaining({ code: 'Unknown' }),
      );
    },
  );
});

describe('conversions', () => {
  const vpc = { VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/16', OwnerId: 5 };

  it('a network lists primary, secondary and IPv6 prefixes, each once, and its table only when there is one', () => {
    const network = networkOf(
      {
        ...vpc,
        SecondaryCidrBlocks: { SecondaryCidrBlock: ['172.16.0.0/12'] },
        Ipv6CidrBlock: '2408:4000::/56',
        Ipv6CidrBlocks: { Ipv6CidrBlock: [{ Ipv6CidrBlock: '2408:4000::/56' }, { Ipv6CidrBlock: '2408:4001::/56' }] },
        RouterTableIds: { RouterTableIds: ['vtb-1'] },
      },
      REGION,
    );
    expect(network).toMatchObject({ account: '5', mainRouteTable: 'vtb-1', name: '', state: 'active' });
    expect(network.cidrs).toEqual(['10.0.0.0/16', '172.16.0.0/12', '2408:4000::/56', '2408:4001::/56']);
    const two = networkOf({ ...vpc, RouterTableIds: { RouterTableIds: ['vtb-1', 'vtb-2'] } }, REGION);
    expect(two).not.toHaveProperty('mainRouteTable');
  });

  it('a route tells its origin, and blackhole only when every hop is switched off', () => {
    const entry = {
      RouteTableId: 'vtb-1',
      DestinationCidrBlock: '10.1.0.0/16',
      Status: 'Available',
      Type: 'Custom',
      NextHops: { NextHop: [{ NextHopType: 'RouterInterface', NextHopId: 'ri-1', Enabled: 0 }] },
    };
    const network = networkId('vpc-1');
    expect(routeOf(entry, network, () => false)).toMatchObject({
      state: 'blackhole',
      origin: 'custom',
      nextHop: { kind: 'peering', id: 'ri-1' },
    });
    const on = [{ NextHopType: 'RouterInterface', NextHopId: 'ri-1', Enabled: 1 }];
    expect(routeOf({ ...entry, NextHops: { NextHop: on } }, network, () => true)).toMatchObject({
      state: 'active',
      nextHop: { kind: 'link' },
    });
    const [off] = entry.NextHops.NextHop;
    const half = { ...entry, NextHops: { NextHop: [...on, ...(off === undefined ? [] : [off])] } };
    expect(routeOf(half, network, () => true)).toMatchObject({ state: 'active', nativeState: 'Available' });
    const origins = ['Custom', 'System', 'BGP', 'CEN', 'ECR'].map(
      (Type) => routeOf({ ...entry, Type }, network, () => true).origin,
    );
    expect(origins).toEqual(['custom', 'system', 'propagated', 'propagated', 'propagated']);
    const bare = { ...entry, DestinationCidrBlock: '2408:4001::7' };
    expect(routeOf(bare, network, () => true).destination).toBe('2408:4001::7/128');
    const system = {
      ...entry,
      Type: 'System',
      DestinationCidrBlock: '10.1.2.3',
      NextHops: { NextHop: [{ NextHopType: 'local' }] },
    };
    expect(routeOf(system, network, () => true)).toMatchObject({
      origin: 'system',
      destination: '10.1.2.3/32',
      nextHop: { kind: 'other', id: '' },
    });
    const list = { ...entry, DestinationCidrBlock: 'pl-bp1aaaaaaaaaaaaaaaaaa' };
    expect(routeOf(list, network, () => true).destination).toBe('pl-bp1aaaaaaaaaaaaaaaaaa');
  });

  const peer = {
    InstanceId: 'pcc-1',
    Status: 'Activated',
    OwnerId: '253460731706911258',
    AcceptingOwnerUid: 7,
    RegionId: 'cn-hangzhou',
    AcceptingRegionId: 'cn-beijing',
    Bandwidth: -1,
    BizStatus: 'Normal',
    GmtExpired: null,
    Vpc: { VpcId: 'vpc-1', Ipv4Cidrs: ['10.0.0.0/16'] },
    AcceptingVpc: { VpcId: 'vpc-2' },
  };

  it('a VPC peering shows both ends, the same next hop on each, and -1 as unlimited', () => {
    expect(vpcPeeringOf(peer, 'acceptor')).toEqual({
      provider: 'alibaba',
      mechanism: 'vpc-peer',
      id: 'pcc-1',
      seenFrom: 'acceptor',
      name: '',
      description: '',
      state: 'active',
      nativeState: 'Activated',
      initiator: {
        account: '253460731706911258',
        region: 'cn-hangzhou',
        network: 'vpc-1',
        cidrs: ['10.0.0.0/16'],
        nextHop: { kind: 'peering', id: 'pcc-1' },
      },
      acceptor: { account: '7', region: 'cn-beijing', network: 'vpc-2', nextHop: { kind: 'peering', id: 'pcc-1' } },
      bandwidthMbps: 'unlimited',
      tags: {},
    });
  });

  it('an active peering with unpaid bills is inactive; one that lapsed says why', () => {
    expect(vpcPeeringOf({ ...peer, BizStatus: 'FinancialLocked' }, 'initiator')).toMatchObject({
      state: 'inactive',
      reason: 'billing',
    });
    expect(vpcPeeringOf({ ...peer, Status: 'Expired', GmtExpired: '2026-11-27T10:00:00Z' }, 'initiator')).toMatchObject(
      {
        state: 'expired',
        reason: 'acceptance-timeout',
        expiresAt: new Date('2026-11-27T10:00:00Z'),
      },
    );
  });

  it('times come with and without seconds; pages end by count or by a short page', () => {
    expect(instantOf('2019-04-30T06:09Z')).toEqual(new Date('2019-04-30T06:09:00Z'));
    expect([instantOf(''), instantOf(null), instantOf('soon')]).toEqual([undefined, undefined, undefined]);
    const after = (cursor: string | undefined, answer: object, items: number) =>
      nextPage('DescribeVpcs', cursor, { RequestId: 'R', ...answer }, items);
    expect(after(undefined, { TotalCount: 51 }, 50)).toEqual({ next: '2' });
    expect(after('2', { TotalCount: 51 }, 1)).toEqual({});
    expect(after(undefined, {}, 50)).toEqual({ next: '2' });
    expect(after('3', { TotalCount: 100 }, 0)).toEqual({});
    expect(after(undefined, { TotalCount: 30, PageSize: 10 }, 10)).toEqual({ next: '2' });
    // an empty page in the middle once passed for the end of the listing
    expect(() => after('3', { TotalCount: 999 }, 0)).toThrow(
      'Unexpected answer to DescribeVpcs: page 3 of 999 items is empty',
    );
    expect(() => after('3', { PageNumber: 1, TotalCount: 999 }, 50)).toThrow('it is page 1, and page 3 was asked for');
    expect(() => after('2000', {}, 50)).toThrow('the listing goes on after 2000 pages');
  });

  it('what pop-core parsed becomes plain data', () => {
    const bare = Object.assign(Object.create(null) as object, { list: [Object.create(null)], n: 1 });
    expect(Object.getPrototypeOf(plain(bare))).toBe(Object.prototype);
    expect(plain({ id: { _isBigNumber: true, toFixed: () => '253460731706911258' } })).toEqual({
      id: '253460731706911258',
    });
  });

  it('bandwidths are sold by word, and 2048 answered for 2000 is 2000', () => {
    for (const [mbps, spec] of SPECS) expect([specOf(mbps), mbpsOf(spec, mbps * 2)]).toEqual([spec, mbps]);
    expect(mbpsOf('Large.2', 2048)).toBe(2000);
    expect([mbpsOf('Negative', 0), mbpsOf('New.1', 300)]).toEqual([undefined, 300]);
    expect(() => specOf(300)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });

  it('masks and lengths are inverse', () => {
    expect(maskOf(30)).toBe('255.255.255.252');
    fc.assert(fc.property(fc.integer({ min: 0, max: 32 }), (length) => prefixLengthOf(maskOf(length)) === length));
    expect([prefixLengthOf('255.0.255.0'), prefixLengthOf(undefined)]).toEqual([undefined, undefined]);
  });
});
