/**
 * One value of one answer is another one, well formed: no reader of that answer can see it. A plan that was made from it must not
 * delete what an honest answer would have let stand. PEERWAY_LIES=all tells every lie, in place of a part drawn from PEERWAY_SEED.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import {
  accountId,
  isPeerwayError,
  networkId,
  portId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
} from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { Engine, type LinkSpec, type PlanMode, type PlanStep } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { LyingProxy, type Exchange } from './lyingProxy.js';
import { line, pair } from './scene.js';

const ALL = process.env['PEERWAY_LIES'] === 'all';
const SEED = Number(process.env['PEERWAY_SEED'] ?? 20_261_127);
/** Of the lies of one scene in the suite. */
const DRAWN = 20;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

type Path = readonly string[];
interface Told {
  readonly operation: string;
  readonly nth: number;
  readonly path: Path;
  readonly by: unknown;
}

const shown = ({ operation, nth, path, by }: Told): string =>
  `${operation} #${nth} ${path.join('.')} is ${JSON.stringify(by)}`;

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const places = (value: unknown, path: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [
        ...(path.length === 0 ? [] : [path]),
        ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key])),
      ];

const STATES = [
  'Activated',
  'Rejected',
  'Expired',
  'Active',
  'Inactive',
  'Idle',
  'Available',
  'Deleted',
  'active',
  'expired',
  'deleted',
  'error',
];

/** Other values that a place could hold: what stands in places of the same name or kind, something unheard of, a list that is shorter. */
function others(honest: unknown, path: Path, ids: ReadonlySet<string>, stack: string): unknown[] {
  if (Array.isArray(honest)) return honest.length === 0 ? [] : [[], honest.slice(1)];
  if (typeof honest === 'number') return [honest + 1, 1];
  if (typeof honest === 'boolean') return [!honest];
  if (typeof honest !== 'string') return [];
  const name = path.at(-1) ?? '';
  if (/^(RequestId|NextToken|nextMarker)$/.test(name)) return [];
  if (/status/i.test(name)) return STATES.filter((state) => state !== honest);
  if (/description|Value|Name/i.test(name))
    return ['', `peerway stack=${stack} connection=c`, 'peerway stack=other connection=c'];
  if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(honest)) return ['10.99.0.0/16'];
  const kind = /^([a-z]+)-/.exec(honest)?.[1];
  if (kind === undefined) return [`${honest}x`];
  return [...[...ids].filter((id) => id.startsWith(`${kind}-`) && id !== honest), `${honest.slice(0, -3)}zzz`];
}

/** What the stack of a scene declares: a pair of networks joined by a mechanism, or by the default one and without routes, or a line. */
type Declared = 'vpc-peer' | 'router-interface' | 'peerconn' | 'unrouted' | 'line';

const KINDS: readonly [cloud: CloudName, declared: Declared][] = [
  ['alibaba', 'vpc-peer'],
  ['alibaba', 'router-interface'],
  ['alibaba', 'line'],
  ['alibaba', 'unrouted'],
  ['baidu', 'peerconn'],
  ['baidu', 'unrouted'],
  ['baidu', 'line'],
];

/** VLAN and addresses of the first channel that people made on a line. */
function channelOf({ emulator }: Emulated, port: string): Partial<LinkSpec> {
  const rows = emulator.snapshot().tables['baidu.channels'] as readonly Readonly<Record<string, unknown>>[] | undefined;
  const row = rows?.find((one) => one['lineId'] === port);
  const [cloudIp, customerIp] = [String(row?.['baiduAddress']), String(row?.['customerAddress'])];
  return { vlan: Number(row?.['vlanId']), cloudIp, customerIp: customerIp.split('/')[0]! };
}

