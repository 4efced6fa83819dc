/**
 * The vendor's own documents as witnesses (docs/facts/alibaba.md 11). Their flows through the neutral API put the same calls on
 * the wire and read the same members: that is tested from data, everywhere. Where the documents are at hand the data are held
 * to them, and their programs run unmodified, the code taken from the documents when this runs.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parseCidr, portId, regionId, type NextHop, type NetworkId, type RouteTableId } from '@peerway/core';
import { recordingProxy, type Exchange } from './recordingProxy.js';
import {
  codeBlocks,
  DOCUMENTS,
  documentsMissing,
  documentText,
  listedAnswers,
  membersOf,
  printedAnswers,
  ROOT,
  type Step,
} from './vendorDocuments.js';
import { ACCOUNTS, nextHopOf, PORTS, session, type Session } from './world.js';

const PYTHON = join(ROOT, '.venv/bin/python');
const withDocuments = documentsMissing === undefined ? it : it.skip;
const pythonMissing = documentsMissing ?? (existsSync(PYTHON) ? undefined : 'no .venv: run scripts/python-venv.sh');
const withPython = pythonMissing === undefined ? it : it.skip;
const atHand = documentsMissing ?? 'documents are there';

const [PORT = { id: '', accessPoint: '' }] = PORTS;
const GATEWAY_IP = '116.62.10.254';

const PROGRAMS = [
  { number: '000', section: '11.1', flow: 'two VPCs' },
  { number: '001', section: '11.1', flow: 'two VPCs, English' },
  { number: '002', section: '11.2', flow: 'a border router and a VPC' },
] as const;

/** What the documents mask, and what it stands for in the emulator's world. */
const MASKED = [
  [/116\.xx\.xx\.254/g, GATEWAY_IP],
  [/ap-cn-hangzhou-xx-x/g, PORT.accessPoint],
] as const;

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  readonly exchanges: readonly Exchange[];
  /** What the names in the data stand for. */
  readonly given: Readonly<Record<string, string>>;
}

async function runProgram(number: string): Promise<Outcome> {
  const code = codeBlocks(documentText(number)).find((block) => block.includes('def main():'));
  if (code === undefined) throw new Error(`document ${number} holds no program`);
  const program = MASKED.reduce((source, [mask, value]) => source.replace(mask, value), code);
  const world = await session();
  const proxy = await recordingProxy(world.emulator.alibaba.endpoint);
  const folder = await mkdtemp(join(tmpdir(), 'peerway-program-'));
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
        PYTHONPATH: join(ROOT, 'packages/alibaba/test/vendorPrograms'),
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONIOENCODING: 'utf-8',
        PEERWAY_ENDPOINT: proxy.endpoint.replace('http://', ''),
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
    const given = {
      'first.router': first.router,
      'first.table': first.table,
      'second.router': second.router,
      'second.table': second.table,
      port: PORT.id,
      accessPoint: PORT.accessPoint,
      gatewayIp: GATEWAY_IP,
    };
    return { code: exit, output, errors, exchanges: proxy.exchanges, given };
  } finally {
    clearInterval(ticking);
    await rm(folder, { recursive: true });
    await proxy.close();
    await world.close();
  }
}

/** Parameters of the protocol, and the region, which the SDK adds. */
const NOT_THE_PROGRAMS =
  /^(Action|Version|RegionId|AccessKeyId|Format|Timestamp|Signature|SignatureMethod|SignatureVersion|SignatureNonce|SignatureType)$/;

const asked = ({ action, parameters }: Exchange) => ({
  action,
  parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => !NOT_THE_PROGRAMS.test(name))),
});

/** The steps with the names in their parameters replaced, and the exchange in which the program made each. */
function stepsAsMade({ exchanges, given }: Outcome, steps: readonly Step[]) {
  const known: Record<string, string> = { ...given };
  let from = 0;
  return steps.map((step) => {
    const parameters = Object.fromEntries(
      Object.entries(step.parameters).map(([key, value]) => [
        key,
        value.replace(/\{([\w.]+)\}/g, (_, name: string) => known[name] ?? name),
      ]),
    );
    const wanted = { action: step.action, parameters };
    // between two steps the program looks at states; a step that only reads may look like one of these
    const found = exchanges.findIndex((each, at) => at >= from && isDeepStrictEqual(asked(each), wanted));
    const skipped = exchanges.slice(from, found < 0 ? undefined : found).map(({ action }) => action);
    const answer = exchanges[found]?.answer;
    for (const [name, path] of Object.entries(step.keep ?? {})) known[name] = String(memberAt(answer, path));
    if (found >= 0) from = found + 1;
    return { wanted, found: found >= 0, skipped: skipped.filter((action) => !action.startsWith('Describe')) };
  });
}

