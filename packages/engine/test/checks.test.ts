/** What is wrong with a line before anything is sent, whose port it may be, and what a dry run of the cloud's adds to a plan. */
import { describe, expect, it } from '@jest/globals';
import {
  networkId,
  parseCidr,
  PeerwayError,
  type Cidr,
  type MechanismCapabilities,
  type Provider,
  type ProviderCapabilities,
  type ProviderPlugin,
} from '@peerway/core';
import { Engine, type ConnectionSpec, type LinkSpec, type Plan } from '@peerway/engine';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { hub, line, pair, Scene } from './scene.js';

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  for (const [at, name] of ['web', 'data', 'jobs'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);
  return cloud;
}
const told = ({ problems }: Plan): string[] =>
  problems.map(
    ({ severity, kind, object, message, remedy }) => `${severity} ${kind} ${object}: ${message} | ${remedy}`,
  );

describe('a line', () => {
  const problems = async (spec: Partial<LinkSpec>, network = 'web'): Promise<string[]> =>
    told(await new Scene(world(), { links: [line('idc', network, spec)] }).plan());

  it('leads somewhere, over addresses of that family, with tags of its own', async () => {
    expect(await problems({})).toEqual([]);
    expect(await problems({ destinations: [] })).toEqual([
      'error link idc: idc names nothing behind the line | Add destinations.',
    ]);
    expect(await problems({ destinations: ['192.168.0.0/16', 'fd00::/48'].map(parseCidr) })).toEqual([
      'error route-prefix idc: No route can be written to fd00::/48: the line has addresses of the other family (10.255.0.1/30) | Remove it from the destinations of idc.',
    ]);
    expect(await problems({ tags: { 'peerway.stack': 'x', mypeerway: 'x' } })).toEqual([
      'error tags idc: The tag peerway.stack is ours to set | Remove it, or choose another key.',
    ]);
  });

  it('fits what the cloud takes, and is called unsupported where it takes no such thing', async () => {
    expect(await problems({ vlan: 4_001 })).toEqual([
      'error link idc: vlan 4001 is outside the limits | Give 1 to 4000.',
    ]);
    expect((await problems({ healthCheck: {} }))[0]).toMatch(/^error unsupported idc: fake probes no link/);
    expect((await problems({ customerIp: '10.255.9.9' }))[0]).toMatch(/^error link idc: customerIp 10.255.9.9/);
  });

  it('has a port of its own cloud, account and region, where the cloud brings no other to a network', async () => {
    const cloud = world();
    const other = new FakeCloud({ id: 'other', clock: cloud.clock });
    const plan = async (portProvider: Provider): Promise<string[]> => {
      const provider = cloud.provider('mine');
      const stack = {
        name: 'shop',
        networks: new Map([['web', { provider, id: networkId('web') }]]),
        connections: [],
        links: [line('idc', 'web', { portProvider })],
      };
      return told(await new Engine({ stack, clock: cloud.clock }).plan());
    };
    expect(await plan(other.provider('theirs'))).toEqual([
      'error link idc: pc-1 is a port of Fake other, and the network is in Fake fake | Bring each cloud a line of its own.',
    ]);
    expect(await plan(cloud.provider('away', 'acc-a', 'r2'))).toEqual([
      'error unsupported idc: Fake fake brings no port of another region to a network: the fake has none | Use a port of the network’s own region.',
    ]);
    expect(await plan(cloud.provider('theirs', 'acc-b'))).toEqual([
      'error unsupported idc: Fake fake brings no port of another account to a network: the fake has none | Use a port of the network’s own account.',
    ]);
    expect(await plan(cloud.provider('mine'))).toEqual([]);
  });
});

/** A cloud that has learned or forgotten something. */
class Bent extends FakeCloud {
  constructor(
    private readonly bend: (capabilities: ProviderCapabilities) => ProviderCapabilities,
    options: Partial<FakeOptions> = {},
  ) {
    super(options);
    for (const [at, name] of ['web', 'data', 'jobs'].entries()) this.network(name, [`10.${at}.0.0/16`]);
  }