async function start(cloud: CloudName, declared: Declared) {
  const world = await Emulated.start();
  open.push(world);
  const { account, region } = { account: DEFAULT_WORLD[cloud].accounts.a, region: DEFAULT_WORLD[cloud].regions[0] };
  const target = cloud === 'alibaba' ? world.emulator.alibaba.endpoint : world.emulator.baidu.endpoint(region);
  const proxy = await LyingProxy.before(target);
  open.push(proxy);
  const plugin = { alibaba, baidu }[cloud];
  let seeds = 0;
  async function provider(): Promise<Provider> {
    const settings = { name: cloud, region: regionId(region), account: accountId(account.id) };
    const context = { clock: world.clock, random: seededRandom(++seeds), redactor: new Redactor() };
    const { accessKeyId, accessKeySecret } = account;
    const options = new plugin.options();
    const driver = await plugin.create({
      ...settings, ...context, endpoint: proxy.endpoint, options, credentials: { accessKeyId, accessKeySecret }, env: {},
    }); // prettier-ignore
    return new Provider(plugin, driver, settings, context);
  }
  const ids = ['web', 'data', 'spare'].map((name, number) =>
    networkId(
      world.emulator.world.network({ cloud, account: account.id, region, cidrs: [`11.${number}.0.0/16`], name }).id,
    ),
  );
  /** A fresh process, as nothing that was learned from a lie may live on. */
  async function within<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const by = await provider();
    const networks = new Map(
      ['web', 'data', 'spare'].map((name, number) => [name, { provider: by, id: ids[number]! }]),
    );
    const how = declared === 'unrouted' ? { routes: 'none' as const } : { mechanism: declared };
    const peering = { ...how, ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}) };
    const port = portId(DEFAULT_WORLD[cloud].ports.find((one) => one.account === 'a' && one.region === region)!.id);
    const stack = {
      name: 'shop',
      networks,
      connections: declared === 'line' ? [] : [pair('c', 'web', 'data', peering)],
      links:
        declared === 'line' ? [line('idc', 'web', { port, ...(cloud === 'baidu' ? channelOf(world, port) : {}) })] : [],
    };
    try {
      return await work(new Engine({ stack, clock: world.clock }));
    } finally {
      await by.close();
    }
  }
  expect((await within(async (engine) => engine.apply(await engine.plan()))).outcome).toBe('done');
  /** The steps that would be taken; a plan that cannot be made, or is refused, has none. */
  const plan = (mode: PlanMode): Promise<readonly PlanStep[]> =>
    within(async (engine) => {
      try {
        const { steps, problems } = await engine.plan({ mode });
        return problems.some(({ severity }) => severity === 'error') ? [] : steps;
      } catch (error) {
        if (isPeerwayError(error)) return [];
        throw error;
      }
    });
  return { world, proxy, plan, within };
}

describe.each(KINDS)('%s, %s', (cloud, declared) => {
  it('a plan deletes nothing on the word of one answer', async () => {
    const { proxy, plan } = await start(cloud, declared);
    const { exchanges, result } = await proxy.during(() => plan('apply'));
    expect(result).toEqual([]);
    const lies = liesAbout(exchanges);
    const random = seededRandom(SEED);
    const told = ALL ? lies : Array.from({ length: DRAWN }, () => lies[Math.floor(random.next() * lies.length)]!);
    const findings: string[] = [];
    const writes: string[] = [];
    for (const lie of told) {
      const { operation, nth, path, by } = lie;
      const { result: steps } = await proxy.during(
        () => plan('apply'),
        (exchange) =>
          exchange.operation === operation && exchange.nth === nth
            ? replaced(exchange.answer, path, by)
            : exchange.answer,
      );
      const deletes = steps.filter(({ work }) => work.verb.endsWith('.delete'));
      if (deletes.length > 0) findings.push(`${shown(lie)}: ${deletes.map(({ id }) => id).join('; ')}`);
      else if (steps.length > 0) writes.push(`${shown(lie)}: ${steps.map(({ id }) => id).join('; ')}`);
    }
    if (ALL)
      process.stdout.write(
        `${declared}: ${told.length} lies, ${writes.length} plans that write\n${writes.join('\n')}\n`,
      );
    expect({ seed: SEED, findings }).toEqual({ seed: SEED, findings: [] });
  }, 600_000);
});

