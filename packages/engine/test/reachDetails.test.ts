/** What verify says beside the name of a fault: which object, which packets, what joins what, and what is no fault at all. */
import { describe, expect, it } from '@jest/globals';
import { parseCidr, type ProviderPlugin, type RouteFeature } from '@peerway/core';
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
