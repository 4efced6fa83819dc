/** A line on a port that another provider entry owns: another account, and on Alibaba Cloud another region. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, portId, type Provider, type RequestObserver } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { Engine, type ApplyReport, type LinkSpec, type Plan, type PlanMode } from '../src/index.js';
import { Emulated, ROOMY, type CloudName } from './emulated.js';
import { line } from './scene.js';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
/** Whose the port is, and in which region; the network is account a's in the first. */
type Place = readonly ['a' | 'b', 0 | 1];

class Across {
  private constructor(
    readonly cloud: CloudName,
    readonly world: Emulated,
    readonly place: Place,
  ) {}

  static async start(cloud: CloudName, place: Place): Promise<Across> {
    const across = new Across(cloud, await Emulated.start({ rules: ROOMY }), place);
    if (cloud === 'baidu') across.edit('baidu.channels', (row) => ({ ...row, authorizedUsers: [across.account('a')] }));
    return across;
  }

  account(who: 'a' | 'b'): string {
    return DEFAULT_WORLD[this.cloud].accounts[who].id;
  }

  get port(): string {
    const { ports, regions } = DEFAULT_WORLD[this.cloud];
    const found = ports.find(({ account, region }) => account === this.place[0] && region === regions[this.place[1]]);
    if (found === undefined) throw new Error('no port');
    return found.id;
  }

  async spec(more: Partial<LinkSpec> = {}): Promise<LinkSpec> {
    const [who, region] = this.place;
    const portProvider = await this.world.provider(this.cloud, who, DEFAULT_WORLD[this.cloud].regions[region]);
    const channel = this.rows('baidu.channels').find((row) => row['lineId'] === this.port);
    const addresses =
      channel === undefined
        ? {}
        : {
            vlan: Number(channel['vlanId']),
            cloudIp: String(channel['baiduAddress']),
            customerIp: String(channel['customerAddress']).split('/')[0] ?? '',
          };
    return line('idc', 'web', { port: portId(this.port), portProvider, bandwidthMbps: 10, ...addresses, ...more });
  }

  /** @param entries every entry of the file; default: the network's and those that the lines name */
  async engine(links: readonly LinkSpec[], entries: readonly Provider[] = []): Promise<Engine> {
    const provider = await this.world.provider(this.cloud, 'a', DEFAULT_WORLD[this.cloud].regions[0]);
    const networks = new Map([['web', { provider, id: networkId(this.world.networks(this.cloud).web) }]]);
    const stack = { name: 'shop', networks, connections: [], links, providers: entries };
    return new Engine({ stack, clock: this.world.clock });
  }

  async plan(links: readonly LinkSpec[], entries?: readonly Provider[]): Promise<Plan> {
    return (await this.engine(links, entries)).plan();
  }

