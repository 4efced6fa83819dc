/** Lines on day two: whatever a person in the console or a run that broke off left, one apply reaches the declaration. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, portId } from '@peerway/core';
import { alibabaRpc } from '@peerway/alibaba';
import type { LinkSpec } from '../src/index.js';
import type { CloudName } from './emulated.js';
import { LineWorld } from './lines.js';

const open: LineWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.world.close();
});

async function start(cloud: CloudName, rules: Record<string, string | number | boolean> = {}): Promise<LineWorld> {
  const made = await LineWorld.start(cloud, rules);
  open.push(made);
  return made;
}

/** Everything that must hold after an apply: no failed step, and nothing more to do. */
async function settled(lines: LineWorld, links: readonly LinkSpec[]): Promise<void> {
  const report = await lines.apply(links);
  expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
  const again = await lines.plan(links);
  const drift = again.drift.filter(({ kind }) => kind !== 'route-renamed'); // a route's own mark is the routes' matter
  expect([again.steps.map((step) => `${step.id}: ${step.reason}`), again.problems, drift]).toEqual([[], [], []]);
}

async function gone(lines: LineWorld, links: readonly LinkSpec[]): Promise<void> {
  const report = await lines.apply(links, 'destroy');
  expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
  expect(lines.left()).toEqual([]);
}

