/**
 * The vendor's own documents as witnesses: their programs run unmodified against the emulator, and the same flows through the
 * neutral API put the same calls on the wire and read the same fields. The code is taken from the documents when this runs.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCidr, portId, regionId, type NextHop, type NetworkId, type RouteTableId } from '@peerway/core';
import { recordingProxy, type Exchange } from './recordingProxy.js';
import { codeBlocks, fieldPaths, listedAnswers, printedAnswers, ROOT, seed, seedsMissing } from './seedFiles.js';
import { ACCOUNTS, nextHopOf, PORTS, session, type Session } from './world.js';

const PYTHON = join(ROOT, '.venv/bin/python');
const withSeeds = seedsMissing === undefined ? it : it.skip;
const pythonMissing = seedsMissing ?? (existsSync(PYTHON) ? undefined : 'no .venv: run scripts/python-venv.sh');
const withPython = pythonMissing === undefined ? it : it.skip;

const [PORT = { id: '', accessPoint: '' }] = PORTS;

const DOCUMENTS = [
  { number: '000', flow: 'two VPCs', headings: 15 },
  { number: '001', flow: 'two VPCs, English', headings: 15 },
  { number: '002', flow: 'a border router and a VPC', headings: 18 },
] as const;

/** What the documents mask, and what it stands for in the emulator's world. */
const MASKED = [
  [/116\.xx\.xx\.254/g, '116.62.10.254'],
  [/ap-cn-hangzhou-xx-x/g, PORT.accessPoint],
] as const;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

async function runProgram(number: string): Promise<Outcome> {
  const text = seed(number);
  const code = codeBlocks(text).find((block) => block.includes('def main():'));
  if (code === undefined) throw new Error(`seed ${number} holds no program`);
  const program = MASKED.reduce((source, [mask, value]) => source.replace(mask, value), code);
  const world = await session();
  const folder = await mkdtemp(join(tmpdir(), 'peerway-seed-'));
  const [first, second] = world.sites('a', 'cn-hangzhou');
  if (first === undefined || second === undefined) throw new Error('no networks');
  // the emulator's time runs while the program waits
  const ticking = setInterval(() => world.emulator.clock.advance(1_000), 5);
  try {
    await writeFile(join(folder, 'program.py'), program);
    const child = spawn(PYTHON, ['-W', 'ignore', 'program.py'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PYTHONPATH: join(ROOT, 'packages/alibaba/test/seeds'),
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONIOENCODING: 'utf-8',
        PEERWAY_ENDPOINT: world.emulator.alibaba.endpoint.replace('http://', ''),
        PEERWAY_REGION: 'cn-hangzhou',
        PEERWAY_ACCESS_KEY_ID: ACCOUNTS.a.accessKeyId,
        PEERWAY_ACCESS_KEY_SECRET: ACCOUNTS.a.accessKeySecret,
        PEERWAY_ROUTER_ID: first.router,
        PEERWAY_ROUTER_ID2: second.router,
        PEERWAY_TABLE_ID: first.table,
        PEERWAY_TABLE_ID2: second.table,
        PEERWAY_PC_ID: PORT.id,
      },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    const exit = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code: exit, output, errors };
  } finally {
    clearInterval(ticking);
    await rm(folder, { recursive: true });
    await world.close();
  }
}

describe('the vendor’s programs run unmodified', () => {
  for (const { number, headings } of DOCUMENTS) {
    withSeeds(`the listing of seed ${number} has ${headings} headings [${seedsMissing ?? 'seeds are there'}]`, () => {
      expect(listedAnswers(number)).toHaveLength(headings);
    });
  }

  for (const { number, flow } of DOCUMENTS) {
    withPython(
      `seed ${number}, ${flow}: exit 0, the same headings, every field of the listing [${pythonMissing ?? 'python is there'}]`,
      async () => {
        const { code, output, errors } = await runProgram(number);
        expect([errors, code]).toEqual(['', 0]);
        const listed = listedAnswers(number);
        const printed = printedAnswers(output);
        expect(printed.map(({ heading }) => heading)).toEqual(listed.map(({ heading }) => heading));
        for (const [at, { heading, answer }] of listed.entries()) {
          expect([heading, missingFields(answer, printed[at]?.answer)]).toEqual([heading, []]);
        }
      },
      60_000,
    );
  }
});