  async apply(
    links: readonly LinkSpec[],
    mode: PlanMode = 'apply',
    entries?: readonly Provider[],
  ): Promise<ApplyReport> {
    const engine = await this.engine(links, entries);
    const report = await engine.apply(await engine.plan({ mode }), { force: true });
    expect(report.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    return report;
  }

  /** Applied, and nothing to do after it. */
  async converge(links: readonly LinkSpec[], entries?: readonly Provider[]): Promise<void> {
    await this.apply(links, 'apply', entries);
    const plan = await this.plan(links, entries);
    expect([plan.steps, plan.problems]).toEqual([[], []]);
  }

  rows(table: string): readonly Row[] {
    return this.world.emulator.snapshot().tables[table] ?? [];
  }

  edit(table: string, change: (row: Row) => Row): void {
    const state = this.world.emulator.snapshot();
    this.world.emulator.restore({ ...state, tables: { ...state.tables, [table]: this.rows(table).map(change) } });
  }

  /** Everything that a line leaves in the cloud: `account id`. */
  left(): string[] {
    const tables =
      this.cloud === 'alibaba'
        ? ['alibaba.borderRouters', 'alibaba.routerInterfaces', 'alibaba.routeEntries']
        : ['baidu.gateways', 'baidu.routeRules'];
    return tables.flatMap((table) =>
      this.rows(table)
        .filter((row) => (row['type'] ?? 'Custom') === 'Custom' && row['nexthopType'] !== 'sys')
        .map((row) => `${table} ${row.id}`),
    );
  }
}

const SCENES: readonly (readonly [string, CloudName, Place])[] = [
  ['Alibaba Cloud, a port of another account', 'alibaba', ['b', 0]],
  ['Alibaba Cloud, a port of another account and region', 'alibaba', ['b', 1]],
  ['Alibaba Cloud, a port of another region', 'alibaba', ['a', 1]],
  ['Baidu AI Cloud, a port of another account', 'baidu', ['b', 0]],
];

describe.each(SCENES)('%s', (_, cloud, place) => {
  let across: Across;
  beforeEach(async () => {
    across = await Across.start(cloud, place);
  });
  afterEach(() => across.world.close());

  it('is made from both ends, and nothing is to be done after that', async () => {
    await across.converge([await across.spec()]);
    const status = await (await across.engine([await across.spec()])).status();
    expect(status.connections).toMatchObject([{ connection: 'idc', health: 'connected', owner: 'ours' }]);
    const reached = await (await across.engine([await across.spec()])).verify('web', 'idc');
    expect(reached).toMatchObject({ reachable: true });
    if (cloud === 'alibaba') {
      expect(across.rows('alibaba.borderRouters')).toMatchObject([{ account: across.account(place[0]) }]);
      const halves = across.rows('alibaba.routerInterfaces');
      expect(halves.map((row) => [row['routerType'], row['account'], row['status']]).sort()).toEqual([
        ['VBR', across.account(place[0]), 'Active'],
        ['VRouter', across.account('a'), 'Active'],
      ]);
    }
  });

  it('changes in place, and every part of it follows', async () => {
    await across.converge([await across.spec()]);
    const more =
      cloud === 'alibaba' ? { tags: { team: 'net' }, cloudIp: '10.255.7.1/30', customerIp: '10.255.7.2' } : {};
    const changed = await across.spec({
      name: 'office',
      bandwidthMbps: 20,
      destinations: [parseCidr('172.16.0.0/12')],
      ...more,
    });
    const plan = await across.plan([changed]);
    expect(plan.steps.map(({ action }) => action)).not.toContain('replace');
    await across.converge([changed]);
    if (cloud !== 'alibaba') return;
    const tags = across.rows('alibaba.tags').map((row) => JSON.stringify(row['tags']));
    expect(tags).toHaveLength(3);
    for (const text of tags) expect(text).toContain('"team":"net"');
  });

  it('is removed from both ends, by destroy and when it leaves the file', async () => {
    const entries = [(await across.spec()).portProvider].filter((one) => one !== undefined);
    await across.converge([await across.spec()]);
    await across.apply([await across.spec()], 'destroy');
    expect(across.left()).toEqual([]);
    await across.converge([await across.spec()]);
    await across.converge([], entries);
    expect(across.left()).toEqual([]);
  });

  it('is adopted with its routes by name, and released again', async () => {
    const spec = await across.spec({ tags: {} });
    await across.converge([spec]);
    await (await across.engine([spec])).release('idc');
    expect((await across.plan([])).steps).toEqual([]);
    await (await across.engine([spec])).adopt('idc');
    await across.converge([spec]);
    await across.apply([spec], 'destroy');
    expect(across.left()).toEqual([]);
  });

  it('broken off anywhere it is finished, or taken away, by a plain run', async () => {
    const cut = async (mode: PlanMode, at: number): Promise<number> => {
      let [count, dead] = [0, false];
      const die = (): never => {
        dead = true;
        throw new Error('killed');
      };
      const observer: RequestObserver = {
        requestSent: () => {
          if (dead || ++count === at) die();
        },
        requestAnswered: () => {
          if (dead) die();
        },
      };
      const regions = DEFAULT_WORLD[cloud].regions;
      const [near, far] = [
        await across.world.provider(cloud, 'a', regions[0], observer),
        await across.world.provider(cloud, place[0], regions[place[1]], observer),
      ];
      const networks = new Map([['web', { provider: near, id: networkId(across.world.networks(cloud).web) }]]);
      const links = [await across.spec({ portProvider: far })];
      const engine = new Engine({
        stack: { name: 'shop', networks, connections: [], links },
        clock: across.world.clock,
      });
      const done = engine.plan({ mode }).then((plan) => engine.apply(plan, { force: true }));
      await done.catch(() => undefined);
      await near.close();
      await far.close();
      return count;
    };
    const base = across.world.emulator.snapshot();
    const total = await cut('apply', Infinity);
    for (let at = 4; at <= total; at += STRIDE) {
      across.world.emulator.restore({ ...base, now: across.world.clock.now(), events: [] });
      await cut('apply', at);
      await across.converge([await across.spec()]);
      await cut('destroy', Math.floor(at * 0.7));
      if (at % 2 === 0) await across.converge([await across.spec()]);
      await across.apply([await across.spec()], 'destroy');
      expect(across.left()).toEqual([]);
    }
  });
});

/** One request of so many is tried. */
const STRIDE = Number(process.env['PEERWAY_STRIDE'] ?? 29);

describe('what no such line can be', () => {
  it('Baidu AI Cloud: a port of another region is refused by plan, with the reason', async () => {
    const across = await Across.start('baidu', ['a', 1]);
    const plan = await across.plan([await across.spec()]);
    expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'unsupported', object: 'idc' }]);
    expect(plan.problems[0]?.message).toContain('in the region of its line');
    await across.world.close();
  });

  it('Baidu AI Cloud: a channel that its owner has not opened to the account is found by plan', async () => {
    const across = await Across.start('baidu', ['b', 0]);
    across.edit('baidu.channels', (row) => ({ ...row, authorizedUsers: [] }));
    const plan = await across.plan([await across.spec()]);
    expect(plan.problems).toMatchObject([
      { severity: 'error', kind: 'link', remedy: expect.stringContaining('authorised users') },
    ]);
    await across.world.close();
  });

  it('a port of another cloud is refused by plan', async () => {
    const across = await Across.start('baidu', ['b', 0]);
    const portProvider = await across.world.provider('alibaba', 'a', DEFAULT_WORLD.alibaba.regions[0]);
    const plan = await across.plan([await across.spec({ portProvider })]);
    expect(plan.problems).toMatchObject([
      { severity: 'error', kind: 'link', remedy: expect.stringContaining('each cloud') },
    ]);
    await across.world.close();
  });

  it('Alibaba Cloud: left with the network’s entry out of the file, plan says what stays there before the first write', async () => {
    const across = await Across.start('alibaba', ['b', 0]);
    const spec = await across.spec();
    await across.converge([spec]);
    const { portProvider } = spec;
    if (portProvider === undefined) throw new Error('no entry');
    const stack = { name: 'shop', networks: new Map(), connections: [], links: [], providers: [portProvider] };
    const engine = new Engine({ stack, clock: across.world.clock });
    const plan = await engine.plan({ mode: 'destroy' });
    expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'end-out-of-reach', forceable: true }]);
    await expect(engine.apply(plan)).rejects.toThrow('no provider entry of the file speaks for it');
    await across.world.close();
  });

  it('Alibaba Cloud: left with the network’s entry in the file, its account not written: it is asked, and all of it is taken back', async () => {
    const across = await Across.start('alibaba', ['b', 0]);
    const spec = await across.spec();
    const before = across.left();
    await across.converge([spec]);
    const [near] = DEFAULT_WORLD.alibaba.regions;
    const entry = await across.world.provider('alibaba', 'a', near, undefined, 'unwritten');
    const { portProvider } = spec;
    if (portProvider === undefined) throw new Error('no entry');
    const stack = { name: 'shop', networks: new Map(), connections: [], links: [], providers: [portProvider, entry] };
    const engine = new Engine({ stack, clock: across.world.clock });
    const plan = await engine.plan({ mode: 'destroy' });
    expect(plan.problems).toEqual([]);
    await engine.apply(plan, { force: true });
    expect(across.left()).toEqual(before);
    await across.world.close();
  });
});