const memberAt = (answer: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer);

describe('the data say what the documents say', () => {
  for (const { number, section, flow } of PROGRAMS) {
    withDocuments(`docs/facts/alibaba.md ${section}, ${flow}: headings and members of answers [${atHand}]`, () => {
      const { steps } = DOCUMENTS.programs[section];
      expect(steps).toHaveLength({ '11.1': 15, '11.2': 18 }[section]);
      expect(listedAnswers(number).map(({ heading, answer }) => [heading, membersOf(answer)])).toEqual(
        steps.map(({ heading, answer }) => [heading, answer]),
      );
    });
  }

  withDocuments(`docs/facts/alibaba.md 11.3: what is required, answered, refused [${atHand}]`, () => {
    const text = documentText('003');
    const { required, answer, errorStatus, errors } = DOCUMENTS.references['11.3'];
    expect([...text.matchAll(/^\|? ?(\w+) \|\n(?:string|integer) \|\n是 \|/gm)].map(([, name]) => name)).toEqual(
      required,
    );
    const sample = /\{\s*"RequestId"[^}]*\}/.exec(text)?.[0] ?? '{}';
    expect(membersOf(JSON.parse(sample))).toEqual(answer);
    const rows = [...text.matchAll(/^\| (\d{3}) \| ([\w.]+) \| ([^|]+?) \|/gm)];
    expect(rows.map(([, status, code, message]) => [Number(status), code, message])).toEqual(
      Object.entries(errors).map(([code, message]) => [errorStatus, code, message]),
    );
  });
});

describe('the vendor’s programs run unmodified', () => {
  for (const { number, section, flow } of PROGRAMS) {
    withPython(
      `docs/facts/alibaba.md ${section}, ${flow}: exit 0, the steps and answers of the data [${pythonMissing ?? 'python is there'}]`,
      async () => {
        const { steps } = DOCUMENTS.programs[section];
        const outcome = await runProgram(number);
        expect([outcome.errors, outcome.code]).toEqual(['', 0]);
        const printed = printedAnswers(outcome.output);
        expect(printed.map(({ heading }) => heading)).toEqual(steps.map(({ heading }) => heading));
        for (const [at, { heading, answer }] of steps.entries()) {
          const there = new Set(membersOf(printed[at]?.answer));
          expect([heading, answer.filter((path) => !there.has(path))]).toEqual([heading, []]);
        }
        for (const made of stepsAsMade(outcome, steps)) expect(made).toEqual({ ...made, found: true, skipped: [] });
      },
      60_000,
    );
  }
});

/** Every member that a program prints of an operation's answer was in some answer to that operation. */
function expectPrintedMembers(section: '11.1' | '11.2', exchanges: readonly Exchange[]): void {
  for (const { action, answer } of DOCUMENTS.programs[section].steps) {
    if (action === 'DescribeRouteTables') continue; // the edge table comes with the border router's reading here
    const there = new Set(exchanges.filter((each) => each.action === action).flatMap((each) => membersOf(each.answer)));
    expect([action, answer.filter((path) => !there.has(path))]).toEqual([action, []]);
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
  it('docs/facts/alibaba.md 11.1: a router-interface pair, its routes, and the way back', async () => {
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
    expectPrintedMembers('11.1', exchanges);
    // the acceptor's interface is told of the initiator's when it is made, which saves the program's second Modify
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
  });

  it('docs/facts/alibaba.md 11.2: a link, its routes on both tables, and the way back', async () => {
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
    expectPrintedMembers('11.2', exchanges);
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
  });

  it('docs/facts/alibaba.md 11.3: every field of the answer to CreateVpcPeerConnection', async () => {
    const exchanges = await throughProxy(async (world, endpoint) => {
      const provider = await world.provider('a', 'cn-hangzhou', { endpoint });
      const [first, second] = world.sites('a', 'cn-hangzhou');
      if (first === undefined || second === undefined) throw new Error('no networks');
      await provider.peerings.create({ initiator: first.id, acceptor: { region: REGION, network: second.id } });
    });
    const { required, answer } = DOCUMENTS.references['11.3'];
    const made = exchanges.find(({ action }) => action === 'CreateVpcPeerConnection');
    expect(membersOf(made?.answer).sort()).toEqual([...answer].sort());
    for (const name of required) expect(made?.parameters).toHaveProperty(name);
  });
});