/** Fields of a listing that an answer lacks. */
function missingFields(listed: unknown, answer: unknown): string[] {
  const there = new Set(fieldPaths(answer));
  return fieldPaths(listed).filter((path) => !there.has(path));
}

/** Which operation each heading of the listings stands for. */
const OPERATIONS: Readonly<Record<string, string>> = {
  create_virtual_border_router: 'CreateVirtualBorderRouter',
  create_router_interface: 'CreateRouterInterface',
  modify_router_interface_attribute: 'ModifyRouterInterfaceAttribute',
  describe_router_interface: 'DescribeRouterInterfaces',
  connect_router_interface: 'ConnectRouterInterface',
  create_route_entry: 'CreateRouteEntry',
  delete_route_entry: 'DeleteRouteEntry',
  deactivate_router_interface: 'DeactivateRouterInterface',
  delete_router_interface: 'DeleteRouterInterface',
  delete_virtual_border_router: 'DeleteVirtualBorderRouter',
};

/** Every field that the listing shows for an operation was in some answer of that operation. */
function expectListedFields(number: string, exchanges: readonly Exchange[]): void {
  for (const { heading, answer } of listedAnswers(number)) {
    const operation = OPERATIONS[heading];
    if (operation === undefined) continue; // the edge table comes with the border router's reading here
    const there = new Set(
      exchanges.filter(({ action }) => action === operation).flatMap((each) => fieldPaths(each.answer)),
    );
    expect([operation, fieldPaths(answer).filter((path) => !there.has(path))]).toEqual([operation, []]);
  }
}

const REGION = regionId('cn-hangzhou');
const DEFAULT_ROUTE = parseCidr('0.0.0.0/0');

async function throughProxy(work: (world: Session, endpoint: string) => Promise<void>): Promise<Exchange[]> {
  const world = await session();
  const proxy = await recordingProxy(world.emulator.alibaba.endpoint);
  try {
    await work(world, proxy.endpoint);
    return proxy.exchanges;
  } finally {
    await world.close();
    await proxy.close();
  }
}

/** The calls that change something, in order. */
const writes = (exchanges: readonly Exchange[]): string[] =>
  exchanges.map(({ action }) => action).filter((action) => !action.startsWith('Describe'));

