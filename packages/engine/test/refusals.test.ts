/** What a plan refuses before anything is sent: of networks that are not there, of those of other accounts, of ports, of entries. */
import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  networkId,
  parseCidr,
  PeerwayError,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  type Cidr,
  type ErrorCode,
  type MechanismCapabilities,
  type ProviderCapabilities,
  type ProviderPlugin,
} from '@peerway/core';
import {
  Engine,
  type ConnectionSpec,
  type DnsSpec,
  type LinkSpec,
  type NetworkSpec,
  type PeerNetwork,
  type Plan,
} from '@peerway/engine';
import { FADING, FakeCloud, MIRRORED, type FakeOptions } from './fakeCloud.js';
import { FakeDriver } from './fakeDriver.js';
import { line, pair, Scene } from './scene.js';

type Bend = (capabilities: ProviderCapabilities) => ProviderCapabilities;

/** A cloud that has learned or forgotten something. */
class Bent extends FakeCloud {
  constructor(
    options: Partial<FakeOptions> = {},
    private readonly bend: Bend = (all) => all,
  ) {
    super(options);
    for (const [at, name] of ['web', 'data'].entries()) this.network(name, [`10.${at}.0.0/16`]);
  }

  override plugin(): ProviderPlugin {
    const plugin = super.plugin();
    return { ...plugin, capabilities: this.bend(plugin.capabilities) };
  }
}

const mechanism =
  (change: Partial<MechanismCapabilities>): Bend =>
  ({ mechanisms: [first], ...rest }) => ({ ...rest, mechanisms: [{ ...first, ...change }] });
/** The driver of a cloud that says whose its keys are. */
const asked = (driver: FakeDriver): FakeDriver => Object.assign(driver, { ownAccount: async () => accountId('acc-a') });
const told = ({ problems }: Plan): string[] =>
  problems.map(
    ({ severity, kind, object, message, remedy }) => `${severity} ${kind} ${object}: ${message} | ${remedy}`,
  );

describe('a network that is not there', () => {
  const missing = (name: string): string =>
    `error network-missing ${name}: The network ${name} (vpc-none) does not exist in provider acc-a.r1, region r1 | Check the id, the region and the account of the provider entry.`;
  it.each([
    ['web', 'none'],
    ['none', 'web'],
  ])('is named alone, of %s and %s', async (a, b) => {
    const networks = { web: 'web', none: 'vpc-none' };
    for (const routes of ['auto', ['10.1.0.0/16', 'fd00::/48'].map(parseCidr)] as const) {
      const connections = [pair('c', a, b, { routes: { sides: { [a]: routes, [b]: 'auto' } } })];
      expect(told(await new Scene(new Bent(), { networks, connections }).plan())).toEqual([missing('none')]);
    }
  });

  it('or is not declared, is the one thing wrong with a line', async () => {
    const plan = await new Scene(new Bent(), {
      links: [line('idc', 'zz'), line('dr', 'none')],
      networks: { none: 'vpc-none' },
    }).plan();
    expect(told(plan)).toEqual([
      'error unknown-network idc: idc names the network zz, which is not declared | Declare zz under networks, or correct the name.',
      missing('none'),
    ]);
  });
});

describe('what is left out of a plan', () => {
  it('is not looked into', async () => {
    const scene = new Scene(new Bent(), {
      connections: [pair('c', 'web', 'data')],
      links: [line('idc', 'web', { destinations: [] })],
    });
    expect(told(await scene.plan({ targets: ['c'] }))).toEqual([]);
    expect(told(await scene.plan({ targets: ['idc'] }))).toHaveLength(1);
  });
});

describe('accounts', () => {
  it('that are not known are asked for, unless both are one', async () => {
    const plan = (...unknown: string[]): Promise<Plan> => {
      const cloud = new Bent();
      for (const name of unknown) cloud.networks.get(name)!.accountUnknown = true;
      return new Scene(cloud, { connections: [pair('c', 'web', 'data')] }).plan();
    };
    expect(told(await plan('web', 'data'))).toEqual([]);
    expect(told(await plan('data')).filter((one) => one.includes('account-unknown'))).toEqual([
      'error account-unknown c: The account of data (acc-a.r1) is not known, and web is asked for by another one | Set account: on the provider entries acc-a.r1 and acc-a.r1.',
    ]);
  });

  it('that keys do not belong to are named', async () => {
    const cloud = new Bent();
    const settings = { name: 'one', region: regionId('r1'), account: accountId('acc-z'), credentials: 'acc-a' };
    const context = { clock: cloud.clock, random: seededRandom(7), redactor: new Redactor() };
    const provider = new Provider(cloud.plugin(), asked(new FakeDriver(cloud, 'acc-a', 'r1')), settings, context);
    const networks = new Map(['web', 'data'].map((id) => [id, { provider, id: networkId(id) }]));
    const stack = { name: 'shop', networks, connections: [pair('c', 'web', 'data')], links: [] };
    expect(told(await new Engine({ stack, clock: cloud.clock }).plan())).toEqual([
      'error account-mistaken one: The keys of one belong to the account acc-a; account: says acc-z | Correct account:, or use keys of that account.',
    ]);
  });
});

