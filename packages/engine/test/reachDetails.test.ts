/** What verify says beside the name of a fault: which object, which packets, what joins what, and what is no fault at all. */
import { describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, routeTableId, type ProviderPlugin, type Route, type RouteFeature } from '@peerway/core';
import { Engine, type NetworkSpec } from '@peerway/engine';
import { lookUp } from '../src/reachability/longestPrefix.js';
import { whyDown } from '../src/reachability/whyDown.js';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { line, pair, Scene, type Declaration } from './scene.js';

/** A cloud whose routes lack a feature. */
class Lacking extends FakeCloud {
  constructor(
    readonly lacks?: RouteFeature,
    options: Partial<FakeOptions> = {},
  ) {
    super(options);
    this.network('web', ['10.0.0.0/16']);
    this.network('data', ['10.1.0.0/16']);
    this.network('jobs', ['10.5.0.0/16']);
  }

  override plugin(): ProviderPlugin {
    const plugin = super.plugin();
    if (this.lacks === undefined) return plugin;
    const { routes } = plugin.capabilities;
    const no = { status: 'unsupported', reason: 'no', source: 'fake', checkedOn: '2026-11-20' } as const;
    const features = { ...routes.features, [this.lacks]: no };
    return { ...plugin, capabilities: { ...plugin.capabilities, routes: { ...routes, features } } };
  }
}

const WEB_DATA: Declaration = { connections: [pair('web-data', 'web', 'data')] };
const nat = { kind: 'other', id: 'nat-1' } as const;

async function applied(cloud: FakeCloud, declared = WEB_DATA): Promise<Scene> {
  const scene = new Scene(cloud, declared);
  expect((await scene.apply()).outcome).toBe('done');
  return scene;
}
const told = async (scene: Scene, from = 'web', to = 'data') => {
  const { findings, hops, reachable, verdict } = await scene.engine().verify(from, to);
  return {
    verdict,
    reachable,
    findings: findings.map(({ severity, fault, object }) => `${severity} ${fault}: ${object}`),
    fixes: findings.map(({ sentence, fix }) => `${sentence} ${fix}`),
    hops: hops.map(
      ({ direction, network, table, lookedUp, route, ok }) =>
        `${direction} ${network} ${table} ${lookedUp} → ${route === undefined ? 'nothing' : `${route.destination} ${route.kind}`}${ok ? '' : ', not across'}`,
    ),
  };
};