describe('a line on Alibaba Cloud', () => {
  const half = (lines: LineWorld, of: 'edge' | 'network'): string => {
    const row = lines.rows('interfaces').find((one) => (one['routerType'] === 'VBR') === (of === 'edge'));
    if (row === undefined) throw new Error(`no ${of} half`);
    return row.id;
  };
  const hand = async (lines: LineWorld, ...acts: ['Deactivate' | 'Delete', string][]): Promise<void> => {
    const rpc = (await lines.provider()).native(alibabaRpc);
    if (rpc === undefined) throw new Error('no native client');
    for (const [act, RouterInterfaceId] of acts) {
      await rpc.vpc(`${act}RouterInterface`, { RegionId: rpc.region, RouterInterfaceId });
      await lines.world.clock.sleep(30_000);
    }
    lines.writes();
  };

  /** Deletes the routes at a half, one after the other. */
  const unroute = async (lines: LineWorld, NextHopId: string, pause: number): Promise<void> => {
    const rpc = (await lines.provider()).native(alibabaRpc);
    for (const route of lines.rows('routes')) {
      if (!JSON.stringify(route['nextHops']).includes(NextHopId)) continue;
      await rpc?.vpc('DeleteRouteEntry', {
        RegionId: rpc.region,
        RouteTableId: String(route['table']),
        DestinationCidrBlock: String(route['destination']),
        NextHopId,
      });
      await lines.world.clock.sleep(pause);
    }
  };

  it.each([['edge'], ['network']] as const)('its %s half, switched off by hand, is switched on', async (of) => {
    const lines = await start('alibaba');
    const links = [lines.spec()];
    await settled(lines, links);
    await hand(lines, ['Deactivate', half(lines, of)]);
    await settled(lines, links);
    expect(lines.writes()).toEqual(['ActivateRouterInterface']);
  });

  it('both halves, switched off, are switched on by one apply', async () => {
    const lines = await start('alibaba');
    const links = [lines.spec()];
    await settled(lines, links);
    await hand(lines, ['Deactivate', half(lines, 'edge')], ['Deactivate', half(lines, 'network')]);
    await settled(lines, links);
    expect(lines.writes()).toEqual(['ActivateRouterInterface', 'ActivateRouterInterface']);
  });

  it.each([['edge'], ['network']] as const)(
    'its %s half, deleted by hand, is made anew, and so are the routes',
    async (of) => {
      const lines = await start('alibaba');
      const links = [lines.spec()];
      await settled(lines, links);
      const [router] = lines.rows('routers');
      const mine = half(lines, of);
      await unroute(lines, mine, 30_000);
      await hand(lines, ['Deactivate', mine], ['Delete', mine]);
      const plan = await lines.plan(links);
      expect(plan.steps.some((step) => step.action === 'replace' && step.work.verb === 'link.create')).toBe(false);
      // the routes at the half that is left behind go before it does
      const removals = plan.steps.flatMap(({ id, work }) => (work.verb === 'route.delete' ? [id] : []));
      expect(removals).not.toEqual([]);
      expect(plan.steps.find(({ work }) => work.verb === 'link.settle')?.needs).toEqual(removals);
      await settled(lines, links);
      expect(lines.rows('routers').map(({ id }) => id)).toEqual([router?.id]);
      expect(lines.rows('interfaces')).toHaveLength(2);
      await gone(lines, links);
    },
  );

  it('a half made anew within half a minute, with other tags than the one before it, is no repetition of that one', async () => {
    const lines = await start('alibaba');
    await lines.apply([lines.spec()]);
    await unroute(lines, half(lines, 'network'), 1_000);
    for (const act of ['Deactivate', 'Delete'] as const) {
      const rpc = (await lines.provider()).native(alibabaRpc);
      const id = half(lines, 'network');
      await rpc?.vpc(`${act}RouterInterface`, { RegionId: rpc.region, RouterInterfaceId: id });
      await lines.world.clock.sleep(3_500);
    }
    await settled(lines, [lines.spec({ tags: { team: 'net' } })]);
  });

  it('its description, changed by hand, names us again: it is what tells when the tags are lost', async () => {
    const lines = await start('alibaba');
    const links = [lines.spec()];
    await settled(lines, links);
    const rpc = (await lines.provider()).native(alibabaRpc);
    const VbrId = lines.rows('routers')[0]?.id ?? '';
    await rpc?.vpc('ModifyVirtualBorderRouterAttribute', { RegionId: rpc.region, VbrId, Description: 'by hand' });
    expect((await lines.plan(links)).drift.map(({ kind }) => kind)).toEqual(['marker-lost']);
    await settled(lines, links);
    expect(lines.rows('routers')[0]?.['description']).toBe('peerway stack=shop connection=idc');
  });

  it('without its tags it is found by destroy where the file declares it, and named where nothing does', async () => {
    const lines = await start('alibaba');
    const links = [lines.spec()];
    await settled(lines, links);
    const rpc = (await lines.provider()).native(alibabaRpc);
    await rpc?.vpc('UnTagResources', {
      RegionId: rpc.region,
      ResourceType: 'VIRTUALBORDERROUTER',
      ResourceId: lines.rows('routers').map(({ id }) => id),
      TagKey: ['peerway.stack', 'peerway.connection'],
    });
    const plan = await lines.plan([]);
    expect(plan.problems).toMatchObject([{ severity: 'warning', kind: 'half-marked' }]);
    expect(plan.steps.filter(({ work }) => work.verb === 'link.delete')).toEqual([]);
    await gone(lines, links);
  });

  it('a border router switched off is switched on with its halves', async () => {
    const lines = await start('alibaba');
    const links = [lines.spec()];
    await settled(lines, links);
    const rpc = (await lines.provider()).native(alibabaRpc);
    const VbrId = lines.rows('routers')[0]?.id ?? '';
    await rpc?.vpc('TerminateVirtualBorderRouter', { RegionId: rpc.region, VbrId });
    await lines.world.clock.sleep(30_000);
    await hand(lines, ['Deactivate', half(lines, 'edge')]);
    await settled(lines, links);
    expect(lines.writes()).toEqual(['RecoverVirtualBorderRouter', 'ActivateRouterInterface']);
  });

  it('every attribute that changes in the file changes in place', async () => {
    const lines = await start('alibaba');
    const first = lines.spec({ bandwidthMbps: 200, tags: { team: 'net', env: 'prod' } });
    await settled(lines, [first]);
    lines.writes();
    const second = {
      ...first,
      name: 'office',
      bandwidthMbps: 500,
      cloudIp: '10.255.0.5/30',
      customerIp: '10.255.0.6',
      tags: { env: 'test' },
    };
    const plan = await lines.plan([second]);
    expect(plan.steps.find((step) => step.work.verb === 'link.update')?.reason).toBe(
      'name idc → office; the marker in its description; tags env, peerway.connection, peerway.tags; without the tags team; ' +
        'bandwidth 200 → 500 Mbit/s; addresses 10.255.0.1/30 and 10.255.0.2 → 10.255.0.5/30 and 10.255.0.6',
    );
    await settled(lines, [second]);
    expect(lines.writes().filter((operation) => /Create|Delete/.test(operation) && !/Route/.test(operation))).toEqual(
      [],
    );
    const [router] = lines.rows('routers');
    expect(router).toMatchObject({ name: 'office', localGatewayIp: '10.255.0.5', peerGatewayIp: '10.255.0.6' });
    const tags = lines.rows('tags').filter((row) => row['resource'] !== undefined);
    for (const { tags: own } of tags as unknown as { tags: Record<string, string> }[]) {
      expect(own).toMatchObject({ env: 'test', 'peerway.connection': 'office' });
      expect(own).not.toHaveProperty('team');
    }
    await gone(lines, [second]);
  });

  it('a tag that was there before us, and one of somebody else, stay when ours leave', async () => {
    const lines = await start('alibaba');
    const first = lines.spec({ tags: { team: 'net' } });
    await settled(lines, [first]);
    const rpc = (await lines.provider()).native(alibabaRpc);
    const ResourceId = [lines.rows('routers')[0]?.id ?? ''];
    const target = { RegionId: rpc?.region ?? '', ResourceType: 'VIRTUALBORDERROUTER' as const, ResourceId };
    await rpc?.vpc('TagResources', { ...target, Tag: [{ Key: 'theirs', Value: '1' }] });
    const declared = lines.spec({ tags: { theirs: '1' } });
    await settled(lines, [declared]);
    await settled(lines, [lines.spec()]);
    const own = lines.rows('tags').find((row) => row['resource'] === ResourceId[0]) as unknown as { tags: object };
    expect(Object.keys(own.tags).sort()).toEqual(['peerway.connection', 'peerway.stack', 'theirs']);
  });

  it('a VLAN that changes is a new line, and plan says so', async () => {
    const lines = await start('alibaba');
    await settled(lines, [lines.spec()]);
    const plan = await lines.plan([lines.spec({ vlan: 31 })]);
    expect(plan.summary).toMatchObject({ replace: 2 });
    expect(plan.steps.find((step) => step.work.verb === 'link.create')?.reason).toMatch(/keeps its port and VLAN/);
    await settled(lines, [lines.spec({ vlan: 31 })]);
    expect(lines.rows('routers').map((row) => row['vlan'])).toEqual([31]);
  });

  it('a port that is not there is found by plan', async () => {
    const lines = await start('alibaba');
    const plan = await lines.plan([lines.spec({ port: portId('pc-bp1none0000000000000000') })]);
    expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'link', object: 'idc' }]);
    expect(lines.writes()).toEqual([]);
  });

  it('takes the default route and a supernet of the network', async () => {
    const lines = await start('alibaba');
    const links = [lines.spec({ destinations: [parseCidr('0.0.0.0/0'), parseCidr('10.0.0.0/8')] })];
    expect((await lines.plan(links)).problems).toEqual([]);
    await settled(lines, links);
    expect(await (await lines.engine(links)).verify('web', 'idc')).toMatchObject({ reachable: true });
    await gone(lines, links);
  });

  it('left the file together with its network: found by what it declares of other lines, and taken away', async () => {
    const lines = await start('alibaba');
    const two = [
      lines.spec(),
      lines.spec({ name: 'dr', vlan: 31, network: 'data', cloudIp: '10.255.0.5/30', customerIp: '10.255.0.6' }),
    ];
    await settled(lines, two);
    await settled(lines, [two[0] as LinkSpec]);
    expect(lines.rows('routers')).toHaveLength(1);
  });
});

