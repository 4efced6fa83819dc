/** A network of somebody else's account: we ask and they agree, or they ask and we agree; nothing is ever read or written with keys that we lack. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, networkId, parseCidr, regionId, type Provider } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import {
  Engine,
  importWorld,
  renderPlan,
  type ApplyReport,
  type ConnectionSpec,
  type EngineEvent,
  type NetworkSpec,
  type PeerNetwork,
  type Plan,
} from '@peerway/engine';
import { collect } from '../src/world/collect.js';
import { Emulated, type CloudName } from './emulated.js';
import { FakeCloud } from './fakeCloud.js';
import { inNewProcess } from './newProcess.js';
import { pair } from './scene.js';

describe.each<CloudName>(['alibaba', 'baidu'])('%s', (cloud) => {
  let world: Emulated;
  let ours: Provider;
  let theirs: Provider;
  beforeAll(async () => {
    world = await Emulated.start();
    const [near, away] = DEFAULT_WORLD[cloud].regions;
    ours = await world.provider(cloud, 'a', near);
    theirs = await world.provider(cloud, 'b', away);
  });
  afterAll(() => world.close());

  const engine = (connection: ConnectionSpec, more: Partial<PeerNetwork> = {}): Engine => {
    const { web, far, regions } = world.networks(cloud);
    const { b } = DEFAULT_WORLD[cloud].accounts;
    const cidr = DEFAULT_WORLD[cloud].networks.find(({ id }) => id === far)?.cidrs[0] ?? '';
    const peer: PeerNetwork = {
      account: accountId(b.id),
      region: regionId(regions[1]),
      cidrs: [parseCidr(cidr)],
      ...more,
    };
    return new Engine({
      stack: {
        name: 'shop',
        networks: new Map<string, NetworkSpec>([
          ['web', { provider: ours, id: networkId(web) }],
          ['far', { provider: ours, id: networkId(far), peer }],
        ]),
        connections: [connection],
        links: [],
      },
      clock: inNewProcess(world.clock),
    });
  };
  const carry = async (one: Engine, mode: 'apply' | 'destroy' = 'apply'): Promise<readonly [Plan, ApplyReport]> => {
    const plan = await one.plan({ mode });
    return [plan, await one.apply(plan)];
  };
  const verbs = (plan: Plan): string[] => plan.steps.map(({ work }) => work.verb).sort();
  const asked = async (provider: Provider): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { id, state } of provider.peerings.list()) if (state !== 'deleted') found.push(id);
    return found;
  };
  /** What changed something, and with whose key. */
  const writers = (from: number): Set<string> =>
    new Set(
      world.emulator.requests.slice(from).flatMap(({ mutating, account }) => (mutating ? [String(account)] : [])),
    );

  it('our request is left pending, goes on when they have agreed, and is taken back with our routes', async () => {
    const { a } = DEFAULT_WORLD[cloud].accounts;
    const partner = pair('partner', 'web', 'far', { bandwidthMbps: 10 });
    let from = world.emulator.requests.length;
    const [first, report] = await carry(engine(partner));
    expect([verbs(first), first.problems, report.outcome]).toEqual([['peering.create'], [], 'done']);
    const pending = await engine(partner).plan();
    expect([pending.steps, pending.problems, pending.drift.map(({ kind }) => kind)]).toEqual([
      [],
      [],
      ['peering-pending-acceptance'],
    ]);
    expect((await engine(partner).status()).connections).toMatchObject([{ health: 'pending' }]);
    expect(writers(from)).toEqual(new Set([a.id]));
    // their network says nothing of whose our keys are
    expect(world.emulator.requests.slice(from).map(({ operation }) => operation)).not.toContain('GetCallerIdentity');
    const [id] = await asked(theirs);
    await theirs.peerings.accept(id as never);
    await world.clock.sleep(60_000);
    from = world.emulator.requests.length;
    const [second] = await carry(engine(partner));
    expect(verbs(second)).toEqual(['route.create']);
    expect(await engine(partner).plan()).toMatchObject({ steps: [], problems: [], drift: [] });
    expect((await engine(partner).status()).connections).toMatchObject([{ health: 'connected' }]);
    const verified = await engine(partner).verify('web', 'far');
    expect([verified.reachable, verified.findings.map(({ fault }) => fault)]).toEqual([true, ['peer-unseen']]);
    const [end, ended] = await carry(engine(partner), 'destroy');
    expect([verbs(end), end.problems, ended.outcome]).toEqual([['peering.delete', 'route.delete'], [], 'done']);
    expect([await asked(ours), writers(from)]).toEqual([[], new Set([a.id])]);
  });

  it('one whose prefixes nobody knows is not called reached without a route', async () => {
    const { web, far } = world.networks(cloud);
    const [near, away] = [networkId(web), networkId(far)];
    const { b } = DEFAULT_WORLD[cloud].accounts;
    const acceptor = { account: accountId(b.id), region: theirs.region, network: away };
    const id = await ours.peerings.request({ initiator: near, acceptor, bandwidthMbps: 10 });
    await theirs.peerings.accept(id);
    await world.clock.sleep(60_000);
    const verified = await engine(pair('partner', 'web', 'far'), { cidrs: undefined } as never).verify('web', 'far');
    expect(verified.reachable).toBe(false);
    await ours.peerings.delete(id, { side: 'initiator' } as never);
  });

  it('names: our own switch is ours, once they have agreed; theirs is refused', async () => {
    if (cloud === 'alibaba') return; // has no such switch, which the capabilities say
    const says = (dnsSync: ConnectionSpec['dnsSync']): ConnectionSpec => ({
      ...pair('partner', 'web', 'far', { bandwidthMbps: 10 }),
      ...(dnsSync === undefined ? {} : { dnsSync }),
    });
    expect((await engine(says('both')).plan()).problems).toMatchObject([
      {
        message: 'Whether the names of web resolve in far is its owner’s to say',
        remedy: 'Write dnsSync: [far], which is yours to switch, or remove it from partner.',
      },
    ]);
    const mirror = { ...says(['far']), between: ['far', 'web'] } as ConnectionSpec;
    expect((await engine(mirror).plan()).problems.map(({ message }) => message)).toContain(
      'Names over what far asks for are not switched: nothing there would bear our mark',
    );
    const open = says(['far']);
    expect(verbs((await carry(engine(open)))[0])).toEqual(['peering.create']);
    expect((await engine(open).plan()).steps).toEqual([]);
    const [id] = await asked(theirs);
    await theirs.peerings.accept(id as never);
    await theirs.peerings.update(id as never, { dnsSync: true }, { side: 'acceptor' });
    await world.clock.sleep(60_000);
    expect(verbs((await carry(engine(open)))[0])).toEqual(['peering.update', 'route.create']);
    const switches = async (): Promise<unknown[]> => [
      (await ours.peerings.get(id as never, { side: 'initiator' })).dnsSync,
      (await theirs.peerings.get(id as never, { side: 'acceptor' })).dnsSync,
    ];
    await world.clock.sleep(60_000);
    expect(await switches()).toEqual(['on', 'on']);
    expect(await engine(open).plan()).toMatchObject({ steps: [], problems: [], drift: [] });
    expect(verbs((await carry(engine(says(undefined))))[0])).toEqual(['peering.update']);
    await world.clock.sleep(60_000);
    expect(await switches()).toEqual(['off', 'on']);
    await carry(engine(says(undefined)), 'destroy');
    await world.clock.sleep(60_000);
  });

  it('our request is waited for where the file says so', async () => {
    const partner = pair('partner', 'web', 'far', { bandwidthMbps: 10 });
    const one = engine(partner, { awaited: true });
    const plan = await one.plan();
    expect(verbs(plan)).toEqual(['peering.create', 'route.create']);
    const applying = one.apply(plan);
    await world.clock.sleep(120_000);
    const [id] = await asked(theirs);
    await theirs.peerings.accept(id as never);
    expect((await applying).outcome).toBe('done');
    expect(await engine(partner, { awaited: true }).plan()).toMatchObject({ steps: [], drift: [] });
    expect((await carry(engine(partner), 'destroy'))[1].outcome).toBe('done');
  });

  it('their request is agreed to and gets our routes; it stays theirs when the stack goes', async () => {
    const { a } = DEFAULT_WORLD[cloud].accounts;
    const { web, far } = world.networks(cloud);
    const partner = pair('partner', 'far', 'web');
    const nothing = await engine(partner).plan();
    expect([nothing.steps, nothing.problems, nothing.drift.map(({ kind }) => kind)]).toEqual([
      [],
      [expect.objectContaining({ severity: 'warning', kind: 'not-asked-yet', object: 'partner' })],
      ['peering-missing'],
    ]);
    expect(renderPlan(nothing, 'text')).toMatch(
      /warning partner: the account \w+ has not asked for a peering of far and web yet/,
    );
    const id = await theirs.peerings.request({
      initiator: networkId(far),
      acceptor: { account: accountId(a.id), region: ours.region, network: networkId(web) },
      bandwidthMbps: 10,
    });
    await world.clock.sleep(60_000);
    const from = world.emulator.requests.length;
    const [plan, report] = await carry(engine(partner));
    expect([verbs(plan), plan.problems, report.outcome]).toEqual([['peering.settle', 'route.create'], [], 'done']);
    expect(await engine(partner).plan()).toMatchObject({ steps: [], problems: [], drift: [] });
    // with its peer out of the file nobody knows any more that it was asked for by others: the network back in it says so
    const alone = new Engine({
      stack: {
        name: 'shop',
        networks: new Map([['web', { provider: ours, id: networkId(web) }]]),
        connections: [],
        links: [],
      },
      clock: inNewProcess(world.clock),
    });
    expect((await alone.plan()).problems).toMatchObject([
      {
        kind: 'end-out-of-reach',
        forceable: true,
        remedy: expect.stringContaining(`if ${far} stood there as a peer:, put that network back`),
      },
    ]);
    const [end, ended] = await carry(engine(partner), 'destroy');
    expect([verbs(end), end.problems, ended.outcome]).toEqual([['route.delete'], [], 'done']);
    expect([await asked(ours), writers(from)]).toEqual([[id], new Set([a.id])]);
    await theirs.peerings.delete(id);
  });
});

