/** What the Go SDKs of Alibaba Cloud are made to do: one life of each object, in calls that both generations have. */
import { expect } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { Emulator } from '@peerway/emulator';
import { a, b, network } from '../alibabaWire.js';
import type { Story } from './story.js';

const REGION = 'cn-hangzhou';
const inRegion = { RegionId: REGION };
const [web, foreign] = [network('a', REGION, 'web'), network('b', REGION, 'web')];
const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION);
const group = DEFAULT_WORLD.alibaba.resourceGroups.find(({ account, name }) => account === 'a' && name === 'network');

const key = ({ accessKeyId, accessKeySecret }: typeof a | typeof b) => ({ Ak: accessKeyId, Sk: accessKeySecret });
export const worldOf = (emulator: Emulator): unknown => ({
  Region: REGION,
  Endpoints: { main: emulator.alibaba.endpoint },
  Accounts: { a: key(a), b: key(b), wrong: { ...key(a), Sk: 'not-the-secret' } },
});

export async function borderRouters(story: Story): Promise<void> {
  const { does } = story;
  const { VbrId } = await does('Vpc.CreateVirtualBorderRouter', {
    ...inRegion,
    PhysicalConnectionId: port?.id,
    VlanId: 30,
    LocalGatewayIp: '10.255.0.1',
    PeerGatewayIp: '10.255.0.2',
    PeeringSubnetMask: '255.255.255.252',
  });
  const half = { ...inRegion, OppositeRegionId: REGION };
  const initiator = {
    Role: 'InitiatingSide',
    Spec: 'Large.2',
    RouterId: VbrId,
    RouterType: 'VBR',
    OppositeRouterType: 'VRouter',
  };
  const acceptor = {
    Role: 'AcceptingSide',
    Spec: 'Negative',
    RouterId: web.router,
    RouterType: 'VRouter',
    OppositeRouterType: 'VBR',
  };
  const ids: unknown[] = [];
  for (const [side, point] of [
    [initiator, { AccessPointId: port?.accessPoint }],
    [acceptor, { OppositeAccessPointId: port?.accessPoint }],
  ] as const) {
    ids.push((await does('Vpc.CreateRouterInterface', { ...half, ...side, ...point }))['RouterInterfaceId']);
  }
  const [one, other] = ids;
  for (const [mine, theirs, router, type] of [
    [one, other, web.router, 'VRouter'],
    [other, one, VbrId, 'VBR'],
  ]) {
    await does('Vpc.ModifyRouterInterfaceAttribute', {
      ...inRegion,
      RouterInterfaceId: mine,
      OppositeInterfaceId: theirs,
      OppositeRouterId: router,
      OppositeRouterType: type,
      OppositeInterfaceOwnerId: a.id,
    });
  }
  await does('Vpc.ConnectRouterInterface', { ...inRegion, RouterInterfaceId: one });
  const filter = { Filter: [{ Key: 'RouterInterfaceId', Value: [one] }] };
  const list = await does('Vpc.DescribeRouterInterfaces', { ...inRegion, ...filter, IncludeReservationData: true });
  expect(list).toMatchObject({
    RouterInterfaceSet: { RouterInterfaceType: [{ Status: 'Active', RouterType: 'VBR' }] },
  });
  const view = await does('Vpc.DescribeRouterInterfaceAttribute', { ...inRegion, InstanceId: other });
  expect(view).toMatchObject({ Status: 'Active', Role: 'AcceptingSide' });
  await routes(story, other);
  await does('Vpc.ModifyRouterInterfaceSpec', { ...inRegion, RouterInterfaceId: one, Spec: 'Small.5' });
  for (const id of ids) await does('Vpc.DeactivateRouterInterface', { ...inRegion, RouterInterfaceId: id });
  await does('Vpc.ActivateRouterInterface', { ...inRegion, RouterInterfaceId: one });
  await does('Vpc.DeactivateRouterInterface', { ...inRegion, RouterInterfaceId: one });
  for (const id of ids) await does('Vpc.DeleteRouterInterface', { ...inRegion, RouterInterfaceId: id });
  for (const verb of ['Terminate', 'Recover']) await does(`Vpc.${verb}VirtualBorderRouter`, { ...inRegion, VbrId });
  await does('Vpc.ModifyVirtualBorderRouterAttribute', { ...inRegion, VbrId, Name: 'line' });
  const lines = await does('Vpc.DescribeVirtualBorderRouters', inRegion);
  expect(lines).toMatchObject({ VirtualBorderRouterSet: { VirtualBorderRouterType: [{ VbrId, Name: 'line' }] } });
  await does('Vpc.DescribePhysicalConnections', inRegion);
  await does('Vpc.DeleteVirtualBorderRouter', { ...inRegion, VbrId });
}