describe('regions', () => {
  const checked = { source: 'fake', checkedOn: '2026-11-20' };
  const regions: NonNullable<ProviderCapabilities['regions']> = {
    zones: { r1: 'east', r2: 'west' },
    between: [
      { zones: ['east', 'west'], verdict: 'refused', because: 'on two sides', remedy: 'Stay.', ...checked },
      { zones: ['east', ''] as never, verdict: 'needs', because: 'perhaps apart', remedy: 'Look.', ...checked },
    ],
  };
  it.each([
    ['r1', []],
    ['r2', ['error regions c: web (r1) and far (r2) are on two sides | Stay.']],
    ['r3', ['warning regions c: web (r1) and far (r3) are perhaps apart | Look.']],
  ])('are joined as the cloud says: r1 and %s', async (region, problems) => {
    for (const there of [true, false]) {
      const cloud = new Bent({}, (all) => ({ ...all, regions }));
      cloud.network('far', ['10.9.0.0/16'], { region });
      const scene = new Scene(cloud, { connections: [pair('c', 'web', 'far')] });
      const engine = scene.engine();
      if (!there) cloud.onRequest = () => void (cloud.networks.get('far')!.cidrs = []);
      expect(told(await engine.plan()).filter((one) => one.includes('regions'))).toEqual(problems);
    }
  });
});

describe('somebody else’s network', () => {
  /** `theirs` is another account's. */
  const problems = async (
    cloud: FakeCloud,
    connection: ConnectionSpec,
    more: Partial<PeerNetwork> = {},
  ): Promise<string[]> => {
    cloud.network('theirs', [], { account: 'acc-b', region: 'r2' });
    const provider = cloud.provider('one');
    const peer: PeerNetwork = { account: accountId('acc-b'), region: regionId('r2'), ...more };
    const networks = new Map<string, NetworkSpec>([
      ['web', { provider, id: networkId('web') }],
      ['theirs', { provider, id: networkId('theirs'), peer }],
    ]);
    const stack = { name: 'shop', networks, connections: [connection], links: [] };
    return told(await new Engine({ stack, clock: cloud.clock }).plan());
  };
  const cidrs: readonly Cidr[] = [parseCidr('10.9.0.0/16')];
  const asked = pair('c', 'web', 'theirs');
  const asking = pair('c', 'theirs', 'web');
  const dns = (connection: ConnectionSpec, dnsSync: DnsSpec): ConnectionSpec => ({
    ...connection,
    dnsSync,
  });

  it('is not joined by a mechanism that wants steps of both sides', async () => {
    expect(await problems(new Bent(MIRRORED), asked, { cidrs })).toEqual([
      'error unsupported c: fast needs steps of both sides, and theirs is the account acc-b’s | Choose another mechanism, or add a provider entry for that account.',
    ]);
    expect(await problems(new Bent(), asked, { cidrs })).toEqual([]);
  });

  it('gets routes over what it asked for only where they can be marked', async () => {
    const kept =
      'error unsupported c: Fake fake keeps no mark on routes, so ours over a peering of somebody else’s could not be told from others | Ask for it from here (between: [web, theirs]), or write routes: none.';
    const ask = (options: Partial<FakeOptions>, connection: ConnectionSpec): Promise<string[]> => {
      const cloud = new Bent(options);
      cloud.network('theirs', [], { account: 'acc-b', region: 'r2' });
      const [a, b] = connection === asked ? ['web', 'theirs'] : ['theirs', 'web'];
      cloud.plantPeering(String(a), String(b));
      return problems(cloud, connection, { cidrs });
    };
    expect(await ask(FADING, asking)).toContain(kept);
    expect(await ask(FADING, pair('c', 'theirs', 'web', { routes: 'none' }))).not.toContain(kept);
    expect(await ask(FADING, asked)).not.toContain(kept);
    expect(await ask({}, asking)).not.toContain(kept);
  });

  it('has prefixes, or routes are listed, as soon as routes are to be written', async () => {
    const unknown =
      'error route-prefix c: The prefixes of theirs are not known, and the routes to it are to be made of them | Write them: peer: { …, cidrs: [...] }, or list the routes of c.';
    const standing = (): Bent => {
      const cloud = new Bent();
      cloud.network('theirs', [], { account: 'acc-b', region: 'r2' });
      cloud.plantPeering('web', 'theirs', { tags: { 'peerway.stack': 'shop', 'peerway.connection': 'c' } });
      return cloud;
    };
    const pending = standing();
    Object.assign(pending.peerings[0]!, { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } });
    expect(await problems(new Bent(), asked)).toEqual([]);
    expect(await problems(pending, asked)).toEqual([]);
    expect(await problems(new Bent(), asked, { awaited: true })).toEqual([unknown]);
    expect(await problems(new Bent(), asked, { awaited: true, cidrs })).toEqual([]);
    expect(await problems(standing(), asked)).toEqual([unknown]);
    expect(await problems(standing(), asked, { cidrs })).toEqual([]);
    const listed = pair('c', 'web', 'theirs', { routes: { sides: { web: cidrs, theirs: 'none' } } });
    expect(await problems(standing(), listed)).toEqual([]);
  });

  it('opens its names itself', async () => {
    const able = (dnsSwitch: MechanismCapabilities['dnsSwitch']): Bent =>
      new Bent({}, (all) => {
        const [first] = all.mechanisms;
        const features = { ...first.features, dnsSync: { status: 'supported', checkedOn: '2026-11-20' } as const };
        return mechanism({ dnsSwitch, features })(all);
      });
    const leave = 'remove it from c.';
    const owner = 'The names of theirs are its owner’s to open';
    const said = async (cloud: Bent, connection: ConnectionSpec): Promise<string[]> =>
      (await problems(cloud, connection, { cidrs })).filter((one) => /names/i.test(one));
    for (const [dnsSync, mine] of [
      ['both', false],
      [['theirs'], false],
      [['web'], true],
      ['none', true],
    ] as const)
      expect(await said(able('opens-own'), dns(asked, dnsSync))).toEqual(
        mine ? [] : [`error unsupported c: ${owner} | Write dnsSync: [web], which is yours to switch, or ${leave}`],
      );
    expect(await said(able('resolves-other'), dns(asked, ['web']))).toEqual([
      `error unsupported c: Whether the names of web resolve in theirs is its owner’s to say | Write dnsSync: [theirs], which is yours to switch, or ${leave}`,
    ]);
    expect(await said(able('resolves-other'), dns(asked, ['theirs']))).toEqual([]);
    const remove = 'Remove dnsSync from c.';
    expect(await said(new Bent(), dns(asked, 'both'))).toContain(`error unsupported c: ${owner} | ${remove}`);
    expect(await said(new Bent(), dns(pair('c', 'web', 'theirs', { mechanism: 'zz' }), 'both'))).toContain(
      `error unsupported c: ${owner} | ${remove}`,
    );
    expect(await said(able('opens-own'), dns(asking, ['web']))).toEqual([
      `error unsupported c: Names over what theirs asks for are not switched: nothing there would bear our mark | ${remove}`,
    ]);
  });
});