describe('a peering whose other end has routes of its owner’s', () => {
  it('ends soon with what it waits for, and is taken down when they are gone', async () => {
    const world = await Emulated.start();
    try {
      const [near, away] = DEFAULT_WORLD.alibaba.regions;
      const [ours, theirs] = [await world.provider('alibaba', 'a', near), await world.provider('alibaba', 'b', away)];
      const { web, far, regions } = world.networks('alibaba');
      const peer: PeerNetwork = {
        account: accountId(DEFAULT_WORLD.alibaba.accounts.b.id),
        region: regionId(regions[1]),
        cidrs: [parseCidr('172.16.0.0/16')],
      };
      const events: EngineEvent[] = [];
      const engine = (): Engine =>
        new Engine({
          stack: {
            name: 'shop',
            networks: new Map<string, NetworkSpec>([
              ['web', { provider: ours, id: networkId(web) }],
              ['far', { provider: ours, id: networkId(far), peer }],
            ]),
            connections: [pair('partner', 'web', 'far', { bandwidthMbps: 10 })],
            links: [],
          },
          clock: inNewProcess(world.clock),
          onEvent: (event) => events.push(event),
        });
      await engine().apply(await engine().plan());
      const [asked] = await collect(theirs.peerings.list());
      if (asked === undefined) throw new Error('nothing was asked');
      await theirs.peerings.accept(asked.id);
      await world.clock.sleep(60_000);
      await engine().apply(await engine().plan());
      const [main] = await theirs.routes.tables(networkId(far));
      const nextHop = (await theirs.peerings.get(asked.id, { side: 'acceptor' })).acceptor.nextHop;
      if (main === undefined || nextHop === undefined) throw new Error('no table or next hop');
      const destination = parseCidr('10.222.0.0/16');
      await theirs.routes.create({ network: networkId(far), table: main.id, destination, nextHop });
      const start = world.clock.now();
      const report = await engine().apply(await engine().plan({ mode: 'destroy' }));
      expect(report.outcome).toBe('failed');
      expect((world.clock.now() - start) / 1_000).toBeLessThan(30);
      const failed = report.steps.find(({ outcome }) => outcome === 'failed');
      expect(failed?.error?.message).toMatch(/Nothing of ours is left, so it is the other account’s$/);
      expect(failed?.error?.remedy).toMatch(new RegExp(`^Ask the owner of the other end .*${far}`));
      expect(events.flatMap((event) => (event.type === 'step.waiting' ? event.cause : []))).toContain(
        'the cloud to end it, whatever stands at the other account’s end',
      );
      for (const route of await collect(theirs.routes.list(networkId(far), main.id)))
        if (route.destination === destination) await theirs.routes.delete(route);
      await world.clock.sleep(60_000);
      expect((await engine().apply(await engine().plan({ mode: 'destroy' }))).outcome).toBe('done');
    } finally {
      await world.close();
    }
  });
});