describe('a line on Baidu AI Cloud', () => {
  it('name, speed and marker change in place', async () => {
    const lines = await start('baidu');
    const first = lines.spec({ bandwidthMbps: 100 });
    await settled(lines, [first]);
    lines.writes();
    await settled(lines, [{ ...first, name: 'office', bandwidthMbps: 200 }]);
    expect(lines.writes().filter((operation) => /Gateway/.test(operation))).toEqual([
      'UpdateDedicatedGateway',
      'UpdateDedicatedGateway',
    ]);
    expect(lines.rows('gateways')).toMatchObject([
      { name: 'office', speed: 200, description: 'peerway stack=shop connection=office' },
    ]);
  });

  it('prefixes that the network gained are offered to the line', async () => {
    const lines = await start('baidu');
    const links = [lines.spec()];
    await settled(lines, links);
    const state = lines.emulator.snapshot();
    const rows = (state.tables['baidu.gateways'] ?? []).map((row) => ({ ...row, localCidrs: ['10.99.0.0/16'] }));
    lines.emulator.restore({ ...state, tables: { ...state.tables, 'baidu.gateways': rows } });
    lines.writes();
    await settled(lines, links);
    expect(lines.writes()).toEqual(['UpdateDedicatedGateway']);
  });

  it.each([
    ['no such VLAN', { vlan: 999 }, /no channel with VLAN 999/],
    ['other addresses', { cloudIp: '10.255.9.1/30', customerIp: '10.255.9.2' }, /another cloudIp/],
  ])('%s on the port is found by plan', async (_, more, message) => {
    const lines = await start('baidu');
    const plan = await lines.plan([lines.spec(more)]);
    expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'link', object: 'idc' }]);
    expect(plan.problems[0]?.message).toMatch(message);
    expect(lines.writes()).toEqual([]);
  });

  it('takes the default route, and refuses a supernet of the network with the reason', async () => {
    const lines = await start('baidu');
    const links = [lines.spec({ destinations: [parseCidr('0.0.0.0/0')] })];
    await settled(lines, links);
    await gone(lines, links);
    const plan = await lines.plan([lines.spec({ destinations: [parseCidr('10.0.0.0/8')] })]);
    expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'route-overlap', object: 'idc' }]);
  });
});

