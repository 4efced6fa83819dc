/** Router interfaces step by step. */
import { DEFAULT_WORLD } from '@peerway/emulator';
import { asA, at, data, emulator, REGION, vpc, web } from './alibabaWire.js';

export const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION)!;

export async function interfaceOf(
  from: { router: string; region: string },
  to: { router: string; region: string },
  role: 'InitiatingSide' | 'AcceptingSide',
  more: object = {},
  as = asA,
) {
  const { RouterInterfaceId } = await vpc(
    'CreateRouterInterface',
    {
      RegionId: from.region,
      Role: role,
      OppositeRegionId: to.region,
      Spec: role === 'InitiatingSide' ? 'Large.2' : 'Negative',
      RouterType: 'VRouter',
      RouterId: from.router,
      OppositeRouterType: 'VRouter',
      ...more,
    },
    as,
  );
  return String(RouterInterfaceId);
}
export const fill = (id: string, peer: string, router: string, more: object = {}, as = asA) =>
  vpc(
    'ModifyRouterInterfaceAttribute',
    { RouterInterfaceId: id, OppositeInterfaceId: peer, OppositeRouterId: router, ...more },
    as,
  );
export const connect = (id: string, as = asA) => vpc('ConnectRouterInterface', { RouterInterfaceId: id }, as);
export const show = async (id: string, as = asA) => {
  const answer = await vpc('DescribeRouterInterfaces', { Filter: [{ Key: 'RouterInterfaceId', Value: [id] }] }, as);
  return at(answer, 'RouterInterfaceSet.RouterInterfaceType.0') as Record<string, unknown> | undefined;
};
export const statusOf = async (id: string, as = asA) => (await show(id, as))?.['Status'];
export const route = (table: string, destination: string, hop: string, as = asA) =>
  vpc(
    'CreateRouteEntry',
    { RouteTableId: table, DestinationCidrBlock: destination, NextHopType: 'RouterInterface', NextHopId: hop },
    as,
  );

export async function idlePair(from: typeof web = web, to: typeof web = data) {
  const initiator = await interfaceOf(from, to, 'InitiatingSide');
  const acceptor = await interfaceOf(to, from, 'AcceptingSide');
  await fill(initiator, acceptor, to.router);
  await fill(acceptor, initiator, from.router);
  return { initiator, acceptor };
}
export async function activePair(from: typeof web = web, to: typeof web = data) {
  const pair = await idlePair(from, to);
  await connect(pair.initiator);
  emulator.clock.advance(5_000);
  return pair;
}