describe('verify', () => {
  it('names the table and the prefix of each look-up, there and back', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud);
    expect(await told(scene)).toEqual({
      verdict: 'reachable',
      reachable: true,
      findings: [],
      fixes: [],
      hops: [
        'forward web vtb-web 10.1.0.0/16 → 10.1.0.0/16 peering',
        'return data vtb-data 10.0.0.0/16 → 10.0.0.0/16 peering',
      ],
    });
    cloud.dropRoute('data', '10.0.0.0/16');
    expect(await told(scene)).toMatchObject({
      findings: ['blocks return-route-missing: route 10.0.0.0/16 in vtb-data (data)'],
      fixes: [
        'data (vtb-data) has no route to 10.0.0.0/16 of web, so answers do not come back. Run `peerway apply` to write it.',
      ],
      hops: [
        'forward web vtb-web 10.1.0.0/16 → 10.1.0.0/16 peering',
        'return data vtb-data 10.0.0.0/16 → nothing, not across',
      ],
    });
  });

  it('is partial when some of the prefixes are reached', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud);
    cloud.addCidr('data', '10.77.0.0/16');
    expect(await told(scene)).toMatchObject({
      verdict: 'partial',
      reachable: false,
      findings: ['blocks route-missing: route 10.77.0.0/16 in vtb-web (web)'],
    });
    cloud.dropRoute('web', '10.1.0.0/16');
    expect(await told(scene)).toMatchObject({ verdict: 'unreachable' });
  });

  it('says of one network twice that it is one, and of networks that share addresses which', async () => {
    const cloud = new Lacking();
    const scene = new Scene(cloud, { networks: { web: 'web', again: 'web', data: 'data' } });
    expect(await told(scene, 'web', 'again')).toMatchObject({
      reachable: true,
      findings: ['warning same-network: network web'],
      hops: [],
    });
    cloud.addCidr('data', '10.0.128.0/17');
    expect((await told(scene)).findings).toContain('blocks overlap: 10.0.0.0/16, 10.0.128.0/17');
  });

  it('does not look for routes where the cloud keeps them', async () => {
    const scene = await applied(new Lacking('explicit'), {
      connections: [pair('web-data', 'web', 'data', { routes: 'none' })],
    });
    expect(await told(scene)).toMatchObject({
      reachable: true,
      findings: [],
      hops: [
        'forward web kept by the cloud 10.1.0.0/16 → nothing',
        'return data kept by the cloud 10.0.0.0/16 → nothing',
      ],
    });
    scene.cloud.peeringOf('web', 'data').state = 'inactive';
    expect((await told(scene)).hops).toEqual([
      'forward web kept by the cloud 10.1.0.0/16 → nothing, not across',
      'return data kept by the cloud 10.0.0.0/16 → nothing, not across',
    ]);
  });

  it('warns of IPv6 that no route of ours can lead to, and finds the rest', async () => {
    const cloud = new Lacking('ipv6');
    const scene = await applied(cloud);
    cloud.addCidr('data', 'fd00:1::/48');
    expect(await told(scene)).toMatchObject({
      reachable: true,
      findings: ['warning family-unsupported: fd00:1::/48'],
      fixes: [expect.stringContaining('Fake fake takes no IPv6 routes from us')],
    });
    const able = new Lacking();
    const other = await applied(able);
    able.addCidr('data', 'fd00:1::/48');
    expect((await told(other)).fixes).toEqual([
      expect.stringMatching(/fd00:1::\/48 of data is IPv6, and .*Nothing to do, unless IPv6 must work between the two/),
    ]);
  });

  it('warns of prefix lists that it cannot look into, unless they lead across', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud);
    Object.assign(cloud.plantRoute('web', '10.99.0.0/16', nat), { destination: 'pl-1' });
    expect(await told(scene)).toMatchObject({
      reachable: true,
      findings: ['warning prefix-list: route pl-1 in vtb-web (web)'],
      fixes: [expect.stringContaining('leads to nat-1')],
    });
    Object.assign(cloud.routes.at(-1)!, { nextHop: cloud.hop(cloud.peeringOf('web', 'data'), 'initiator') });
    expect(await told(scene)).toMatchObject({ reachable: true, findings: [] });
  });

  it('says which two peerings there are, and which object is down', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud);
    const { id } = cloud.peeringOf('web', 'data');
    const second = cloud.plantPeering('web', 'data');
    const [severity] = (await told(scene)).findings;
    expect([
      `warning several-peerings: ${id}, ${second.id}`,
      `warning several-peerings: ${second.id}, ${id}`,
    ]).toContain(severity);
    cloud.forget(second);
    Object.assign(cloud.peeringOf('web', 'data'), { state: 'inactive', reason: 'suspended' });
    expect((await told(scene)).findings[0]).toMatch(new RegExp(`^blocks suspended: .*${id}`));
  });

  it('knows a network that is being made from one that goes, and one that is not there', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud, { ...WEB_DATA, networks: { web: 'web', data: 'data' } });
    const data = cloud.networks.get('data')!;
    data.state = 'provisioning';
    expect(await told(scene)).toMatchObject({
      findings: ['blocks network-not-active: network data'],
      fixes: [expect.stringContaining('Wait until the cloud has made it.')],
    });
    data.state = 'deleting';
    expect((await told(scene)).fixes).toEqual([expect.stringContaining('remove it from the declaration')]);
    cloud.forget(cloud.peeringOf('web', 'data'));
    cloud.networks.delete('data');
    expect((await told(scene)).findings).toEqual(['blocks network-missing: network data']);
    expect((await told(scene, 'data', 'web')).findings).toEqual(['blocks network-missing: network data']);
  });

  it('follows a route that is being written, and one that leads somewhere else', async () => {
    const cloud = new Lacking(undefined, { routeMs: 0 });
    const scene = await applied(cloud, {
      connections: [pair('web-data', 'web', 'data'), pair('web-jobs', 'web', 'jobs')],
    });
    const across = cloud.routesOf('web').find(({ destination }) => destination === '10.1.0.0/16')!;
    Object.assign(across, { state: 'provisioning', until: Number.POSITIVE_INFINITY });
    expect(await told(scene)).toMatchObject({
      reachable: true,
      findings: ['warning route-provisioning: route 10.1.0.0/16 in vtb-web (web)'],
    });
    Object.assign(across, { state: 'active', nextHop: cloud.hop(cloud.peeringOf('web', 'jobs'), 'initiator') });
    expect(await told(scene)).toMatchObject({
      findings: ['blocks route-wrong-peering: route 10.1.0.0/16 in vtb-web (web)'],
      fixes: [expect.stringContaining('leads to jobs, not to data')],
    });
  });
});

