/** Routes on the second day: tables, prefixes and names that change in the file or in the world, on both clouds' emulators. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { networkId, parseCidr } from '@peerway/core';
import type { ApplyReport, Plan, RouteSpec } from '@peerway/engine';
import type { CloudName } from './emulated.js';
import { EMPTY_FILE, stackOf, type FileConnection, type FileModel } from './histories/file.js';
import { HistoryWorld, type Scenario } from './histories/world.js';

const PLAIN: Omit<Scenario, 'cloud'> = { dualStack: [], tables: false, prefixList: false, second: 0 };

function suite(cloud: CloudName, body: (at: Scene) => void): void {
  describe(cloud, () => {
    const scene = new Scene(cloud);
    beforeAll(() => scene.start());
    beforeEach(() => scene.open());
    afterAll(() => scene.close());
    body(scene);
  });
}

class Scene {
  world!: HistoryWorld;
  constructor(readonly cloud: CloudName) {}

  async start(): Promise<void> {
    this.world = await HistoryWorld.start(this.cloud);
  }
  open(more: Partial<Scenario> = {}): Promise<void> {
    return this.world.open({ cloud: this.cloud, ...PLAIN, ...more });
  }
  close(): Promise<void> {
    return this.world.close();
  }
  async plan(file: FileModel, mode: 'apply' | 'destroy' = 'apply'): Promise<Plan> {
    return this.world.engine(await stackOf(file, this.world)).plan({ mode });
  }
  async apply(file: FileModel, mode: 'apply' | 'destroy' = 'apply'): Promise<ApplyReport> {
    const engine = this.world.engine(await stackOf(file, this.world));
    const report = await engine.apply(await engine.plan({ mode }), { force: true });
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    return report;
  }
  async release(file: FileModel, name: string): Promise<void> {
    await this.world.engine(await stackOf(file, this.world)).release(name);
  }
  /** Custom routes as the cloud holds them: `network destination description`, sorted. */
  routes(): string[] {
    const tables = this.world.tables();
    const name = (id: unknown): string => [...this.world.ids].find(([, one]) => one === id)?.[0] ?? '?';
    const rows = this.cloud === 'alibaba' ? tables['alibaba.routeEntries'] : tables['baidu.routeRules'];
    return (rows ?? [])
      .filter(
        (row) =>
          (row['type'] !== 'System' && row['description'] !== 'by hand' && row['scope'] !== undefined) ||
          row['vpcId'] !== undefined,
      )
      .map((row) =>
        [name(row['scope'] ?? row['vpcId']), row['destination'] ?? row['destinationAddress'], row['description']].join(
          ' ',
        ),
      )
      .filter((text) => !text.startsWith('?'))
      .sort();
  }
}

const pair = (
  name: string,
  a: FileConnection['between'][0],
  b: FileConnection['between'][0],
  routes: RouteSpec = 'auto',
  mechanism?: string,
): FileModel => ({
  ...EMPTY_FILE,
  connections: [{ name, between: [a, b], routes, tags: {}, ...(mechanism === undefined ? {} : { mechanism }) }],
});
const mark = (name: string): string => `peerway stack=hist connection=${name}`;
const errors = (plan: Plan): string[] =>
  plan.problems.filter((one) => one.severity === 'error').map((one) => one.message);

suite('alibaba', (scene) => {
  it('takes back the routes of a table that the file no longer names, and destroys cleanly', async () => {
    await scene.open({ tables: true });
    const both = { ...pair('wd', 'n0', 'n1'), customTable: true };
    await scene.apply(both);
    const before = scene.routes().length;
    const plan = await scene.plan({ ...both, customTable: false });
    expect(plan.steps.map((step) => [step.action, step.connection])).toEqual([
      ['delete', 'wd'],
      ['delete', 'wd'],
    ]);
    expect(plan.drift.map((one) => one.kind)).toEqual(['route-undeclared', 'route-undeclared']);
    await scene.apply({ ...both, customTable: false });
    expect(scene.routes()).toHaveLength(before - 2);
    await scene.apply(both);
    await scene.apply({ ...both, customTable: false, connections: [] });
    expect(scene.routes()).toEqual([]);
  });

  it('says that no subnet uses a table that is named, until one does', async () => {
    await scene.open({ tables: true });
    const both = { ...pair('wd', 'n0', 'n1'), customTable: true };
    await scene.apply(both);
    const faults = async (): Promise<readonly string[]> => {
      const answer = await scene.world.engine(await stackOf(both, scene.world)).verify('n0', 'n1');
      expect(answer.reachable).toBe(true);
      return answer.findings.map(({ fault, severity }) => `${severity} ${fault}`);
    };
    expect(await faults()).toEqual(['warning table-unused']);
    scene.world.useTable('n0');
    expect(await faults()).toEqual([]);
  });

  it('takes them back when the network leaves the file with the table, and by destroy alone', async () => {
    await scene.open({ tables: true });
    await scene.apply({ ...pair('wd', 'n0', 'n1'), customTable: true });
    await scene.apply({ ...EMPTY_FILE, networks: ['n1', 'n2', 'far'] }, 'destroy');
    expect(scene.routes()).toEqual([]);
    expect(scene.world.tables()['alibaba.vpcPeers']?.map((row) => row['status'])).toEqual(['Deleted']);
  });

  it.each([
    ['vpc-peer', [true, false, false, false]],
    ['vpc-peer', [true, true, false, false]],
    ['router-interface', [true, true, false, false]],
  ])('%s between networks with IPv6 %j converges', async (mechanism, dualStack) => {
    await scene.open({ dualStack });
    const file = pair('wd', 'n0', 'n1', 'auto', mechanism);
    await scene.apply(file);
    const sixes = scene.routes().filter((text) => text.includes('::'));
    expect(sixes).toHaveLength(mechanism === 'vpc-peer' && dualStack[1] === true ? 2 : 0);
    expect((await scene.plan(file)).steps).toEqual([]);
  });

  it('refuses a listed IPv6 prefix that cannot be routed, with the reason', async () => {
    await scene.open({ dualStack: [false, true, false, false] });
    const plan = await scene.plan(pair('wd', 'n0', 'n1', [parseCidr('2408:4001:0:200::/56')]));
    expect(errors(plan)).toEqual([
      'No route can be written to 2408:4001:0:200::/56: it cannot be routed from n0: n0 has no IPv6 prefix',
    ]);
  });

  it('reads a table with a prefix list in it, and leaves that route alone', async () => {
    await scene.open({ prefixList: true });
    const file = pair('wd', 'n0', 'n1');
    await scene.apply(file);
    expect((await scene.plan(file)).steps).toEqual([]);
    await scene.apply(file, 'destroy');
    const left = scene.world.tables()['alibaba.routeEntries']?.filter((row) => row['type'] !== 'System');
    expect(left?.map((row) => row['destination'])).toEqual(['pl-0xi1234567890abcdef']);
  });

  it('writes listed prefixes that cover both networks at both ends', async () => {
    await scene.apply(pair('wd', 'n0', 'n1', [parseCidr('0.0.0.0/0'), parseCidr('8.0.0.0/5')]));
    expect(scene.routes()).toEqual(
      ['n0 0.0.0.0/0', 'n0 8.0.0.0/5', 'n1 0.0.0.0/0', 'n1 8.0.0.0/5'].map((text) => `${text} ${mark('wd')}`),
    );
  });

  it('writes what each side says for itself, the other side stays automatic', async () => {
    const file = pair('wd', 'n0', 'n2', { sides: { n0: [parseCidr('11.9.0.0/16')] } });
    await scene.apply(file);
    expect(scene.routes()).toEqual([`n0 11.9.0.0/16 ${mark('wd')}`, `n2 11.0.0.0/16 ${mark('wd')}`]);
    expect((await scene.plan(file)).steps).toEqual([]);
  });
});