describe('a port', () => {
  /** A cloud that looks at the port of a line. */
  class Checking extends Bent {
    constructor(private readonly look: (name: string) => void) {
      super();
    }

    override provider(name: string, account = 'acc-a', region = 'r1'): Provider {
      const driver = new FakeDriver(this, account, region);
      Object.assign(driver.links, {
        check: (input: { name: string }, call: never) =>
          this.request(call, account, 'links.check', false, () => this.look(input.name)),
      });
      const context = { clock: this.clock, random: seededRandom(7), redactor: new Redactor() };
      return new Provider(this.plugin(), driver, { name, region: regionId(region), credentials: account }, context);
    }
  }
  const links: LinkSpec[] = [line('idc', 'web'), line('dr', 'data', { vlan: 31 })];
  const wrong = (code: ErrorCode, details: object = {}) =>
    new Scene(
      new Checking((name) => {
        throw new PeerwayError(code, `no ${name}`, details);
      }),
      { links },
    ).plan();

  it.each<[ErrorCode, string]>([
    ['NotFound', 'link'],
    ['InvalidArgument', 'link'],
    ['FailedPrecondition', 'link'],
    ['Unsupported', 'unsupported'],
  ])('that the cloud says %s of is a problem of its line, in order', async (code, kind) => {
    expect(told(await wrong(code, { remedy: 'Ask.' }))).toEqual([
      `error ${kind} dr: no dr | Ask.`,
      `error ${kind} idc: no idc | Ask.`,
    ]);
    expect(told(await wrong(code))).toEqual([
      `error ${kind} dr: no dr | Correct the link.`,
      `error ${kind} idc: no idc | Correct the link.`,
    ]);
  });

  it('that cannot be asked about stops the plan', () =>
    expect(wrong('QuotaExceeded')).rejects.toMatchObject({ code: 'QuotaExceeded' }));

  it('of a line that stands is not asked about, and what is said already is not said again', async () => {
    let asked = 0;
    const cloud = new Checking(() => void asked++);
    const scene = new Scene(cloud, { links });
    await scene.apply();
    const before = asked;
    expect([told(await scene.plan()), asked - before]).toEqual([[], 0]);
    const said = 'idc names nothing behind the line';
    const again = new Checking(() => {
      throw new PeerwayError('NotFound', said);
    });
    const nothing = { links: [line('idc', 'web', { destinations: [] })] };
    expect(told(await new Scene(again, nothing).plan())).toEqual([`error link idc: ${said} | Add destinations.`]);
  });
});
