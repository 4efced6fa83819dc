/** What an import says of a world, and what it cannot say: on a fake cloud, whose records can be bent. */
import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  networkId,
  parseCidr,
  Provider,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
} from '@peerway/core';
import { Engine, importWorld, type Imported } from '@peerway/engine';
import { FakeCloud } from './fakeCloud.js';
import { FakeDriver } from './fakeDriver.js';
import type { FakeOptions } from './fakeOptions.js';
import type { FakeLink, FakePeering } from './fakeRecords.js';
import { inNewProcess } from './newProcess.js';

function cloudOf(...networks: readonly (readonly [string, string, number?])[]): FakeCloud {
  const cloud = new FakeCloud();
  for (const [id, cidr, tables] of networks) cloud.network(id, [cidr], tables === undefined ? {} : { tables });
  return cloud;
}

/** With the routes of each side, by default the other's prefix. */
function join(cloud: FakeCloud, a: string, b: string, parts: Partial<FakePeering> = {}, tables = 1): FakePeering {
  const peering = cloud.plantPeering(a, b, parts);
  for (const [mine, other, side] of [
    [a, b, 'initiator'],
    [b, a, 'acceptor'],
  ] as const)
    for (const table of cloud.networks.get(mine)?.tables.slice(0, tables) ?? [])
      cloud.plantRoute(mine, cloud.networks.get(other)?.cidrs[0] ?? '', cloud.hop(peering, side), { table });
  return peering;
}

const look = (cloud: FakeCloud, stack = 'found'): Promise<Imported> =>
  importWorld({ stack, providers: [cloud.provider('one')] });

/** Adopts all that is said: nothing but marks is written, and nothing is left to do. */
async function settles(cloud: FakeCloud, { stack }: Imported): Promise<void> {
  const engine = (): Engine => new Engine({ stack, clock: inNewProcess(cloud.clock) });
  const before = cloud.routes.map(({ id, nextHop }) => [id, nextHop]);
  await engine().adoptAll();
  expect(cloud.routes.map(({ id, nextHop }) => [id, nextHop])).toEqual(before);
  const { steps, problems } = await engine().plan();
  expect([steps, problems.filter(({ severity }) => severity === 'error')]).toEqual([[], []]);
}

const routesOf = ({ stack }: Imported): unknown[] => stack.connections.map(({ routes }) => routes);
const left = ({ leftOut }: Imported): unknown[] => leftOut.map(({ kind, why }) => [kind, why]);

describe('routes', () => {
  it('are auto where the tables hold just that, else listed by side, or none', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    join(cloud, 'a', 'b');
    const partly = cloud.plantPeering('a', 'c');
    cloud.plantRoute('a', '10.2.8.0/24', cloud.hop(partly, 'initiator'));
    cloud.plantRoute('a', '10.2.9.0/24', cloud.hop(partly, 'initiator'));
    cloud.plantPeering('b', 'c');
    const found = await look(cloud);
    expect(routesOf(found)).toEqual(['auto', { sides: { a: ['10.2.8.0/24', '10.2.9.0/24'], c: 'none' } }, 'none']);
    await settles(cloud, found);
  });

  it('of overlapping networks are listed, since auto is refused for them', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.0.0.0/16']);
    const peering = cloud.plantPeering('a', 'b');
    cloud.plantRoute('a', '192.168.0.0/24', cloud.hop(peering, 'initiator'));
    const found = await look(cloud);
    expect(routesOf(found)).toEqual([{ sides: { a: ['192.168.0.0/24'], b: 'none' } }]);
    await settles(cloud, found);
  });

  it('name the tables that hold the same, and leave out those of a table that holds others', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16', 3], ['b', '10.1.0.0/16']);
    const peering = join(cloud, 'a', 'b', {}, 2);
    cloud.plantRoute('a', '10.1.4.0/24', cloud.hop(peering, 'initiator'), { table: 'vtb-a-2' });
    const found = await look(cloud);
    expect(found.stack.networks.get('a')?.routeTables).toEqual(['vtb-a', 'vtb-a-1']);
    expect(found.stack.networks.get('b')?.routeTables).toBeUndefined();
    expect([routesOf(found), left(found)]).toEqual([
      ['auto'],
      [
        [
          'route',
          expect.stringMatching(/^it stands in the table vtb-a-2, which holds other routes than vtb-a, vtb-a-1/),
        ],
      ],
    ]);
    await settles(cloud, found);
  });

  it('to lists of prefixes are named', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16']);
    const peering = join(cloud, 'a', 'b');
    const route = cloud.plantRoute('a', '10.9.0.0/16', cloud.hop(peering, 'initiator'));
    Object.assign(route, { destination: 'pl-1' });
    const found = await look(cloud);
    expect(left(found)).toEqual([['route', expect.stringMatching(/^it leads to a list of prefixes/)]]);
    await settles(cloud, found);
  });
});