async function routes({ does, isRefused }: Story, hop: unknown): Promise<void> {
  const entry = { ...inRegion, RouteTableId: web.routeTable, DestinationCidrBlock: '192.168.0.0/16' };
  await does('Vpc.CreateRouteEntry', { ...entry, NextHopType: 'RouterInterface', NextHopId: hop });
  const listed = { ...inRegion, RouteTableId: web.routeTable, RouteEntryType: 'Custom' };
  const entries = await does('Vpc.DescribeRouteEntryList', listed);
  expect(entries).toMatchObject({
    RouteEntrys: { RouteEntry: [{ Status: 'Available', DestinationCidrBlock: '192.168.0.0/16' }] },
  });
  await does('Vpc.ModifyRouteEntry', { ...entry, Description: 'another word' });
  expect(await does('Vpc.DescribeRouteEntryList', listed)).toMatchObject({
    RouteEntrys: { RouteEntry: [{ Description: 'another word' }] },
  });
  await does('Vpc.DescribeRouteTableList', { ...inRegion, RouterType: 'VBR' });
  await isRefused([400, 'IncorrectStatus'], 'Vpc.DeleteRouterInterface', { ...inRegion, RouterInterfaceId: hop });
  await does('Vpc.DeleteRouteEntry', { ...entry, NextHopId: hop });
}

export async function networks({ does, isRefused }: Story): Promise<void> {
  const made = await does('Vpc.CreateVpc', { ...inRegion, CidrBlock: '192.168.0.0/16', VpcName: 'by-sdk' });
  const { VpcId, VRouterId, RouteTableId } = made;
  const place = { ...inRegion, VpcId, ZoneId: `${REGION}-h` };
  const { VSwitchId } = await does('Vpc.CreateVSwitch', { ...place, CidrBlock: '192.168.1.0/24' });
  const tag = { ...inRegion, ResourceType: 'VPC', ResourceId: [VpcId] };
  await does('Vpc.TagResources', { ...tag, Tag: [{ Key: 'k', Value: 'v' }] });
  const list = await does('Vpc.DescribeVpcs', { ...inRegion, VpcId });
  expect(list).toMatchObject({ Vpcs: { Vpc: [{ VpcId, VpcName: 'by-sdk', Status: 'Available' }] }, TotalCount: 1 });
  await does('Vpc.DescribeVpcAttribute', { ...inRegion, VpcId });
  await does('Vpc.DescribeVSwitches', { ...inRegion, VpcId });
  await does('Vpc.DescribeVRouters', { ...inRegion, VRouterId });
  await does('Vpc.DescribeRegions');
  await does('Vpc.DescribeRouteTables', { ...inRegion, VRouterId });
  const batch = { DstCidrBlock: '10.9.0.0/16', NextHop: 'pcc-x', RouteTableId };
  await does('Vpc.CreateRouteEntries', { ...inRegion, RouteEntries: [{ ...batch, NextHopType: 'VpcPeer' }] });
  expect(await does('Vpc.DeleteRouteEntries', { ...inRegion, RouteEntries: [batch] })).toMatchObject({
    FailedCount: 1,
  });
  const { RouteTableId: custom } = await does('Vpc.CreateRouteTable', { ...inRegion, VpcId, RouteTableName: 'by-sdk' });
  const pair = { ...inRegion, RouteTableId: custom, VSwitchId };
  await does('Vpc.AssociateRouteTable', pair);
  await does('Vpc.UnassociateRouteTable', pair);
  await does('Vpc.DeleteRouteTable', { ...inRegion, RouteTableId: custom });
  await does('Vpc.ListTagResources', tag);
  await does('Vpc.UnTagResources', { ...tag, TagKey: ['k'] });
  await does('Vpc.DeleteVSwitch', { ...inRegion, VSwitchId });
  await does('Vpc.DeleteVpc', { ...inRegion, VpcId });
  await isRefused([404, 'InvalidVpcId.NotFound'], 'Vpc.DescribeVpcAttribute', { ...inRegion, VpcId });
  await isRefused([400, 'SignatureDoesNotMatch'], 'Vpc.DescribeVpcs', inRegion, { account: 'wrong' });
}