describe('verify, of what joins two networks', () => {
  it('names a third that the file does not know, by its id', async () => {
    const cloud = new Lacking();
    cloud.plantPeering('jobs', 'web');
    cloud.plantPeering('jobs', 'data');
    const scene = new Scene(cloud, { networks: { web: 'web', data: 'data' } });
    expect((await told(scene)).fixes[0]).toBe(
      'web and data are both peered with jobs, and a peering does not forward for others. Declare a connection between web and data.',
    );
  });

  it('says that no peering joins two clouds', async () => {
    const [cloud, other] = [new Lacking(), new Lacking(undefined, { id: 'other' })];
    const networks = new Map<string, NetworkSpec>([
      ['web', { provider: cloud.provider('one'), id: networkId('web') }],
      ['data', { provider: other.provider('two'), id: networkId('data') }],
    ]);
    const stack = { name: 'shop', networks, connections: [], links: [] };
    const { findings, hops } = await new Engine({ stack, clock: cloud.clock }).verify('web', 'data');
    expect([findings, hops]).toEqual([
      [
        {
          fault: 'two-clouds',
          severity: 'blocks',
          object: 'web, data',
          sentence: 'web and data are in different clouds, and no peering joins those.',
          fix: 'Bring a link to each and route over the line between them.',
        },
      ],
      [],
    ]);
  });

  it('goes over a relay that was asked from either end', async () => {
    const cloud = new Lacking();
    cloud.networks.get('jobs')!.transit = true;
    const [one, two] = [cloud.plantPeering('web', 'jobs'), cloud.plantPeering('jobs', 'data')];
    cloud.plantRoute('web', '10.1.0.0/16', cloud.hop(one, 'initiator'));
    cloud.plantRoute('data', '10.0.0.0/16', cloud.hop(two, 'acceptor'));
    const scene = new Scene(cloud, {});
    expect(await told(scene)).toMatchObject({ verdict: 'reachable', findings: [] });
    // the other half of the way is not one's own
    cloud.routesOf('web')[0]!.nextHop = cloud.hop(two, 'initiator');
    expect((await told(scene)).findings).toEqual([expect.stringMatching(/^blocks route-/)]);
  });

  it('knows the tables that are declared, and those that are not there', async () => {
    const cloud = new Lacking();
    cloud.networks.get('web')!.tables.push('vtb-more');
    const scene = await applied(cloud);
    const engine = scene.engineWith({ web: ['vtb-more', 'vtb-none'].map(routeTableId) });
    const { findings } = await engine.verify('web', 'data');
    expect(findings.map(({ fault, severity, object, sentence }) => [fault, severity, object, sentence])).toEqual([
      ['table-missing', 'blocks', 'table vtb-none', 'web has no route table vtb-none, which is declared.'],
      [
        'route-missing',
        'blocks',
        'route 10.1.0.0/16 in vtb-more (web)',
        'web (vtb-more) has no route to 10.1.0.0/16 of data.',
      ],
    ]);
  });
});

describe('the longest prefix', () => {
  const route = (destination: string, more: object = {}): Route =>
    ({ destination: parseCidr(destination), state: 'active', ...more }) as Route;
  const pieces = (...routes: Route[]): unknown[] =>
    lookUp(parseCidr('10.0.0.0/16'), routes).map(({ prefix, route: by, rest }) => [
      prefix,
      by === undefined ? 'nothing' : by.destination,
      rest,
    ]);

  it('is that of routes for any source that are not on their way out', () => {
    const wide = route('10.0.0.0/8');
    const taken = [['10.0.0.0/16', '10.0.0.0/8', false]];
    expect(pieces(wide, route('10.0.0.0/16', { source: parseCidr('10.9.0.0/16') }))).toEqual(taken);
    expect(pieces(wide, route('10.0.0.0/16', { state: 'deleting' }))).toEqual(taken);
    expect(pieces(wide, route('0.0.0.0/0'), { ...route('10.0.0.0/8'), destination: 'pl-1' } as never)).toEqual(taken);
    expect(pieces(wide, route('10.0.0.0/16', { source: parseCidr('0.0.0.0/0') }))).toEqual([
      ['10.0.0.0/16', '10.0.0.0/16', false],
    ]);
    expect(pieces(wide, route('10.0.0.0/16', { state: 'provisioning' }))).toEqual([
      ['10.0.0.0/16', '10.0.0.0/16', false],
    ]);
  });

  it('leaves the rest to what is wider, also where two routes take the same part', () => {
    const half = ['10.0.0.0/17', '10.0.0.0/17', false];
    expect(pieces(route('10.0.0.0/17'))).toEqual([['10.0.0.0/16', 'nothing', true], half]);
    expect(pieces(route('10.0.0.0/17'), route('10.0.0.0/17'))).toEqual([
      ['10.0.0.0/16', 'nothing', true],
      ...[half, half],
    ]);
    expect(pieces(route('10.0.0.0/17'), route('10.0.128.0/17'))).toEqual([
      half,
      ['10.0.128.0/17', '10.0.128.0/17', false],
    ]);
    expect(pieces(route('10.0.0.0/17'), route('10.0.1.0/24'))).toEqual([
      ['10.0.0.0/16', 'nothing', true],
      ['10.0.0.0/17', '10.0.0.0/17', true],
      ['10.0.1.0/24', '10.0.1.0/24', false],
    ]);
  });
});