describe('peerings', () => {
  it.each<[string, Partial<FakePeering>, RegExp]>([
    [
      'waits for its acceptor',
      { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
      /a step of making it/,
    ],
    ['is being changed', { state: 'updating' }, /^it is updating: import again/],
    ['was refused', { state: 'rejected' }, /^it is rejected; connecting again/],
    ['is locked for its bill', { state: 'inactive', reason: 'billing' }, /Peerway cannot change that/],
    ['is switched off', { state: 'inactive', reason: 'suspended' }, /^apply would update|cannot change that/],
  ])('one that %s is left out, with the reason, and so are its routes', async (_, parts, why) => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    join(cloud, 'a', 'b', parts);
    join(cloud, 'a', 'c');
    const found = await look(cloud);
    expect(found.stack.connections.map(({ name }) => name)).toEqual(['a-c']);
    expect(left(found)).toEqual([['peering', expect.stringMatching(why)]]);
    await settles(cloud, found);
  });

  it('two of one pair are both left out', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16']);
    cloud.plantPeering('a', 'b');
    cloud.plantPeering('b', 'a');
    expect(left(await look(cloud))).toEqual(
      Array(2).fill(['peering', expect.stringMatching(/^the pair has 2 peerings/)]),
    );
  });

  it('one that leads to our own account in a region without an entry is named', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    cloud.network('far', ['10.1.0.0/16'], { region: 'r2' });
    cloud.plantPeering('a', 'far');
    expect(left(await look(cloud))).toEqual([
      [
        'peering',
        'no provider entry shows its acceptor, far of the account acc-a, region r2: import from a config file that holds an entry for that region too',
      ],
    ]);
  });

  it('called alike are told apart by their ids, whatever the order of a listing', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16'], ['d', '10.3.0.0/16']);
    join(cloud, 'a', 'b', { name: 'Prod Peering', id: 'pcc-one111' });
    join(cloud, 'a', 'c', { name: 'prod/peering', id: 'pcc-two222' });
    join(cloud, 'a', 'd', { name: 'other', id: 'pcc-three3' });
    const names = async (): Promise<string[]> => (await look(cloud)).stack.connections.map(({ name }) => name);
    expect(await names()).toEqual(['other', 'prod-peering-one111', 'prod-peering-two222']);
    cloud.peerings.reverse();
    expect(await names()).toEqual(['other', 'prod-peering-one111', 'prod-peering-two222']);
  });
});

