/** What every SDK of Baidu AI Cloud is made to do: the whole life of links, networks, routes and gateways, refusals included. */
import { expect } from '@jest/globals';
import { a, b, data, far, foreign, jobs, LINE, web } from './baiduWorld.js';
import type { Answer, Story } from './story.js';
import type { As } from './witness.js';

type Args = Readonly<Record<string, unknown>>;

const DENIED = [409, 'OperationDenied'] as const;
const BAD = [400, 'BadRequest'] as const;
const MISSING = [404, 'NoSuchObject'] as const;

const asB: As = { account: 'b' };
const create = (peer: { readonly id: string; readonly region: string }, more: Args = {}): Args => ({
  bandwidthInMbps: 10,
  localVpcId: web.id,
  peerVpcId: peer.id,
  peerRegion: peer.region,
  billing: { paymentTiming: 'Postpaid' },
  ...more,
});

let tokens = 0;
const token = (): string => `story-${String((tokens += 1))}`;

export async function links(story: Story): Promise<void> {
  const { does, isRefused } = story;
  const named = {
    description: 'by an SDK',
    localIfName: 'left',
    peerIfName: 'right',
    tags: [{ tagKey: 'team', tagValue: 'net' }],
  };
  const first = { ...create(data, named), clientToken: token() };
  const { peerConnId } = await does('CreatePeerConn', first);
  expect((await does('CreatePeerConn', first))['peerConnId']).toBe(peerConnId);
  await isRefused(DENIED, 'CreatePeerConn', { ...create(data), clientToken: token() });
  await isRefused([403, 'IdempotentParameterMismatch'], 'CreatePeerConn', { ...first, bandwidthInMbps: 11 });
  expect(await does('ListPeerConn', { vpcId: web.id, maxKeys: 1 })).toMatchObject({ peerConns: [{ peerConnId }] });
  const view = (role: string): Promise<Answer> => does('GetPeerConn', { peerConnId, role });
  const mine = await view('initiator');
  expect(mine).toMatchObject({ status: 'active', bandwidthInMbps: 10, description: 'by an SDK', localIfName: 'left' });
  expect(await view('acceptor')).toMatchObject({ role: 'acceptor', localIfName: 'right', localVpcId: data.id });
  await does('UpdatePeerConn', {
    peerConnId,
    localIfId: mine['localIfId'],
    description: 'changed',
    localIfName: 'renamed',
  });
  await does('UpdatePeerConnBandwidth', { peerConnId, newBandwidthInMbps: 20 });
  expect(await view('initiator')).toMatchObject({
    description: 'changed',
    localIfName: 'renamed',
    bandwidthInMbps: 20,
  });
  const billing = { reservation: { reservationLength: 1, reservationTimeUnit: 'month' } };
  await isRefused(DENIED, 'RenewPeerConn', { peerConnId, billing });
  await isRefused(DENIED, 'AcceptPeerConn', { peerConnId });
  await does('OpenPeerConnSyncDns', { peerConnId, role: 'initiator' });
  expect(await view('initiator')).toMatchObject({ dnsStatus: 'open' });
  await does('ClosePeerConnSyncDns', { peerConnId, role: 'initiator' });
  expect(await view('initiator')).toMatchObject({ dnsStatus: 'close' });
  await does('ReleasePeerConn', { peerConnId });
  await isRefused(MISSING, 'ReleasePeerConn', { peerConnId });
  await acrossAccounts(story);
}

async function acrossAccounts({ does, isRefused }: Story): Promise<void> {
  for (const [operation, status] of [
    ['RejectPeerConn', 'consult_failed'],
    ['AcceptPeerConn', 'active'],
  ] as const) {
    const request = { ...create(foreign, { peerAccountId: b.id }), clientToken: token() };
    const { peerConnId } = await does('CreatePeerConn', request);
    const acceptor = { peerConnId, role: 'acceptor' };
    expect(await does('GetPeerConn', acceptor, asB)).toMatchObject({ status: 'consulting', peerAccountId: a.id });
    await isRefused(DENIED, operation, { peerConnId });
    await does(operation, { peerConnId }, asB);
    expect(await does('GetPeerConn', acceptor, asB)).toMatchObject({ status });
    await isRefused(DENIED, 'ReleasePeerConn', { peerConnId }, asB);
    await does('ReleasePeerConn', { peerConnId });
  }
  const billing = { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } };
  const { peerConnId } = await does('CreatePeerConn', { ...create(far, { billing }), clientToken: token() });
  await does('RenewPeerConn', { peerConnId, billing });
  await isRefused(DENIED, 'UpdatePeerConnBandwidth', { peerConnId, newBandwidthInMbps: 5 });
  await isRefused(DENIED, 'ReleasePeerConn', { peerConnId });
  const there = await does('GetPeerConn', { peerConnId, role: 'acceptor' }, { endpoint: 'gz' });
  expect(there).toMatchObject({ localRegion: 'gz', paymentTiming: 'Prepaid' });
}