describe('the same flows through the neutral API', () => {
  withSeeds(
    `docs/facts/alibaba.md 11.1: a router-interface pair, its routes, and the way back [${seedsMissing ?? 'seeds are there'}]`,
    async () => {
      const exchanges = await throughProxy(async (world, endpoint) => {
        const provider = await world.provider('a', 'cn-hangzhou', { endpoint });
        const [first, second] = world.sites('a', 'cn-hangzhou');
        if (first === undefined || second === undefined) throw new Error('no networks');
        const pair = await provider.peerings.create({
          mechanism: 'router-interface',
          initiator: first.id,
          acceptor: { region: REGION, network: second.id },
          bandwidthMbps: 2_000,
        });
        expect(pair).toMatchObject({ state: 'active', bandwidthMbps: 2_000, acceptor: { network: second.id } });
        const routes = [
          { network: first.id, table: first.table, destination: DEFAULT_ROUTE, nextHop: nextHopOf(pair.initiator) },
          { network: second.id, table: second.table, destination: DEFAULT_ROUTE, nextHop: nextHopOf(pair.acceptor) },
        ];
        for (const route of routes) await provider.routes.create(route);
        for (const route of [...routes].reverse()) await provider.routes.delete(route);
        await provider.peerings.delete(pair.id, { side: 'initiator' });
        await provider.peerings.delete(pair.id, { side: 'acceptor' });
      });
      expectListedFields('000', exchanges);
      // the acceptor's interface is told of the initiator's when it is made, which saves the seed's second Modify
      expect(writes(exchanges)).toEqual([
        'CreateRouterInterface',
        'CreateRouterInterface',
        'ModifyRouterInterfaceAttribute',
        'ConnectRouterInterface',
        'CreateRouteEntry',
        'CreateRouteEntry',
        'DeleteRouteEntry',
        'DeleteRouteEntry',
        'DeactivateRouterInterface',
        'DeleteRouterInterface',
        'DeactivateRouterInterface',
        'DeleteRouterInterface',
      ]);
    },
  );

  withSeeds(
    `docs/facts/alibaba.md 11.2: a link, its routes on both tables, and the way back [${seedsMissing ?? 'seeds are there'}]`,
    async () => {
      const exchanges = await throughProxy(async (world, endpoint) => {
        const provider = await world.provider('a', 'cn-hangzhou', { endpoint });
        const [site] = world.sites('a', 'cn-hangzhou');
        if (site === undefined) throw new Error('no networks');
        const link = await provider.links.create({
          network: site.id,
          port: portId(PORT.id),
          vlan: 30,
          cloudIp: '10.255.0.1/30',
          customerIp: '10.255.0.2',
          name: 'line',
          bandwidthMbps: 2_000,
        });
        expect(link).toMatchObject({ state: 'active', network: site.id, vlan: 30, bandwidthMbps: 2_000 });
        const route = (table: RouteTableId, nextHop: NextHop | undefined, network: NetworkId = site.id) => ({
          network,
          table,
          destination: DEFAULT_ROUTE,
          nextHop: nextHopOf({ ...(nextHop === undefined ? {} : { nextHop }) }),
        });
        if (link.edge === undefined) throw new Error('no edge table');
        const routes = [route(link.edge.table, link.edge.towardNetwork), route(site.table, link.nextHop)];
        for (const each of routes) await provider.routes.create(each);
        for (const each of [...routes].reverse()) await provider.routes.delete(each);
        await provider.links.delete(link.id);
        expect(await provider.links.find(link.id)).toBeUndefined();
      });
      expectListedFields('002', exchanges);
      expect(writes(exchanges)).toEqual([
        'CreateVirtualBorderRouter',
        'CreateRouterInterface',
        'CreateRouterInterface',
        'ModifyRouterInterfaceAttribute',
        'ConnectRouterInterface',
        'CreateRouteEntry',
        'CreateRouteEntry',
        'DeleteRouteEntry',
        'DeleteRouteEntry',
        'DeactivateRouterInterface',
        'DeactivateRouterInterface',
        'DeleteRouterInterface',
        'DeleteRouterInterface',
        'DeleteVirtualBorderRouter',
      ]);
    },
  );

  withSeeds(
    `docs/facts/alibaba.md 11.3: every field of the answer to CreateVpcPeerConnection [${seedsMissing ?? 'seeds are there'}]`,
    async () => {
      const exchanges = await throughProxy(async (world, endpoint) => {
        const provider = await world.provider('a', 'cn-hangzhou', { endpoint });
        const [first, second] = world.sites('a', 'cn-hangzhou');
        if (first === undefined || second === undefined) throw new Error('no networks');
        await provider.peerings.create({ initiator: first.id, acceptor: { region: REGION, network: second.id } });
      });
      const sample = /\{\s*"RequestId"[^}]*\}/.exec(seed('003'))?.[0] ?? '{}';
      const made = exchanges.find(({ action }) => action === 'CreateVpcPeerConnection');
      expect(Object.keys(made?.answer ?? {}).sort()).toEqual(Object.keys(JSON.parse(sample) as object).sort());
      // and every parameter that the reference calls required was sent
      const required = [...seed('003').matchAll(/^\|? ?(\w+) \|\n(?:string|integer) \|\n是 \|/gm)].map(
        ([, name]) => name ?? '',
      );
      expect(required.length).toBeGreaterThanOrEqual(4);
      for (const name of required) expect(made?.parameters).toHaveProperty(name);
    },
  );
});