describe('what a peering is said to be', () => {
  it.each<[string, FakeOptions['bandwidth'], Partial<FakePeering>, 'far' | 'b', object]>([
    ['nothing, where the provider chooses', 'none', { bandwidthMbps: 10 }, 'far', {}],
    ['its bandwidth, where one must be chosen', 'required', { bandwidthMbps: 10 }, 'b', { bandwidthMbps: 10 }],
    ['its bandwidth, where one may be chosen', 'optional', { bandwidthMbps: 10 }, 'b', { bandwidthMbps: 10 }],
    ['its bandwidth to another region', 'crossRegion', { bandwidthMbps: 10 }, 'far', { bandwidthMbps: 10 }],
    ['no bandwidth inside a region', 'crossRegion', { bandwidthMbps: 10 }, 'b', {}],
    ['no bandwidth that is none', 'optional', { bandwidthMbps: 'unlimited' }, 'b', {}],
    ['no bandwidth of nothing', 'optional', { bandwidthMbps: 0 }, 'b', {}],
    ['its mechanism, where that is not the first', 'optional', { mechanism: 'old' }, 'b', { mechanism: 'old' }],
  ])('is %s', async (_, bandwidth, parts, other, says) => {
    const cloud = new FakeCloud({ bandwidth });
    for (const [id, cidr, region] of [
      ['a', '10.0.0.0/16', 'r1'],
      ['b', '10.1.0.0/16', 'r1'],
      ['far', '10.2.0.0/16', 'r2'],
    ] as const)
      cloud.network(id, [cidr], { region });
    join(cloud, 'a', other, parts);
    const providers = [cloud.provider('one'), cloud.provider('two', 'acc-a', 'r2')];
    const { stack, leftOut } = await importWorld({ stack: 'found', providers });
    expect(leftOut).toEqual([]);
    expect(stack.connections.map(({ peering }) => ({ ...peering }))).toStrictEqual([says]);
  });

  it('is somebody else’s network, where no entry shows the account: with its prefixes, if it shows any', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.9.0.0/16']);
    for (const [id, cidrs] of [
      ['far', ['10.1.0.0/16']],
      ['bare', []],
      ['over', ['10.3.0.0/16']],
    ] as const)
      cloud.network(id, cidrs, { account: 'acc-b', region: 'r2' });
    join(cloud, 'a', 'far', { name: 'one' });
    cloud.plantPeering('bare', 'a', { name: 'two' });
    cloud.plantPeering('a', 'over', { state: 'rejected' });
    const { stack, leftOut } = await look(cloud);
    const where = { account: 'acc-b', region: 'r2' };
    expect([...stack.networks].map(([name, { peer }]) => [name, peer])).toStrictEqual([
      ['a', undefined],
      ['b', undefined],
      ['far', { ...where, cidrs: ['10.1.0.0/16'] }],
      ['bare', where],
    ]);
    expect(leftOut.map(({ why }) => why)).toEqual(['it is rejected; connecting again means a new one']);
  });
});

describe('names', () => {
  it('are as they are shown, and those that networks have already stay', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    cloud.networks.get('b')!.name = 'secret data';
    join(cloud, 'a', 'b', { name: 'secret way' });
    cloud.link({ port: 'pc-1', vlan: 30, network: networkId('c'), name: 'secret line' });
    const provider = cloud.provider('one');
    const { stack } = await importWorld({
      stack: 'found',
      providers: [provider],
      named: new Map([['core', { provider, id: networkId('a') }]]),
      shown: (words) => words.replace('secret', 'plain'),
    });
    expect([...stack.networks].map(([name, { id }]) => [name, id])).toEqual([
      ['c', 'c'],
      ['core', 'a'],
      ['plain-data', 'b'],
    ]);
    expect(stack.connections.map(({ name }) => name)).toEqual(['plain-way']);
    expect(stack.networks.get('core')?.provider).toBe(provider);
  });
});