suite('alibaba', (scene) => {
  const leaving = async (name: 'n0' | 'n1'): Promise<void> => {
    const hand = await scene.world.hand(name);
    const network = networkId(scene.world.id(name));
    for (const { id: table } of await hand.routes.tables(network))
      for await (const route of hand.routes.list(network, table))
        if (route.origin === 'custom') await hand.routes.delete(route, { wait: false });
  };

  it('a route that is being removed while its connection is renamed is written anew, and not described', async () => {
    await scene.apply(pair('old', 'n0', 'n1'));
    await leaving('n0');
    await scene.apply(pair('new', 'n0', 'n1'));
    expect(scene.routes().filter((text) => !text.endsWith('connection=new'))).toEqual([]);
    expect((await scene.plan(pair('new', 'n0', 'n1'))).steps).toEqual([]);
  });

  it('a route that goes while a release takes the marks off is left alone', async () => {
    const file = pair('wd', 'n0', 'n1');
    await scene.apply(file);
    const gone = { kind: 'error', status: 404, code: 'InvalidRouteEntryId.NotFound' } as const;
    scene.world.emulator.faults.add({ cloud: 'alibaba', operation: 'ModifyRouteEntry', calls: 1, ...gone });
    await scene.release(file, 'wd');
    expect((await scene.plan(EMPTY_FILE)).steps.map(({ object }) => object)).toHaveLength(1); // the one that was not there
  });
});

for (const cloud of ['alibaba', 'baidu'] as const)
  suite(cloud, (scene) => {
    it('writes the new name of a connection onto its routes', async () => {
      await scene.apply(pair('old', 'n0', 'n1'));
      await scene.apply(pair('new', 'n0', 'n1'));
      expect(scene.routes().map((text) => text.replace(/.*connection=/, ''))).toEqual(scene.routes().map(() => 'new'));
      expect((await scene.plan(pair('new', 'n0', 'n1'))).steps).toEqual([]);
    });

    it('takes the marks off the routes of a released connection, so that leaving the file removes nothing', async () => {
      const file = pair('wd', 'n0', 'n1');
      await scene.apply(file);
      await scene.release(file, 'wd');
      expect(scene.routes().filter((text) => text.includes('stack=hist'))).toEqual([]);
      await scene.world.pass(60_000);
      const [status] = (await scene.world.engine(await stackOf(file, scene.world)).status()).connections;
      expect(status).toMatchObject({ health: 'connected', owner: 'foreign' });
      expect(status?.routes.map(({ state }) => state)).toEqual(scene.routes().map(() => 'active'));
      expect((await scene.plan(EMPTY_FILE)).steps).toEqual([]);
    });

    it('lets the mark of a route decide, although what it points at is somebody else’s to mark', async () => {
      const file = pair('x', 'far', 'n0');
      await scene.apply(file);
      const alone: FileModel = { ...EMPTY_FILE, networks: ['n0'] };
      const steps = (await scene.plan(alone)).steps.map((step) => step.work.verb);
      expect(steps).toContain('route.delete');
    });
  });

suite('baidu', (scene) => {
  it('refuses a destination that overlaps the network, the default route excepted', async () => {
    const plan = await scene.plan(pair('wd', 'n0', 'n1', [parseCidr('8.0.0.0/5')]));
    expect(errors(plan).join()).toContain('a destination may not overlap the VPC');
    await scene.apply(pair('wd', 'n0', 'n1', [parseCidr('0.0.0.0/0')]));
    expect(scene.routes()).toEqual([`n0 0.0.0.0/0 ${mark('wd')}`, `n1 0.0.0.0/0 ${mark('wd')}`]);
  });
});