export async function networks({ does, isRefused }: Story): Promise<void> {
  const { vpcId } = await does('CreateVpc', {
    name: 'by-sdk',
    cidr: '192.168.0.0/16',
    description: 'd',
    enableIpv6: true,
  });
  expect(await does('QueryVpcList', { maxKeys: 2 })).toMatchObject({ isTruncated: true, maxKeys: 2 });
  await does('UpdateVpc', { vpcId, name: 'renamed' });
  expect(await does('QuerySpecifiedVpc', { vpcId })).toMatchObject({ vpc: { name: 'renamed', relay: false } });
  const place = { vpcId, zoneName: 'cn-bj-a' };
  const { subnetId } = await does('CreateSubnet', { ...place, name: 's1', cidr: '192.168.1.0/24' });
  await isRefused([409, 'CidrConflict'], 'CreateSubnet', { ...place, name: 's2', cidr: '192.168.1.0/25' });
  expect(await does('QuerySubnetList', { vpcId })).toMatchObject({ subnets: [{ subnetId, name: 's1' }] });
  await does('UpdateSubnet', { subnetId, name: 's3', description: 'd' });
  expect(await does('QuerySpecifiedSubnet', { subnetId })).toMatchObject({
    subnet: { name: 's3', zoneName: 'cn-bj-a' },
  });
  await isRefused([409, 'ResourceNeedRelease'], 'DeleteVpc', { vpcId });
  await does('DeleteSubnet', { subnetId });
  await does('DeleteVpc', { vpcId });
  await isRefused(MISSING, 'QuerySpecifiedVpc', { vpcId });
}

export async function routes({ does, isRefused }: Story): Promise<void> {
  const { peerConnId } = await does('CreatePeerConn', { ...create(jobs), clientToken: token() });
  const { localIfId } = await does('GetPeerConn', { peerConnId, role: 'initiator' });
  const { routeTableId } = await does('QueryRoutingTable', { vpcId: web.id });
  expect(routeTableId).toBe(web.routeTable);
  const rule = {
    routeTableId,
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '172.16.0.0/16',
    nexthopType: 'peerConn',
    nexthopId: localIfId,
    description: 'by an SDK',
  };
  await isRefused(BAD, 'CreateRoutingRules', { ...rule, nexthopId: peerConnId });
  const { routeRuleId } = await does('CreateRoutingRules', rule);
  await isRefused([409, 'RouteRuleRepeated'], 'CreateRoutingRules', rule);
  await does('UpdateRoutingRules', { routeRuleId, destinationAddress: '172.17.0.0/16', description: 'changed' });
  expect(await does('QueryRoutingRules', { routeTableId })).toMatchObject({
    routeRules: [{ routeRuleId, destinationAddress: '172.17.0.0/16', nexthopId: localIfId, description: 'changed' }],
  });
  await does('DeleteRoutingRules', { routeRuleId });
  await does('ReleasePeerConn', { peerConnId });
}

export async function gateways({ does, isRefused }: Story): Promise<void> {
  expect(await does('QueryDedicatedLines')).toMatchObject({ ets: [{ id: LINE }, {}, {}, {}] });
  expect(await does('QueryDedicatedLineDetail', { dcphyId: LINE })).toMatchObject({ status: 'established' });
  const { etChannels } = (await does('QueryDedicatedChannel', { etId: LINE })) as {
    etChannels: readonly { id: string }[];
  };
  const made = await does('CreateDedicatedGateway', { name: 'gw', vpcId: web.id, speed: 100, clientToken: token() });
  const { etGatewayId } = made;
  const binding = { etGatewayId, etId: LINE, channelId: etChannels[0]?.id, localCidrs: ['10.0.0.0/8'] };
  await does('BindPhysicalDedicatedLine', binding);
  await isRefused(DENIED, 'BindPhysicalDedicatedLine', binding);
  const check = {
    etGatewayId,
    healthCheckInterval: 3,
    healthThreshold: 2,
    unhealthThreshold: 2,
    healthCheckType: 'ICMP',
  };
  await does('CreateDedicatedGatewayHealthCheck', {
    ...check,
    healthCheckSourceIp: '10.255.0.1',
    autoGenerateRouteRule: true,
  });
  const change = {
    name: 'gw-2',
    speed: 200,
    localCidrs: ['10.1.0.0/16'],
    enableIpv6: 1,
    ipv6LocalCidrs: ['2001:db8::/32'],
  };
  await does('UpdateDedicatedGateway', { etGatewayId, description: 'd', ...change });
  const shown = { ...change, status: 'running', healthCheckInterval: 3 };
  expect(await does('QueryTheDetailsOfTheDedicatedGateway', { etGatewayId })).toMatchObject(shown);
  expect(await does('QueryTheListOfDedicatedLineGateways', { vpcId: web.id })).toMatchObject({
    etGateways: [{ name: 'gw-2' }],
  });
  const out = {
    routeTableId: web.routeTable,
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '0.0.0.0/0',
    description: 'all',
  };
  const { routeRuleId } = await does('CreateRoutingRules', {
    ...out,
    nexthopType: 'dcGateway',
    nexthopId: etGatewayId,
  });
  await does('DeleteRoutingRules', { routeRuleId });
  await does('UnbindPhysicalDedicatedLine', { etGatewayId });
  await does('ReleaseDedicatedGateway', { etGatewayId });
  await isRefused(MISSING, 'QueryTheDetailsOfTheDedicatedGateway', { etGatewayId });
}

export async function keys({ does, isRefused }: Story): Promise<void> {
  await isRefused([400, 'SignatureDoesNotMatch'], 'QueryVpcList', {}, { account: 'wrong' });
  await does('QueryVpcList', {}, { account: 'temporary' });
  await isRefused([403, 'AccessDenied'], 'QueryVpcList', {}, { account: 'madeUp' });
}
