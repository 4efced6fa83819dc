/** Route entries to a VPC peering, as the tests of routes and of route tables write and list them. */
import { a, asA, data, emulator, REGION, vpc, web } from './alibabaWire.js';

export const settle = () => emulator.clock.advance(5_000);

/** A peering of web and data that is up. */
export async function peering(): Promise<string> {
  const pair = {
    RegionId: REGION,
    VpcId: web.id,
    AcceptingAliUid: a.id,
    AcceptingRegionId: REGION,
    AcceptingVpcId: data.id,
  };
  const { InstanceId } = await asA('VpcPeer', 'CreateVpcPeerConnection', pair);
  settle();
  return String(InstanceId);
}
/** A route to a peering, in the table of web unless another is named. */
export const add = (DestinationCidrBlock: string, hop: string, more: object = {}, as = asA) =>
  vpc(
    'CreateRouteEntry',
    { RouteTableId: web.routeTable, DestinationCidrBlock, NextHopType: 'VpcPeer', NextHopId: hop, ...more },
    as,
  );
export const list = (params: object = {}, as = asA) =>
  vpc('DescribeRouteEntryList', { RouteTableId: web.routeTable, ...params }, as);
