/** Two halves of a pair, and a stub of the service that lists them as it does. */
import { peeringId } from '@peerway/core';
import { OTHER, OWN, Stub, type Said } from './stub.js';

export type Half = Readonly<Record<string, unknown>> & { readonly RouterInterfaceId: string };

export const RegionId = 'cn-hangzhou';
export const INITIATOR: Half = {
  RouterInterfaceId: 'ri-i',
  RouterId: 'vrt-1',
  RouterType: 'VRouter',
  Role: 'InitiatingSide',
  Spec: 'Large.1',
  Status: 'Active',
  VpcInstanceId: 'vpc-1',
  OppositeRegionId: RegionId,
  OppositeRouterType: 'VRouter',
  OppositeRouterId: 'vrt-2',
  OppositeInterfaceId: 'ri-a',
  OppositeInterfaceOwnerId: '',
  OppositeVpcInstanceId: 'vpc-2',
};
export const ACCEPTOR: Half = {
  ...INITIATOR,
  RouterInterfaceId: 'ri-a',
  RouterId: 'vrt-2',
  Role: 'AcceptingSide',
  Spec: 'Negative',
  VpcInstanceId: 'vpc-2',
  OppositeRouterId: 'vrt-1',
  OppositeInterfaceId: 'ri-i',
  OppositeVpcInstanceId: 'vpc-1',
};
export const as = (half: Half, Status: string, more: object = {}): Half => ({ ...half, Status, ...more });
export const toward = (network: string, ...more: (readonly [string, string])[]) => ({
  Tags: { Tags: [['peerway.opposite-network', network] as const, ...more].map(([Key, Value]) => ({ Key, Value })) },
});
/** Made, and told of nothing yet. */
export const ALONE = as(INITIATOR, 'Idle', { OppositeInterfaceId: '', OppositeVpcInstanceId: '', ...toward('vpc-2') });
export const NEW = as(ACCEPTOR, 'Idle', { OppositeVpcInstanceId: '', ...toward('vpc-1') });

/** Answers a listing of interfaces as the service does, filters and all. */
const interfaces =
  (all: readonly Half[]): Said =>
  (asked) => {
    const key = asked['Filter.1.Key'];
    const fitting = all.filter((half) => key === undefined || half[key] === asked['Filter.1.Value.1']);
    return { RouterInterfaceSet: { RouterInterfaceType: fitting } };
  };
const vpc = (id: string) => ({
  VpcId: `vpc-${id}`,
  VRouterId: `vrt-${id}`,
  Status: 'Available',
  CidrBlock: '10.0.0.0/8',
  OwnerId: OWN,
});
const VPCS: Said = ({ VpcId = '' }) => ({
  Vpcs: { Vpc: [vpc('1'), vpc('2')].filter((one) => VpcId.split(',').includes(one.VpcId)) },
});

/** A driver over these interfaces and what else is answered. The test closes it. */
export async function pairsOver(
  halves: readonly Half[],
  answers: Readonly<Record<string, Said>> = {},
  more: Parameters<typeof Stub.over>[1] = {},
): Promise<Stub> {
  const base = {
    DescribeRouterInterfaces: interfaces(halves),
    DescribeVpcs: VPCS,
    CreateRouterInterface: { RouterInterfaceId: 'ri-new' },
    DescribeRouteTableList: { RouterTableList: { RouterTableListType: [{ RouteTableId: 'vtb-1' }] } },
    DescribeRouteEntryList: { RouteEntrys: { RouteEntry: [] } },
  };
  return Stub.over({ ...base, ...answers }, more);
}

export const writes = (stub: Stub) => stub.sent().filter(([action]) => !/^(Describe|List|Get)/.test(action));
export const ID = peeringId('ri-i');
export const FAR = peeringId(`ri-i:cn-beijing:${OTHER}:vrt-1:vpc-1:vpc-2`);
export const ME = { RegionId, RouterInterfaceId: 'ri-i' };
export const THEM = { RegionId, RouterInterfaceId: 'ri-a' };
