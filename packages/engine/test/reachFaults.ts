/** Worlds in which a packet does not get across, or nearly so: each planted into a stack that was applied. */
import { parseCidr } from '@peerway/core';
import { MIRRORED, type FakeCloud, type FakeOptions } from './fakeCloud.js';
import { line, pair, type Declaration, type Scene } from './scene.js';

export interface Fault {
  readonly name: string;
  /** Faults that must be among the findings. */
  readonly finds: string;
  readonly ask?: readonly [string, string];
  readonly options?: Partial<FakeOptions>;
  readonly declared?: Declaration;
  readonly warning?: true;
  readonly plant: (cloud: FakeCloud, scene: Scene) => void;
}

const peering = (parts: object) => (cloud: FakeCloud) =>
  void Object.assign(cloud.peeringOf('web', 'data'), { then: undefined, ...parts });
const route = (network: string, parts: object) => (cloud: FakeCloud) =>
  void Object.assign(
    cloud.routesOf(network).find((one) => one.nextHop.kind === 'peering')!,
    parts,
  );
const link = (parts: object) => (cloud: FakeCloud) => void Object.assign(cloud.links[0]!, parts);
export const nat = { kind: 'other', id: 'nat-1' } as const;
export const TWO: Declaration = { connections: [pair('web-data', 'web', 'data'), pair('web-jobs', 'web', 'jobs')] };
const LINE: Pick<Fault, 'declared' | 'ask'> = { declared: { links: [line('idc', 'web')] }, ask: ['web', 'idc'] };