export async function peerings({ does, isRefused }: Story): Promise<void> {
  const across = {
    ...inRegion,
    VpcId: web.id,
    AcceptingRegionId: REGION,
    AcceptingAliUid: b.id,
    AcceptingVpcId: foreign.id,
  };
  const first = { ...across, Name: 'by-sdk', ClientToken: 't-1' };
  const { InstanceId } = await does('VpcPeer.CreateVpcPeerConnection', first);
  expect(await does('VpcPeer.CreateVpcPeerConnection', first)).toMatchObject({ InstanceId });
  await isRefused([400, 'ResourceAlreadyExist.VpcPeer'], 'VpcPeer.CreateVpcPeerConnection', across);
  const asB = { account: 'b' };
  await does('VpcPeer.AcceptVpcPeerConnection', { InstanceId }, asB);
  const view = await does('VpcPeer.GetVpcPeerConnectionAttribute', { InstanceId });
  expect(view).toMatchObject({ Status: 'Activated', Name: 'by-sdk' });
  await does('VpcPeer.ModifyVpcPeerConnection', { InstanceId, Description: 'changed' });
  const list = await does('VpcPeer.ListVpcPeerConnections', { ...inRegion, VpcId: [web.id, foreign.id] });
  expect(list).toMatchObject({ TotalCount: 1, VpcPeerConnects: [{ InstanceId, Description: 'changed' }] });
  const tag = { ...inRegion, ResourceType: 'PeerConnection', ResourceId: [InstanceId] };
  await does('VpcPeer.TagResources', { ...tag, Tag: [{ Key: 'owner', Value: 'b' }] }, asB);
  await does('VpcPeer.ListTagResources', tag, asB);
  await does('VpcPeer.UnTagResources', { ...tag, All: true }, asB);
  const move = { ...inRegion, ResourceId: InstanceId, ResourceType: 'PeerConnection' };
  await does('VpcPeer.MoveResourceGroup', { ...move, NewResourceGroupId: group?.id });
  await does('VpcPeer.DeleteVpcPeerConnection', { InstanceId, Force: true });
  await isRefused([400, 'ResourceNotFound.InstanceId'], 'VpcPeer.GetVpcPeerConnectionAttribute', { InstanceId });
  const second = await does('VpcPeer.CreateVpcPeerConnection', across);
  await does('VpcPeer.RejectVpcPeerConnection', { InstanceId: second['InstanceId'] }, asB);
}

export async function neighbours({ does }: Story): Promise<void> {
  expect(await does('Sts.GetCallerIdentity')).toMatchObject({ AccountId: a.id });
  const role = { RoleArn: `acs:ram::${a.id}:role/peering`, RoleSessionName: 'by-sdk' };
  await does('Sts.AssumeRole', role);
  await does('Ecs.DescribeRegions');
  const groups = await does('ResourceManager.ListResourceGroups', { PageSize: 1 });
  expect(groups).toMatchObject({ TotalCount: 2 });
  await does('ResourceManager.GetResourceGroup', { ResourceGroupId: group?.id });
}