describe('why something is down', () => {
  it.each([
    ['expired', 'Nobody accepted link x in time.'],
    ['deleted', 'link x has been deleted.'],
    ['failed', 'The cloud could not make link x.'],
    ['updating', 'link x is being changed right now.'],
  ] as const)('is told of what is %s, whatever the cloud says beside', (state, sentence) => {
    const down = whyDown({ state, nativeState: '' }, 'link x');
    expect(down).toEqual({ fault: state, severity: 'blocks', object: 'link x', sentence, fix: down?.fix });
    expect(down?.fix).toMatch(/^[A-Z].*\.$/);
  });
});

describe('verify over a line', () => {
  const declared: Declaration = { links: [line('idc', 'web')] };

  it('looks into the network and the border router, and knows both ends', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud, declared);
    const there = await told(scene, 'web', 'idc');
    const back = await told(scene, 'idc', 'web');
    for (const one of [there, back]) {
      expect(one).toMatchObject({ reachable: true, verdict: 'reachable', findings: [] });
      expect(one.hops.some((hop) => hop.startsWith('forward web vtb-web 192.168.0.0/16 → 192.168.0.0/16'))).toBe(true);
      expect(one.hops.some((hop) => hop.startsWith('return web '))).toBe(true);
    }
    expect(await told(scene, 'data', 'idc')).toMatchObject({
      verdict: 'unreachable',
      findings: ['blocks not-transitive: data, idc'],
      hops: [],
    });
  });

  it('names the line that is not there, is somewhere else, or is down', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud, declared);
    const [link] = cloud.links;
    Object.assign(link!, { state: 'inactive', reason: 'suspended' });
    const down = await told(scene, 'web', 'idc');
    expect(down.findings[0]).toBe(`blocks suspended: link ${link!.id}`);
    expect(down.hops.every((hop) => hop.endsWith('not across'))).toBe(true);
    Object.assign(link!, { state: 'active', reason: undefined, network: 'data' });
    expect((await told(scene, 'web', 'idc')).findings).toContain(`blocks link-elsewhere: link ${link!.id}`);
    cloud.links.length = 0;
    expect((await told(scene, 'web', 'idc')).findings).toEqual(['blocks link-missing: idc']);
  });

  it('finds routes to the line that are missing, lead elsewhere or drop packets', async () => {
    const cloud = new Lacking();
    const scene = await applied(cloud, declared);
    const route = cloud
      .routesOf('web')
      .find(({ table, destination }) => `${table} ${destination}` === 'vtb-web 192.168.0.0/16')!;
    const hop = route.nextHop;
    route.nextHop = nat;
    expect(await told(scene, 'web', 'idc')).toMatchObject({
      findings: ['blocks route-elsewhere: route 192.168.0.0/16 in vtb-web'],
      fixes: [expect.stringContaining(`sends 192.168.0.0/16 to nat-1, not to link ${cloud.links[0]!.id}`)],
    });
    route.nextHop = hop;
    cloud.routes.splice(cloud.routes.indexOf(route), 1);
    expect((await told(scene, 'web', 'idc')).findings).toEqual([
      'blocks route-missing: route 192.168.0.0/16 in vtb-web',
    ]);
    // a line that takes everything is meant for what nothing narrower takes
    const wide = await applied(new Lacking(), {
      links: [line('idc', 'web', { destinations: [parseCidr('0.0.0.0/0')] })],
    });
    wide.cloud.plantRoute('web', '172.16.0.0/12', nat);
    expect((await told(wide, 'web', 'idc')).findings).toEqual([]);
  });
});