  override plugin(): ProviderPlugin {
    const plugin = super.plugin();
    return { ...plugin, capabilities: this.bend(plugin.capabilities) };
  }
}

const NO = {
  status: 'unsupported',
  reason: 'it has none',
  source: 'https://cloud.example',
  checkedOn: '2026-11-20',
} as const;
const mechanisms = (
  { mechanisms: [first], ...rest }: ProviderCapabilities,
  change: (mechanism: MechanismCapabilities) => Partial<MechanismCapabilities>,
): ProviderCapabilities => ({ ...rest, mechanisms: [{ ...first, ...change(first) }] });
const routes = (
  capabilities: ProviderCapabilities,
  features: Partial<ProviderCapabilities['routes']['features']>,
  limits: Partial<ProviderCapabilities['routes']['limits']> = {},
): ProviderCapabilities => ({
  ...capabilities,
  routes: {
    ...capabilities.routes,
    features: { ...capabilities.routes.features, ...features },
    limits: { ...capabilities.routes.limits, ...limits },
  },
});

describe('a connection', () => {
  const problems = async (cloud: FakeCloud, ...connections: ConnectionSpec[]): Promise<string[]> =>
    told(await new Scene(cloud, { connections }).plan());
  const webData = pair('c', 'web', 'data');

  it('is not made where the cloud keeps no mark of any kind', async () => {
    const cloud = new Bent((all) =>
      mechanisms(all, ({ features }) => ({ features: { ...features, tags: NO, description: NO } })),
    );
    expect(await problems(cloud, webData)).toEqual([
      'error unsupported c: fast keeps neither tags nor a description, so what we make could not be told from what others make | Choose another mechanism.',
    ]);
  });

  it('gets routes of the versions that the cloud takes, and is told of the others', async () => {
    const cloud = new Bent((all) => routes(all, { ipv6: NO }));
    cloud.addCidr('data', '2001:db8::/56');
    const message = (name: string) =>
      `warning route-family c: ${name} gets no routes to 2001:db8::/56: Fake fake takes no IPv6 routes | Nothing to do, unless IPv6 must work.`;
    expect(await problems(cloud, webData)).toEqual([message('web')]);
    cloud.addCidr('web', '2001:db8:1::/56');
    expect(await problems(cloud, webData)).toEqual([
      message('web').replace('web', 'data').replace('2001:db8::', '2001:db8:1::'),
      message('web'),
    ]);
    expect(await problems(cloud, pair('c', 'web', 'data', { routes: ['10.1.0.0/16'].map(parseCidr) }))).toEqual([]);
  });

  it('has marks that fit where they are to stand', async () => {
    const SHORTER =
      'Use a shorter description, or shorter names for the stack, the connection and its networks: the description holds our marker, too.';
    const short = new Bent((all) => routes(all, {}, { description: { min: 0, max: 30 } }));
    expect(await problems(short, webData)).toEqual([
      `error bad-name c: The marker "peerway stack=shop connection=c" of a route is 31 characters long, and the cloud takes 0 to 30 | ${SHORTER}`,
    ]);
    expect(await problems(short, pair('c', 'web', 'data', { routes: 'none' }))).toEqual([]);
    expect(await problems(new Bent((all) => routes(all, {}, { description: { min: 0, max: 31 } })), webData)).toEqual(
      [],
    );
    expect(await problems(world(), pair('c', 'web', 'data', { description: 'x'.repeat(170) }))).toEqual([
      expect.stringMatching(
        /^error bad-name c: description is 20\d characters long, and the cloud takes 0 to 200 \| Use a shorter description/,
      ),
    ]);
  });

  it('of two networks that relay stays as it is', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [webData] });
    await scene.apply();
    for (const name of ['web', 'data']) Object.assign(cloud.networks.get(name) ?? {}, { transit: true });
    expect(told(await scene.plan())).toEqual([]);
  });

  it('whose ends overlap is an error as soon as one side is to get its routes by itself', async () => {
    const cloud = world();
    cloud.addCidr('data', '10.0.9.0/24');
    const given = (web: 'auto' | Cidr[], data: 'auto' | Cidr[]) =>
      problems(cloud, pair('c', 'web', 'data', { routes: { sides: { web, data } } }));
    const [toData, toWeb] = [[parseCidr('10.1.0.0/16')], [parseCidr('10.0.0.0/24')]];
    const kinds = (told: readonly string[]): string[] =>
      told.filter((one) => / overlap c: /.test(one)).map((one) => one.split(' ')[0] ?? '');
    expect(kinds(await given('auto', toWeb))).toEqual(['error']);
    expect(kinds(await given(toData, 'auto'))).toEqual(['error']);
    expect(kinds(await given(toData, toWeb))).toEqual(['warning']);
  });

  it('takes nothing away from another one unseen', async () => {
    const cloud = world();
    const wide = pair('wide', 'web', 'jobs', { routes: { sides: { web: [parseCidr('10.0.0.0/8')], jobs: 'none' } } });
    const inside = '10.1.0.0/16 of data lies inside 10.0.0.0/8 of jobs in vtb-web (web); traffic for it goes to data';
    expect((await problems(cloud, wide, webData)).filter((one) => one.includes('lies inside'))).toEqual([
      `warning route-overlap wide: ${inside} | Nothing to do if that is meant.`,
    ]);
    cloud.plantRoute('web', '10.2.3.0/24', { kind: 'other', id: 'nat-1' });
    expect((await problems(cloud, wide)).filter((one) => one.includes('not ours'))).toEqual([
      'warning route-overlap wide: A route 10.2.3.0/24 in vtb-web (web) that is not ours takes a part of 10.0.0.0/8 to nat-1 | Remove it if that part should be reached too.',
    ]);
  });
});