describe('a listing that is empty each time it is asked', () => {
  it.each(['apply', 'destroy'] as const)('of peerings that a route of ours leads to: %s is refused', async (mode) => {
    const { proxy, within } = await start('alibaba', 'vpc-peer');
    const honest = await proxy.during(() => within((engine) => engine.plan({ mode })));
    expect(honest.result.steps).toHaveLength(mode === 'apply' ? 0 : 3);
    const made = proxy.during(
      () => within((engine) => engine.plan({ mode })),
      ({ operation, answer }) =>
        operation === 'ListVpcPeerConnections' ? { ...(answer as object), VpcPeerConnects: [], TotalCount: 0 } : answer,
    );
    await expect(made).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringMatching(/^A listing of peerings does not hold pcc-\w+, which is there/),
    });
  });
});

it.each([
  ['alibaba', 'vpc-peer', 'DeleteVpcPeerConnection', 'ResourceNotFound.InstanceId'],
  ['alibaba', 'router-interface', 'DeactivateRouterInterface', 'InvalidVpcId.NotFound'],
  ['alibaba', 'router-interface', 'DeleteRouterInterface', 'InvalidVpcId.NotFound'],
  ['baidu', 'peerconn', 'ReleasePeerConn', 'NoSuchObject'],
] as const)('%s, %s: %s that is answered %s is not done while the listing shows the peering', async (...row) => {
  const [cloud, mechanism, operation, code] = row;
  const { world, within } = await start(cloud, mechanism);
  const destroy = () => within(async (engine) => engine.apply(await engine.plan({ mode: 'destroy' }), { force: true }));
  world.emulator.faults.add({ cloud, operation, kind: 'error', status: 404, code, message: 'no' });
  const { outcome, steps } = await destroy();
  expect(outcome).toBe('failed');
  const failed = steps.filter((step) => step.outcome === 'failed');
  expect(failed).toMatchObject([
    { error: { code: 'Unavailable', message: expect.stringContaining('shows it all the same') } },
  ]);
  world.emulator.faults.clear();
  expect((await destroy()).outcome).toBe('done');
  expect(await within(async (engine) => (await engine.plan({ mode: 'destroy' })).steps)).toEqual([]);
});

it.each([
  ['two networks', 'vpc-peer', 'DescribeVpcs', ['Vpcs', 'Vpc', '0', 'RouterTableIds', 'RouterTableIds', '0']],
  [
    'a network and a line',
    'line',
    'DescribeVirtualBorderRouters',
    ['VirtualBorderRouterSet', 'VirtualBorderRouterType', '0', 'RouteTableId'],
  ],
] as const)('a table that %s claim is written to for neither', async (_, declared, lying, path) => {
  const { proxy, within } = await start('alibaba', declared);
  let table: unknown;
  const made = proxy.during(
    () => within((engine) => engine.plan()),
    ({ operation, answer }) => {
      if (operation === 'DescribeVpcs')
        table ??= at(answer, ['Vpcs', 'Vpc', '2', 'RouterTableIds', 'RouterTableIds', '0']);
      return operation === lying ? replaced(answer, path, table) : answer;
    },
  );
  await expect(made).rejects.toMatchObject({
    message: expect.stringMatching(/vtb-\w+ is a table of (a line of )?vpc-\w+, and of (a line of )?vpc-/),
  });
});

function liesAbout(exchanges: readonly Exchange[]): Told[] {
  const ids = new Set<string>();
  for (const { answer } of exchanges)
    for (const path of places(answer)) {
      const value = at(answer, path);
      if (typeof value === 'string' && /^[a-z]+-/.test(value)) ids.add(value);
    }
  return exchanges.flatMap(({ operation, nth, answer }) =>
    places(answer).flatMap((path) =>
      others(at(answer, path), path, ids, 'shop').map((by) => ({ operation, nth, path, by })),
    ),
  );
}