describe('lines', () => {
  const planted = (parts: Partial<FakeLink>): { cloud: FakeCloud; link: FakeLink } => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    cloud.network('far', ['10.1.0.0/16'], { account: 'acc-b' });
    return { cloud, link: cloud.link({ port: 'pc-1', vlan: 30, network: networkId('a'), ...parts }) };
  };

  it('without a name are called after their network, and are the stack’s as they were found', async () => {
    const { cloud, link } = planted({ name: '' });
    const table = routeTableId(`edge-${link.id}`);
    cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: link.id });
    cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: `${link.id}-c` }, { table });
    cloud.plantRoute('a', '10.0.0.0/16', { kind: 'link', id: `${link.id}-n` }, { table });
    const { stack, links, leftOut } = await look(cloud);
    expect(leftOut).toEqual([]);
    expect(stack.links.map(({ name, network }) => [name, network])).toEqual([['a-line', 'a']]);
    expect(links.map(({ spec, link: { id } }) => [spec, id])).toEqual([[stack.links[0], link.id]]);
  });

  it.each<[string, Partial<FakeLink>, string]>([
    ['are over', { state: 'failed' }, 'it is failed (failed)'],
    ['are half made', { state: 'provisioning', next: 'continue' }, 'it is provisioning (provisioning)'],
    ['want a step', { next: 'continue' }, 'it is active (active)'],
    ['lead to nothing', { network: undefined }, 'it is attached to no network'],
    ['lead elsewhere', { network: networkId('far') }, 'no provider entry shows its network far'],
    ['have no port', { port: undefined } as never, 'the cloud does not show its port, VLAN and addresses'],
    ['have no VLAN', { vlan: undefined } as never, 'the cloud does not show its port, VLAN and addresses'],
    ['have no address', { cloudIp: undefined } as never, 'the cloud does not show its port, VLAN and addresses'],
    ['have one address', { customerIp: undefined } as never, 'the cloud does not show its port, VLAN and addresses'],
    ['are another’s', { description: 'peerway stack=lab connection=x' }, 'it belongs to the stack lab'],
  ])('that %s are left out, with the reason', async (_, parts, why) => {
    const { cloud, link } = planted(parts);
    const { leftOut, links } = await look(cloud);
    const place = 'port' in parts ? 'bound to no port' : `pc-1 vlan ${'vlan' in parts ? '?' : 30}`;
    expect([links, leftOut]).toStrictEqual([
      [],
      [
        {
          kind: 'link',
          object: `link ${link.id} (${place})`,
          why,
          ...('description' in parts ? { stack: 'lab' } : {}),
        },
      ],
    ]);
  });
});

describe('what is wrong beside', () => {
  it('with a network leaves out what needs it', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    join(cloud, 'a', 'b');
    join(cloud, 'b', 'c');
    const link = cloud.link({ port: 'pc-1', vlan: 30, network: networkId('a') });
    const table = routeTableId(`edge-${link.id}`);
    cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: link.id });
    cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: `${link.id}-c` }, { table });
    cloud.plantRoute('a', '10.0.0.0/16', { kind: 'link', id: `${link.id}-n` }, { table });
    cloud.networks.get('a')!.state = 'deleting';
    const { stack, leftOut } = await look(cloud);
    expect([stack.connections.map(({ name }) => name), stack.links]).toEqual([['b-c'], []]);
    const [ab] = cloud.peerings;
    expect(leftOut).toEqual([
      { kind: 'peering', object: `peering ${ab?.id} (a → b)`, why: 'The network a (a) is deleting' },
      { kind: 'link', object: `link ${link.id} (pc-1 vlan 30)`, why: 'The network a (a) is deleting' },
    ]);
  });

  it('with an entry is refused', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16']);
    join(cloud, 'a', 'b');
    const settings = { name: 'one', region: regionId('r1'), account: accountId('acc-z'), credentials: 'acc-a' };
    const context = { clock: cloud.clock, random: seededRandom(7), redactor: new Redactor() };
    const driver = Object.assign(new FakeDriver(cloud, 'acc-a', 'r1'), { ownAccount: async () => accountId('acc-a') });
    const mistaken = new Provider(cloud.plugin(), driver, settings, context);
    await expect(importWorld({ stack: 'found', providers: [mistaken] })).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: 'The keys of one belong to the account acc-a; account: says acc-z',
      details: { resource: 'one', remedy: 'Correct account:, or use keys of that account.' },
    });
  });

  it('is not looked for when the caller has gone', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    const stop = new AbortController();
    cloud.onRequest = () => stop.abort();
    await expect(
      importWorld({ stack: 'found', providers: [cloud.provider('one')], signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'Canceled' });
    expect(cloud.requests).toHaveLength(1);
  });
});