describe.each<CloudName>(['alibaba', 'baidu'])('%s: a line that somebody else made', (cloud) => {
  it('is adopted with its routes by name, changed, and released again', async () => {
    const lines = await start(cloud);
    const spec = lines.spec({ bandwidthMbps: 200 });
    const provider = await lines.provider();
    const { network: _, destinations, ...rest } = spec;
    const web = networkId(lines.world.networks(cloud).web);
    const theirs = await provider.links.create({ ...rest, network: web, name: 'theirs', description: 'by hand' });
    const [table] = await provider.routes.tables(web);
    const nextHop = theirs.nextHop;
    const [destination] = destinations;
    if (table === undefined || nextHop === undefined || destination === undefined) throw new Error('no route to make');
    await provider.routes.create({ network: web, table: table.id, destination, nextHop });
    lines.writes();
    const before = await lines.plan([spec]);
    expect(before.problems).toMatchObject([
      { kind: 'foreign-link', remedy: expect.stringMatching(/peerway adopt idc/) },
    ]);
    await (await lines.engine([spec])).adopt('idc');
    await settled(lines, [spec]);
    expect((await provider.links.get(theirs.id)).name).toBe('theirs');
    await settled(lines, [{ ...spec, bandwidthMbps: 100 }]);
    expect((await provider.links.get(theirs.id)).bandwidthMbps).toBe(100);
    await (await lines.engine([])).release('idc');
    expect(await lines.plan([spec])).toMatchObject({ problems: [{ kind: 'foreign-link' }], steps: [] });
    expect((await lines.plan([], 'destroy')).steps).toEqual([]);
    await (await lines.engine([spec])).adopt('idc');
    await settled(lines, [{ ...spec, bandwidthMbps: 100 }]);
    await gone(lines, [spec]);
  });

  it('is not there to be adopted, or is another stack’s', async () => {
    const lines = await start(cloud);
    const spec = lines.spec();
    await expect((await lines.engine([spec])).adopt('idc')).rejects.toMatchObject({ code: 'NotFound' });
    await lines.apply([spec]);
    await expect((await lines.engine([spec], undefined, 'lab')).adopt('idc')).rejects.toMatchObject({
      code: 'FailedPrecondition',
    });
  });
});