describe('what is refused or left alone', () => {
  function file(
    cloud: FakeCloud,
    between: readonly [string, string],
    more: Partial<ConnectionSpec> = {},
    peer: Partial<PeerNetwork> = {},
  ): Engine {
    const provider = cloud.provider('one');
    const far: PeerNetwork = {
      account: accountId('acc-b'),
      region: regionId('r2'),
      cidrs: [parseCidr('10.1.0.0/16')],
      ...peer,
    };
    return new Engine({
      stack: {
        name: 'shop',
        networks: new Map<string, NetworkSpec>([
          ['web', { provider, id: networkId('web') }],
          ['far', { provider, id: networkId('far'), peer: far }],
          ['other', { provider, id: networkId('other'), peer: far }],
        ]),
        connections: [{ ...pair('partner', ...between), ...more } as ConnectionSpec],
        links: [],
      },
      clock: inNewProcess(cloud.clock),
    });
  }
  const clouds = (options = {}): FakeCloud => {
    const cloud = new FakeCloud(options);
    cloud.network('web', ['10.0.0.0/16']);
    for (const id of ['far', 'other']) cloud.network(id, ['10.1.0.0/16'], { account: 'acc-b', region: 'r2' });
    cloud.network('third', ['10.2.0.0/16'], { account: 'acc-c', region: 'r2' });
    return cloud;
  };
  const kinds = async (one: Engine): Promise<string[]> =>
    (await one.plan()).problems.map(({ kind, message }) => `${kind}: ${message}`);

  it('two networks of others, names of others, prefixes that nobody knows', async () => {
    expect(await kinds(file(clouds(), ['far', 'other']))).toEqual([
      expect.stringMatching(/^two-peers: partner joins far and other/),
    ]);
    expect(await kinds(file(clouds(), ['web', 'far'], { dnsSync: 'both' }))).toContainEqual(
      'unsupported: The names of far are its owner’s to open',
    );
    expect(await kinds(file(clouds(), ['web', 'far'], {}, { cidrs: [], awaited: true }))).toEqual([
      expect.stringMatching(/^route-prefix: The prefixes of far are not known/),
    ]);
  });

  it('the connection and its peer leave the file together: the network back in it is enough to remove ours', async () => {
    const cloud = clouds();
    const whole = file(cloud, ['web', 'far']);
    await whole.apply(await whole.plan());
    const [peering] = cloud.peerings;
    if (peering !== undefined) Object.assign(peering, { state: 'active', next: undefined });
    const stack = (...networks: (readonly [string, NetworkSpec])[]): Engine =>
      new Engine({
        stack: { name: 'shop', networks: new Map(networks), connections: [], links: [] },
        clock: inNewProcess(cloud.clock),
      });
    const provider = cloud.provider('one');
    const web = ['web', { provider, id: networkId('web') }] as const;
    const { problems } = await stack(web).plan();
    expect(problems).toMatchObject([{ kind: 'end-out-of-reach', forceable: true }]);
    expect(problems[0]?.remedy).toContain('if far stood there as a peer:, put that network back until the removal');
    const peer = { account: accountId('acc-b'), region: regionId('r2') };
    const back = stack(web, ['far', { provider, id: networkId('far'), peer }]);
    expect((await back.apply(await back.plan())).outcome).toBe('done');
    expect(cloud.peerings).toEqual([]);
  });

  it('what another account asks of the same network is not agreed to', async () => {
    const cloud = clouds();
    cloud.plantPeering('third', 'web', { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } });
    const plan = await file(cloud, ['far', 'web']).plan();
    expect([plan.steps, plan.drift.map(({ detail }) => detail)]).toEqual([
      [],
      ['the account acc-b has not asked for a peering of far and web yet'],
    ]);
    const named = cloud.plantPeering('far', 'web', {
      state: 'pending-acceptance',
      next: { side: 'acceptor', verb: 'accept' },
    });
    expect((await file(cloud, ['far', 'web']).plan()).steps.map(({ work }) => work.verb)).toContain('peering.settle');
    const wrong = file(cloud, ['far', 'web'], {}, { account: accountId('acc-x') });
    expect((await wrong.plan()).steps).toEqual([]);
    expect(named.state).toBe('pending-acceptance');
  });
});

