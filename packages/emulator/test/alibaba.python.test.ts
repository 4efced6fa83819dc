/** Outside witness: the vendor's newer Python SDKs drive the Alibaba side, endpoint changed and nothing else; and what the vendor's SDK could ask that we do not serve. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { ALIBABA_DECLINED, ALIBABA_SCOPE } from '../src/alibaba/declined.js';
import { a, at, b, network } from './alibabaWire.js';

const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const DRIVER = fileURLToPath(new URL('./python/alibaba_witness.py', import.meta.url));
const available = existsSync(PYTHON);
if (!available) {
  process.stderr.write(
    'skipped: alibabacloud Python SDKs drive the emulator: no .venv, run scripts/python-venv.sh first\n',
  );
}

interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly status?: number;
  readonly code?: string;
}

(available ? describe : describe.skip)('alibabacloud-vpcpeer20220101 and alibabacloud-vpc20160428 (Python)', () => {
  let emulator: Emulator;
  const steps = new Map<string, Step>();
  const refused: string[] = [];

  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 8, profile: 'instant' });
    const keys = ({ id, accessKeyId, accessKeySecret }: typeof a | typeof b) => ({
      id,
      ak: accessKeyId,
      sk: accessKeySecret,
    });
    const [web, data, foreign] = [
      network('a', 'cn-hangzhou', 'web'),
      network('a', 'cn-hangzhou', 'data'),
      network('b', 'cn-hangzhou', 'web'),
    ];
    const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === 'cn-hangzhou');
    const world = {
      endpoint: emulator.alibaba.endpoint.replace('http://', ''),
      a: keys(a),
      b: keys(b),
      vpcs: { web: web.id, data: data.id, foreign: foreign.id },
      tables: { web: web.routeTable },
      routers: { web: web.router, data: data.router },
      port: port?.id,
      access_point: port?.accessPoint,
      group: DEFAULT_WORLD.alibaba.resourceGroups.find(({ account, name }) => account === 'a' && name === 'network')
        ?.id,
    };
    const { stdout } = await promisify(execFile)(PYTHON, ['-W', 'ignore', DRIVER, JSON.stringify(world)]);
    for (const text of stdout.trim().split('\n')) {
      const step = JSON.parse(text) as Step;
      steps.set(step.step, step);
      if (!step.ok) refused.push(`${step.step}: ${String(step.status)} ${String(step.code)}`);
    }
  }, 60_000);
  afterAll(async () => {
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });

  const answer = (step: string) => steps.get(step)?.answer;

  it('is refused exactly what should be refused', () => {
    expect(refused).toEqual([
      'create a second: 400 ResourceAlreadyExist.VpcPeer',
      'dry run: 400 DryRunOperation',
      'get deleted: 400 ResourceNotFound.InstanceId',
      'wrong secret: 400 SignatureDoesNotMatch',
      'delete referred: 400 IncorrectStatus',
    ]);
  });

  it('reads back what it wrote', () => {
    expect(answer('create again')?.['InstanceId']).toBe(answer('create')?.['InstanceId']);
    expect(answer('get waiting')).toMatchObject({
      Status: 'Accepting',
      Name: 'by-python',
      Tags: [{ Key: 'team', Value: 'net ops' }],
    });
    expect(answer('get active')).toMatchObject({ Status: 'Activated', Tags: [] });
    expect(answer('list pair')).toMatchObject({ TotalCount: 1 });
    expect(answer('list by tag')).toMatchObject({ TotalCount: 1 });
    expect(at(answer('list tags'), 'TagResources.0')).toMatchObject({ TagKey: 'owner', TagValue: 'b' });
    expect(at(answer('interfaces'), 'RouterInterfaceSet.RouterInterfaceType.0')).toMatchObject({
      Status: 'Active',
      RouterType: 'VBR',
    });
    expect(answer('interface')).toMatchObject({ Status: 'Active', Role: 'AcceptingSide' });
    expect(at(answer('routes'), 'RouteEntrys.RouteEntry.0')).toMatchObject({ Status: 'Available' });
    expect(at(answer('routes reworded'), 'RouteEntrys.RouteEntry.0')).toMatchObject({ Description: 'another word' });
    expect(at(answer('vbrs'), 'VirtualBorderRouterSet.VirtualBorderRouterType.0')).toMatchObject({
      Status: 'active',
      Name: 'line',
    });
    expect(at(answer('vpcs'), 'Vpcs.Vpc.0')).toMatchObject({ Status: 'Available', VpcName: 'py' });
    expect(answer('unroute at once')).toMatchObject({ FailedCount: 1 });
  });

  it.each([
    ['alibabacloud-vpcpeer20220101', 'VpcPeer'],
    ['alibabacloud-vpc20160428', 'Vpc'],
  ])('%s drives exactly the operations that the ledger says it drives', (client, product) => {
    const claimed = emulator
      .operations('alibaba')
      .map(({ description }) => description)
      .filter(({ evidence }) => evidence.clients.includes(client));
    expect(claimed.every((description) => description.product === product)).toBe(true);
    const driven = new Set(emulator.requests.filter(({ status }) => status === 200).map(({ operation }) => operation));
    expect(claimed.filter(({ name }) => !driven.has(name)).map(({ name }) => name)).toEqual([]);
    const all = emulator.operations('alibaba').filter(({ description }) => description.product === product);
    expect(claimed).toHaveLength(all.length);
  });
});

describe('what the vendor’s SDK can ask', () => {
  it('is served or declined with a reason, never both', async () => {
    const source = readFileSync(createRequire(import.meta.url).resolve('@alicloud/vpc20160428'), 'utf8');
    const names = new Set([...source.matchAll(/action: "(\w+)"/g)].map(([, name]) => name ?? ''));
    const inScope = [...names].filter((name) => ALIBABA_SCOPE.test(name));
    expect(inScope.length).toBeGreaterThan(90);
    const emulator = await Emulator.start({});
    await emulator.close();
    const served = new Set(
      emulator
        .operations('alibaba')
        .filter(({ description }) => description.product === 'Vpc')
        .map(({ description }) => description.name),
    );
    expect(inScope.filter((name) => !served.has(name) && ALIBABA_DECLINED[name] === undefined)).toEqual([]);
    expect(Object.keys(ALIBABA_DECLINED).filter((name) => served.has(name) || !names.has(name))).toEqual([]);
    expect([...served].filter((name) => !names.has(name))).toEqual([]);
  });
});