describe('routes that no file says', () => {
  it('are those for some packets, to lists of prefixes and in a table of their own, and no others', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16', 3], ['b', '10.1.0.0/16']);
    const peering = join(cloud, 'a', 'b', {}, 1);
    const across = cloud.hop(peering, 'initiator');
    const nat = { kind: 'other', id: 'nat-1' } as const;
    const table = 'vtb-a-1';
    cloud.plantRoute('a', '10.7.0.0/16', across, { source: parseCidr('10.0.4.0/24') } as object);
    cloud.plantRoute('a', '10.1.4.0/24', across, { table });
    cloud.plantRoute('a', '10.1.5.0/24', across, { table, origin: 'system' });
    cloud.plantRoute('a', '10.1.6.0/24', nat, { table });
    cloud.plantRoute('a', '10.1.7.0/24', across, { table, source: parseCidr('10.0.4.0/24') } as object);
    Object.assign(cloud.plantRoute('a', '10.9.0.0/16', across, { table }), { destination: 'pl-1' });
    const found = await look(cloud);
    expect(routesOf(found)).toEqual(['auto']);
    expect(found.stack.networks.get('a')).not.toHaveProperty('routeTables');
    const some = 'it holds for packets from 10.0.4.0/24 alone, and a file says nothing of sources';
    expect(found.leftOut).toEqual([
      {
        kind: 'route',
        object: 'route 10.1.4.0/24 in vtb-a-1 (a)',
        why: 'it stands in the table vtb-a-1, which holds other routes than vtb-a; a file writes the same into every table of a network',
      },
      { kind: 'route', object: 'route 10.1.7.0/24 in vtb-a-1 (a)', why: some },
      { kind: 'route', object: 'route 10.7.0.0/16 in vtb-a (a)', why: some },
      {
        kind: 'route',
        object: 'route pl-1 in vtb-a-1 (a)',
        why: 'it leads to a list of prefixes that the cloud keeps, and a file names prefixes',
      },
    ]);
    await settles(cloud, found);
  });

  it('are those of the tables that hold fewer, where the main one holds none', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16', 4], ['b', '10.1.0.0/16']);
    const peering = cloud.plantPeering('a', 'b');
    const across = cloud.hop(peering, 'initiator');
    for (const [table, cidr] of [
      ['vtb-a-1', '10.1.0.0/17'],
      ['vtb-a-3', '10.1.0.0/16'],
      ['vtb-a-2', '10.1.0.0/16'],
    ] as const)
      cloud.plantRoute('a', cidr, across, { table });
    const found = await look(cloud);
    expect(found.stack.networks.get('a')?.routeTables).toEqual(['vtb-a-2', 'vtb-a-3']);
    expect(found.leftOut.map(({ object }) => object)).toEqual(['route 10.1.0.0/17 in vtb-a-1 (a)']);
    await settles(cloud, found);
  });
});

describe('destroying what was adopted', () => {
  it.each([
    [1, '1 peering, 2 routes; of these 1 peering was'],
    [4, '4 peerings, 8 routes; of these 4 peerings were'],
  ])('wants force, with the counts: %i', async (count, counts) => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    for (let at = 1; at <= count; at++) {
      cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
      join(cloud, 'a', `n${at}`);
    }
    const found = await look(cloud);
    await settles(cloud, found);
    const engine = new Engine({ stack: found.stack, clock: inNewProcess(cloud.clock) });
    const plan = await engine.plan({ mode: 'destroy' });
    expect(plan.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      `too-much-deleted: The plan deletes ${counts} made by others and adopted`,
    ]);
    await expect(engine.apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    const report = await engine.apply(plan, { force: true });
    expect([report.outcome, cloud.peerings.length, cloud.routesOf('a')]).toEqual(['done', 0, []]);
  });
});