export const FAULTS: Fault[] = [
  {
    name: 'the peering was deleted',
    finds: 'peering-missing',
    plant: (cloud) => {
      cloud.dropPeering(cloud.peeringOf('web', 'data'));
      cloud.routes.splice(0, 99, ...cloud.routes.filter((one) => one.origin === 'system'));
    },
  },
  { name: 'nothing is declared between the two', finds: 'not-connected', ask: ['data', 'far'], plant: () => undefined },
  {
    name: 'both are peered with a third',
    finds: 'not-transitive',
    ask: ['data', 'jobs'],
    declared: TWO,
    plant: () => undefined,
  },
  {
    name: 'waiting for acceptance',
    finds: 'pending-acceptance',
    plant: peering({ state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } }),
  },
  { name: 'being made', finds: 'provisioning', plant: peering({ state: 'provisioning' }) },
  {
    name: 'a step is missing',
    finds: 'step-missing',
    options: MIRRORED,
    plant: peering({ state: 'provisioning', next: { side: 'initiator', verb: 'continue' } }),
  },
  {
    name: 'half made',
    finds: 'half-made',
    options: MIRRORED,
    plant: peering({ state: 'provisioning', reason: 'half-made', next: { side: 'initiator', verb: 'continue' } }),
  },
  {
    name: 'the other half is gone',
    finds: 'half-missing',
    options: MIRRORED,
    plant: peering({ state: 'inactive', reason: 'peer-missing' }),
  },
  { name: 'being changed', finds: 'updating', plant: peering({ state: 'updating' }) },
  { name: 'switched off by an owner', finds: 'suspended', plant: peering({ state: 'inactive', reason: 'suspended' }) },
  { name: 'locked for a bill', finds: 'billing-locked', plant: peering({ state: 'inactive', reason: 'billing' }) },
  {
    name: 'switched off by the cloud',
    finds: 'switched-off',
    plant: peering({ state: 'inactive', reason: 'administrative' }),
  },
  { name: 'inactive without a reason', finds: 'inactive', plant: peering({ state: 'inactive' }) },
  { name: 'rejected', finds: 'rejected', plant: peering({ state: 'rejected' }) },
  { name: 'expired', finds: 'expired', plant: peering({ state: 'expired', reason: 'acceptance-timeout' }) },
  { name: 'the paid term ended', finds: 'term-ended', plant: peering({ state: 'expired', reason: 'term-ended' }) },
  {
    name: 'rejected or expired',
    finds: 'rejected-or-expired',
    plant: peering({ state: 'rejected', reason: 'rejected-or-expired' }),
  },
  { name: 'failed', finds: 'failed', plant: peering({ state: 'failed' }) },
  { name: 'being removed', finds: 'deleting', plant: peering({ state: 'deleting' }) },
  {
    name: 'two peerings at once',
    finds: 'several-peerings',
    warning: true,
    plant: (cloud) => cloud.plantPeering('data', 'web'),
  },
  { name: 'no route there', finds: 'route-missing', plant: (cloud) => cloud.dropRoute('web', '10.1.0.0/16') },
  { name: 'no route back', finds: 'return-route-missing', plant: (cloud) => cloud.dropRoute('data', '10.0.0.0/16') },
  {
    name: 'no route to the second prefix',
    finds: 'route-missing',
    plant: (cloud) => cloud.addCidr('data', '10.77.0.0/16'),
  },
  {
    name: 'the default route takes it',
    finds: 'route-default',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '0.0.0.0/0', nat);
    },
  },
  {
    name: 'the answers take the default route',
    finds: 'route-default',
    plant: (cloud) => {
      cloud.dropRoute('data', '10.0.0.0/16');
      cloud.plantRoute('data', '0.0.0.0/0', nat);
    },
  },
  {
    name: 'a wider route of somebody takes it',
    finds: 'route-elsewhere',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '10.0.0.0/8', nat);
    },
  },
  {
    name: 'a more specific route diverts a part',
    finds: 'route-diverted',
    plant: (cloud) => cloud.plantRoute('web', '10.1.128.0/24', nat),
  },
  {
    name: 'a more specific route back diverts a part',
    finds: 'route-diverted',
    plant: (cloud) => cloud.plantRoute('data', '10.0.3.0/24', nat),
  },
  {
    name: 'routes to parts only',
    finds: 'route-partial',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '10.1.0.0/17', cloud.hop(cloud.peeringOf('web', 'data'), 'initiator'));
    },
  },
  { name: 'the route is a black hole', finds: 'route-blackhole', plant: route('web', { broken: true }) },
  { name: 'the route back is a black hole', finds: 'route-blackhole', plant: route('data', { broken: true }) },
  {
    name: 'the route points at nothing',
    finds: 'route-dangling',
    plant: route('web', { nextHop: { kind: 'peering', id: 'pcc-gone' } }),
  },
  {
    name: 'the route back points at nothing',
    finds: 'route-dangling',
    plant: route('data', { nextHop: { kind: 'peering', id: 'pcc-gone' } }),
  },
  {
    name: 'the route leads to another network',
    finds: 'route-wrong-peering',
    declared: TWO,
    plant: (cloud) => {
      const wrong = cloud.hop(cloud.peeringOf('web', 'jobs'), 'initiator');
      cloud.routesOf('web').find((one) => one.destination === '10.1.0.0/16')!.nextHop = wrong;
    },
  },
  {
    name: 'the route uses the other side’s end',
    finds: 'route-wrong-end',
    options: MIRRORED,
    plant: (cloud) => {
      cloud.routesOf('web')[0]!.nextHop = cloud.hop(cloud.peeringOf('web', 'data'), 'acceptor');
    },
  },
  {
    name: 'the route uses an old peering',
    finds: 'route-old-peering',
    plant: (cloud) => {
      const old = cloud.plantPeering('web', 'data', { state: 'inactive', reason: 'suspended' });
      cloud.routesOf('web')[0]!.nextHop = cloud.hop(old, 'initiator');
    },
  },
  {
    name: 'the route points at a machine',
    finds: 'route-elsewhere',
    plant: route('web', { nextHop: { kind: 'other', id: 'i-1' } }),
  },
  {
    name: 'the route is being removed',
    finds: 'route-deleting',
    plant: route('web', { state: 'deleting', until: Infinity }),
  },
  {
    name: 'the route is being written',
    finds: 'route-provisioning',
    warning: true,
    plant: route('web', { state: 'provisioning', until: Infinity }),
  },
  {
    name: 'a second table has no route',
    finds: 'route-missing',
    warning: true,
    plant: (cloud) => cloud.networks.get('web')!.tables.push('vtb-subnet'),
  },
  {
    name: 'the route holds for some packets only',
    finds: 'route-source',
    plant: route('web', { source: parseCidr('10.0.4.0/24') }),
  },
  {
    name: 'a route for some packets and one that goes, to other prefixes, explain nothing',
    finds: 'route-missing',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      const across = cloud.hop(cloud.peeringOf('web', 'data'), 'initiator');
      cloud.plantRoute('web', '10.3.0.0/16', across, { source: parseCidr('10.0.4.0/24') } as object);
      cloud.plantRoute('web', '10.4.0.0/16', across, { state: 'deleting', until: Infinity });
    },
  },
  {
    name: 'the IPv6 default route takes it',
    finds: 'route-default',
    plant: (cloud) => {
      for (const [id, cidr] of [
        ['web', '2001:db8::/56'],
        ['data', '2001:db8:1::/56'],
      ] as const)
        cloud.addCidr(id, cidr);
      cloud.plantRoute('web', '::/0', nat);
    },
  },
  {
    name: 'ours and lost its mark, and switched off',
    finds: 'suspended',
    plant: peering({ state: 'inactive', reason: 'suspended', tags: {} }),
  },
  {
    name: 'somebody else’s, and being made',
    finds: 'provisioning',
    plant: peering({ state: 'provisioning', tags: {}, description: '' }),
  },
  {
    name: 'somebody else’s, and not paid',
    finds: 'billing-locked',
    plant: peering({ state: 'inactive', reason: 'billing', tags: {}, description: '' }),
  },
  {
    name: 'the other network has a black hole and a route that is being written',
    finds: 'route-blackhole',
    plant: (cloud) => {
      route('data', { broken: true })(cloud);
      route('web', { state: 'provisioning', until: Infinity })(cloud);
    },
  },
  {
    name: 'the route to the line is a black hole',
    finds: 'route-blackhole',
    ...LINE,
    plant: (cloud) =>
      void Object.assign(
        cloud.routes.find((one) => one.table === 'vtb-web' && one.destination === '192.168.0.0/16')!,
        {
          state: 'blackhole',
        },
      ),
  },
  {
    name: 'the line is attached to nothing',
    finds: 'step-missing',
    ...LINE,
    plant: link({ state: 'provisioning', next: 'continue', network: undefined }),
  },
  {
    name: 'the way back over the line is for other packets',
    finds: 'route-missing',
    ...LINE,
    plant: (cloud) =>
      void Object.assign(
        cloud.routes.find((one) => one.table.startsWith('edge-') && one.destination === '10.0.0.0/16')!,
        { destination: '10.0.0.0/17' },
      ),
  },
  { name: 'the networks share addresses', finds: 'overlap', plant: (cloud) => cloud.addCidr('data', '10.0.9.0/24') },
  {
    name: 'the network keeps the prefix for itself',
    finds: 'route-system',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '10.1.0.0/16', nat, { origin: 'system' });
    },
  },
  {
    name: 'the other network is gone',
    finds: 'network-missing',
    ask: ['web', 'ghost'],
    declared: { networks: { web: 'web', ghost: 'vpc-none' } },
    plant: () => undefined,
  },
  {
    name: 'the other network is being removed',
    finds: 'network-not-active',
    plant: (cloud) => void (cloud.networks.get('data')!.state = 'deleting'),
  },
  { name: 'asked about itself', finds: 'same-network', ask: ['web', 'web'], warning: true, plant: () => undefined },
  { name: 'no line', finds: 'link-missing', ...LINE, plant: (cloud) => cloud.links.splice(0, 1) },
  {
    name: 'the line is switched off',
    finds: 'suspended',
    ...LINE,
    plant: link({ state: 'inactive', reason: 'suspended' }),
  },
  {
    name: 'the line is half made',
    finds: 'half-made',
    ...LINE,
    plant: link({ state: 'provisioning', reason: 'half-made', next: 'continue' }),
  },
  {
    name: 'the line ends elsewhere',
    finds: 'link-elsewhere',
    ...LINE,
    plant: (cloud) => void (cloud.links[0]!.network = cloud.networks.get('data')!.id),
  },
  {
    name: 'no route to the line',
    finds: 'route-missing',
    ...LINE,
    plant: (cloud) => cloud.dropRoute('web', '192.168.0.0/16'),
  },
  {
    name: 'the border router has no way back',
    finds: 'route-missing',
    ...LINE,
    plant: (cloud) =>
      void cloud.routes.splice(
        cloud.routes.findIndex((one) => one.table.startsWith('edge-') && one.destination === '10.0.0.0/16'),
        1,
      ),
  },
  {
    name: 'the route to the line goes elsewhere',
    finds: 'route-elsewhere',
    ...LINE,
    plant: (cloud) =>
      void (cloud.routes.find((one) => one.table === 'vtb-web' && one.destination === '192.168.0.0/16')!.nextHop = nat),
  },
  {
    name: 'the line belongs to another network',
    finds: 'not-transitive',
    declared: { links: [line('idc', 'web')] },
    ask: ['data', 'idc'],
    plant: () => undefined,
  },
];
