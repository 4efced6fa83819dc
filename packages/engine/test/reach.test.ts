/** Reachability: more than forty planted faults, each explained in one sentence with its fix. */
import { describe, expect, it } from '@jest/globals';
import { parseCidr } from '@peerway/core';
import { FakeCloud, MIRRORED, type FakeOptions } from './fakeCloud.js';
import { line, pair, Scene, type Declaration } from './scene.js';

interface Fault {
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
const nat = { kind: 'other', id: 'nat-1' } as const;
const TWO: Declaration = { connections: [pair('web-data', 'web', 'data'), pair('web-jobs', 'web', 'jobs')] };
const LINE: Pick<Fault, 'declared' | 'ask'> = { declared: { links: [line('idc', 'web')] }, ask: ['web', 'idc'] };

const FAULTS: Fault[] = [
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

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('jobs', ['10.5.0.0/16']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  return cloud;
}

describe('reachability', () => {
  it('has at least forty planted faults', () => expect(FAULTS.length).toBeGreaterThanOrEqual(40));

  it.each(FAULTS)('$name: $finds', async ({ finds, ask = ['web', 'data'], options, declared, warning, plant }) => {
    const cloud = world(options);
    const scene = new Scene(cloud, declared ?? { connections: [pair('web-data', 'web', 'data')] });
    await scene.apply().catch(() => undefined); // a missing network stops the apply
    const healthy = cloud.requests.length;
    plant(cloud, scene);
    const answer = await scene.engine().verify(ask[0], ask[1]);
    expect(answer.findings.map((finding) => finding.fault)).toContain(finds);
    const finding = answer.findings.find((one) => one.fault === finds)!;
    expect(finding.sentence).toMatch(/^[A-Z0-9a-z].*\.$/);
    expect(finding.fix).toMatch(/^[A-Z].*\.$/);
    expect(finding.severity).toBe(warning === true ? 'warning' : 'blocks');
    expect(answer.reachable).toBe(warning === true);
    expect(cloud.requests.slice(healthy).filter((request) => request.mutating)).toEqual([]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it('follows a packet there and back when all is well', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')], links: [line('idc', 'web')] });
    await scene.apply();
    const answer = await scene.engine().verify('web', 'data');
    expect(answer).toMatchObject({ reachable: true, verdict: 'reachable', findings: [] });
    expect(answer.hops.map((hop) => `${hop.direction} ${hop.network} ${hop.lookedUp} ${hop.ok}`)).toEqual([
      'forward web 10.1.0.0/16 true',
      'return data 10.0.0.0/16 true',
    ]);
    expect(await scene.engine().verify('web', 'idc')).toMatchObject({ reachable: true, findings: [] });
    await expect(scene.engine().verify('web', 'nowhere')).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('says to apply only where apply would write the route', async () => {
    const fixes = async (declared: Declaration, from = 'web', to = 'data'): Promise<readonly string[]> => {
      const cloud = world();
      const scene = new Scene(cloud, declared);
      await scene.apply();
      if (declared === TWO) cloud.dropRoute('web', '10.1.0.0/16');
      const { findings } = await scene.engine().verify(from, to);
      // nothing that the plan would not do is promised
      if (findings.some(({ fix }) => fix.startsWith('Run `peerway apply`')))
        expect((await scene.plan()).steps).not.toEqual([]);
      return findings.map(({ fault, fix }) => `${fault}: ${fix}`);
    };
    expect(await fixes(TWO)).toEqual(['route-missing: Run `peerway apply` to write it.']);
    expect(await fixes({ connections: [pair('web-data', 'web', 'data', { routes: 'none' })] })).toEqual([
      'route-missing: Add 10.1.0.0/16 to routes of web-data, then run `peerway apply`.',
      'return-route-missing: Add 10.0.0.0/16 to routes of web-data, then run `peerway apply`.',
    ]);
    const half = pair('web-data', 'web', 'data', { routes: [parseCidr('10.1.0.0/17'), parseCidr('10.0.0.0/16')] });
    expect(await fixes({ connections: [half] })).toEqual([
      'route-partial: Add 10.1.0.0/16 to routes of web-data, then run `peerway apply`.',
    ]);
    // where nothing is declared, that is the one thing to do
    expect(await fixes({ connections: [] })).toEqual([
      'not-connected: Declare a connection between web and data, then run `peerway apply`.',
    ]);
    expect((await fixes(TWO, 'data', 'jobs')).map((fix) => fix.split(':')[0])).toEqual(['not-transitive']);
  });

  it('goes over one network that relays for others', async () => {
    const cloud = world();
    cloud.networks.get('web')!.transit = true;
    const scene = new Scene(cloud, TWO);
    await scene.apply();
    cloud.plantRoute('data', '10.5.0.0/16', cloud.hop(cloud.peeringOf('web', 'data'), 'acceptor'));
    expect((await scene.engine().verify('data', 'jobs')).findings.map((finding) => finding.fault)).toEqual([
      'return-route-missing',
    ]);
    cloud.plantRoute('jobs', '10.1.0.0/16', cloud.hop(cloud.peeringOf('web', 'jobs'), 'acceptor'));
    expect(await scene.engine().verify('data', 'jobs')).toMatchObject({ reachable: true });
  });

  it('matches the longest prefix, against a plain model', async () => {
    const { lookUp } = await import('../src/reachability/longestPrefix.js');
    const cloud = world();
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed * 2_654_435_761;
      const next = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % below;
      };
      const routes = Array.from({ length: 1 + next(8) }, () => {
        const length = 12 + next(14);
        const base = (10 << 24) | (next(64) << 10);
        const size = 2 ** (32 - length);
        const first = Math.floor((base >>> 0) / size) * size;
        return cloud.plantRoute(
          'web',
          `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${length}`,
          nat,
          { state: next(10) === 0 ? 'deleting' : 'active', until: Infinity },
        );
      });
      const prefix = parseCidr('10.0.0.0/18');
      const pieces = lookUp(prefix, routes as never);
      for (let probe = 0; probe < 50; probe++) {
        const address = ((10 << 24) >>> 0) + next(2 ** 14);
        const contains = (cidr: string): number => {
          const [ip = '', length = '0'] = cidr.split('/');
          const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
          const size = 2 ** (32 - Number(length));
          return address >= value && address < value + size ? Number(length) : -1;
        };
        const best = routes
          .filter((one) => one.state !== 'deleting')
          .sort((a, b) => contains(b.destination) - contains(a.destination))[0];
        const expected = best !== undefined && contains(best.destination) >= 0 ? best.destination : undefined;
        const piece = [...pieces].sort((a, b) => contains(b.prefix) - contains(a.prefix))[0]!;
        expect([seed, piece.route?.destination]).toEqual([seed, expected]);
      }
    }
  });
});