describe('an import', () => {
  it('calls no network of an account somebody else’s while nobody says whose the keys are', async () => {
    const world = await Emulated.start();
    try {
      const { web, regions } = world.networks('baidu');
      const account = DEFAULT_WORLD.baidu.accounts.a.id;
      const second = world.emulator.world.network({
        cloud: 'baidu',
        account,
        region: regions[1],
        cidrs: ['10.77.0.0/16'],
      });
      const own = await world.provider('baidu', 'a', regions[0]);
      const acceptor = { region: regionId(regions[1]), network: networkId(second.id) };
      await own.peerings.request({ initiator: networkId(web), acceptor, bandwidthMbps: 10 });
      await world.clock.sleep(60_000);
      const unwritten = await world.provider('baidu', 'a', regions[0], undefined, 'unwritten');
      for (const [provider, why] of [
        [unwritten, /no entry says whose its keys are: if that account is yours, import from a config file/],
        [own, /: import from a config file that holds an entry for that region too$/],
      ] as const) {
        const { stack, leftOut } = await importWorld({ stack: 'found', providers: [provider] });
        expect([...stack.networks.values()].filter(({ peer }) => peer !== undefined)).toEqual([]);
        expect(leftOut).toMatchObject([{ why: expect.stringMatching(why) }]);
      }
      const away = await world.provider('baidu', 'a', regions[1]);
      const both = await importWorld({ stack: 'found', providers: [own, away] });
      expect([both.leftOut, both.connections.length]).toEqual([[], 1]);
    } finally {
      await world.close();
    }
  });

  it('names the networks of others as peers, marks what we asked for, and our routes over what they asked for', async () => {
    const cloud = new FakeCloud();
    for (const [id, cidr] of [
      ['web', '10.0.0.0/16'],
      ['data', '10.5.0.0/16'],
    ] as const)
      cloud.network(id, [cidr]);
    cloud.network('far', ['10.1.0.0/16'], { account: 'acc-b', region: 'r2' });
    cloud.network('same', ['10.2.0.0/16'], { account: 'acc-a', region: 'r2' });
    const asked = cloud.plantPeering('web', 'far', { name: 'asked' });
    const agreed = cloud.plantPeering('far', 'data', { name: 'agreed' });
    cloud.plantPeering('web', 'same');
    cloud.plantRoute('web', '10.1.0.0/16', cloud.hop(asked, 'initiator'));
    cloud.plantRoute('data', '10.1.8.0/24', cloud.hop(agreed, 'acceptor'));
    const { stack, leftOut } = await importWorld({ stack: 'found', providers: [cloud.provider('one')] });
    expect([...stack.networks].map(([name, { peer }]) => [name, peer])).toEqual([
      ['data', undefined],
      ['web', undefined],
      ['far', { account: 'acc-b', region: 'r2', cidrs: ['10.1.0.0/16'] }],
    ]);
    expect(stack.connections).toMatchObject([
      { name: 'agreed', between: ['far', 'data'], routes: { sides: { data: ['10.1.8.0/24'] } } },
      { name: 'asked', between: ['web', 'far'], routes: 'auto' },
    ]);
    expect(leftOut).toMatchObject([{ why: expect.stringMatching(/^no provider entry shows its acceptor, same/) }]);
    const engine = (): Engine => new Engine({ stack, clock: inNewProcess(cloud.clock) });
    expect((await engine().adoptable()).map(({ connection }) => connection)).toEqual(['asked']);
    await engine().adoptAll();
    expect(await engine().plan()).toMatchObject({ steps: [], problems: [] });
    const destroyed = await engine().apply(await engine().plan({ mode: 'destroy' }), { force: true });
    expect([destroyed.outcome, cloud.peerings.map(({ name }) => name)]).toEqual(['done', ['agreed', '']]);
  });
});