describe('a dry run', () => {
  it('is asked of those that the cloud can check, and of none whose place is still taken', async () => {
    const asked = async (cloud: FakeCloud, declared: ConnectionSpec): Promise<number> => {
      await new Scene(cloud, { connections: [declared] }).plan({ dryRun: true });
      return cloud.requests.filter(({ operation }) => operation === 'peerings.dryRun').length;
    };
    expect(await asked(world(), pair('c', 'web', 'data'))).toBe(1);
    const cannot = new Bent((all) => mechanisms(all, ({ features }) => ({ features: { ...features, dryRun: NO } })));
    expect(await asked(cannot, pair('c', 'web', 'data'))).toBe(0);
    const replaced = world();
    await new Scene(replaced, { connections: [pair('c', 'web', 'data', { mechanism: 'old' })] }).apply();
    expect(await asked(replaced, pair('c', 'web', 'data', { mechanism: 'fast' }))).toBe(0);
  });

  it('that is stopped is no refusal', async () => {
    const cloud = world();
    const stop = new AbortController();
    cloud.onRequest = (operation) => {
      if (operation !== 'peerings.dryRun') return;
      stop.abort();
      throw new PeerwayError('Canceled', 'stopped');
    };
    const plan = new Scene(cloud, { connections: [pair('c', 'web', 'data')] }).plan({
      dryRun: true,
      signal: stop.signal,
    });
    await expect(plan).rejects.toMatchObject({ code: 'Canceled' });
  });

  it('adds what the cloud would refuse, in order, each under its connection', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [hub('h', 'web', ['jobs', 'data'])] });
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.dryRun')
        throw new PeerwayError('QuotaExceeded', 'no more', { remedy: 'Ask for more.' });
    };
    expect(told(await scene.plan())).toEqual([]);
    expect(told(await scene.plan({ dryRun: true }))).toEqual(
      ['h/web/data', 'h/web/jobs'].map(
        (name) => `error cloud-refuses ${name}: Fake fake would refuse: no more | Ask for more.`,
      ),
    );
    expect(cloud.requests.filter(({ operation }) => operation === 'peerings.dryRun')).toHaveLength(2);
    expect(cloud.mutations()).toEqual([]);
  });

  it('asks nothing of a plan that makes none', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('c', 'web', 'data')] });
    await scene.apply();
    const before = cloud.requests.length;
    expect(told(await scene.plan({ dryRun: true }))).toEqual([]);
    expect(cloud.requests.slice(before).map(({ operation }) => operation)).not.toContain('peerings.dryRun');
  });
});
