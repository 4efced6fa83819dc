/** VPC peerings step by step, between any two networks of the default world. */
import { expect } from '@jest/globals';
import { a, asA, b, data, emulator, foreign, network, web } from './alibabaWire.js';

export const far = network('a', 'cn-beijing', 'web');
export const farForeign = network('b', 'cn-beijing', 'web');
const accounts = { a: a.id, b: b.id };

export const between = (from: typeof web, to: typeof web) => ({
  RegionId: from.region,
  VpcId: from.id,
  AcceptingAliUid: accounts[to.account],
  AcceptingRegionId: to.region,
  AcceptingVpcId: to.id,
});
export const create = (params: object, as = asA) => as('VpcPeer', 'CreateVpcPeerConnection', params);
export const get = (InstanceId: unknown, as = asA) => as('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId });
export const statusOf = async (InstanceId: unknown, as = asA) => (await get(InstanceId, as))['Status'];
export const route = (table: string, destination: string, hop: unknown, as = asA) =>
  as('Vpc', 'CreateRouteEntry', {
    RegionId: 'cn-hangzhou',
    RouteTableId: table,
    DestinationCidrBlock: destination,
    NextHopType: 'VpcPeer',
    NextHopId: hop,
  });

/** A same-account peering that is up. */
export async function active(params: object = between(web, data)) {
  const { InstanceId } = await create(params);
  emulator.clock.advance(10_000);
  expect(await statusOf(InstanceId)).toBe('Activated');
  return String(InstanceId);
}
/** A peering that waits for account b. */
export async function pending(params: object = between(web, foreign)) {
  const { InstanceId } = await create(params);
  emulator.clock.advance(10_000);
  return String(InstanceId);
}

export const peer = (action: string, params: object = {}, as = asA) => as('VpcPeer', action, params);
/** Peers web with data unless told otherwise. */
export const peerWebData = (params: object = {}, as = asA) =>
  peer('CreateVpcPeerConnection', { ...between(web, data), ...params }, as);
export const total = async (as = asA) => (await peer('ListVpcPeerConnections', {}, as))['TotalCount'];
