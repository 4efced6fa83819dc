/** Promises that keep people out of trouble: much is not deleted unasked, logs name requests, broken things are red. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId, Peerway, routeTableId, type Provider } from '@peerway/runtime';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { answering, idOf, Sandbox } from './harness.js';

let sandbox: Sandbox;
let peerway: Peerway;
let ali: Provider;
beforeAll(async () => {
  sandbox = await Sandbox.open();
  sandbox.config();
  peerway = await Peerway.load('peerway.yaml', {
    cwd: sandbox.folder,
    env: sandbox.env,
    clock: sandbox.clock,
    roots: [import.meta.url],
    conditions: ['@peerway/source'],
  });
  ali = peerway.provider('ali');
});
afterAll(async () => {
  await peerway.close();
  await sandbox.close();
});

const network = (name: string) => networkId(idOf('a', 'cn-hangzhou', name));
const tableOf = (name: string) =>
  routeTableId(DEFAULT_WORLD.alibaba.networks.find(({ id }) => id === network(name))!.routeTable);

describe('a broken connection', () => {
  it('is named by status, drift, verify and graph, with what to do, and apply repairs it', async () => {
    expect((await sandbox.run(['apply', '--yes'])).exit).toBe(0);
    for await (const route of ali.routes.list(network('web'), tableOf('web'))) {
      if (route.destination === '10.1.0.0/16') await ali.routes.delete(route);
    }
    expect((await sandbox.run(['status'])).out).toMatch(/web-data +web — data +broken .*web 0\/1, data 1\/1/);
    const drift = await sandbox.run(['drift']);
    expect([drift.exit, drift.out]).toEqual([
      2,
      expect.stringMatching(/^route-missing web-data: route 10\.1\.0\.0\/16/),
    ]);
    const verify = await sandbox.run(['verify', 'web', 'data']);
    expect(verify.exit).toBe(1);
    expect(verify.out).toMatch(/error: .*\n\s+at: .*\n\s+fix: /);
    expect((await sandbox.run(['graph', '--format', 'dot'])).out).toMatch(/"web" -- "data" \[.*color="#cf222e"/);
    const terminal = { isTTY: true, write: (text: string) => (colour += text) };
    let colour = '';
    await sandbox.run(['status'], { stdout: terminal });
    expect(colour).toContain('\u001b[31mbroken');
    expect((await sandbox.run(['apply', '--yes'])).exit).toBe(0);
    expect((await sandbox.run(['drift'])).exit).toBe(0);
  });
});

describe('removing much', () => {
  it('is shown with what --force would allow, and not done without it', async () => {
    sandbox.config('connections:\n  - { name: all, mesh: [web, data, jobs, lab] }\n');
    await sandbox.run(['destroy', '--yes', '--force']);
    expect((await sandbox.run(['apply', '--yes'])).exit).toBe(0);
    sandbox.config('connections: []\n');
    const plan = await sandbox.run(['plan']);
    const writes = sandbox.emulator.requests.filter(({ mutating }) => mutating).length;
    expect([plan.exit, plan.out]).toEqual([2, expect.stringContaining('--force would allow: shop (too-much-deleted)')]);
    const refused = await sandbox.run(['apply', '--yes']);
    expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('--force')]);
    expect(sandbox.emulator.requests.filter(({ mutating }) => mutating)).toHaveLength(writes);
    const { ask } = answering('yes');
    expect((await sandbox.run(['apply', '--force'], { ask })).exit).toBe(0);
  });
});

describe('--log-level', () => {
  it('shows requests with their ids on standard error: info what changes, debug all, nothing by default', async () => {
    sandbox.config();
    const quiet = await sandbox.run(['plan']);
    expect(quiet.err).toBe('');
    const debug = await sandbox.run(['plan', '--log-level', 'debug']);
    expect(debug.err).toMatch(/^alibaba DescribeVpcs: 200 in \d+ ms request [0-9A-F-]{36}$/m);
    expect(debug.out).toBe(quiet.out);
    expect((await sandbox.run(['plan', '--log-level', 'info'])).err).toBe('');
    const change = await sandbox.run(['apply', '--yes', '--log-level', 'info']);
    expect(change.err).toMatch(/^alibaba CreateVpcPeerConnection: 200/m);
    expect(change.err).not.toMatch(/Describe|List/);
  });

  it('warn shows calls that are repeated and why, as its help says, and nothing else', async () => {
    expect((await sandbox.run(['plan', '--log-level', 'warn'])).err).toBe('');
    const fault = { cloud: 'alibaba', operation: 'DescribeVpcs', calls: 1, kind: 'throttle' } as const;
    sandbox.emulator.faults.add(fault);
    const warned = await sandbox.run(['plan', '--log-level', 'warn']);
    expect(warned.err).toMatch(
      /^alibaba: repeated in \d+ ms: DescribeVpcs failed with Throttling.* \(request [0-9A-F-]{36}\)\n$/,
    );
    sandbox.emulator.faults.add(fault);
    expect((await sandbox.run(['plan', '--log-level', 'error'])).err).toBe('');
  });
});

describe('apply --json', () => {
  it('is one event per line, ending with the report', async () => {
    const { exit, out } = await sandbox.run(['destroy', '--yes', '--force', '--json']);
    expect(exit).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; outcome?: string });
    expect(lines.at(-1)).toMatchObject({ type: 'report', outcome: 'done' });
    expect(new Set(lines.map(({ type }) => type))).toEqual(
      new Set([...lines.map(({ type }) => type), 'apply.started', 'step.started', 'step.done', 'apply.done', 'report']),
    );
  });
});

describe('Ctrl-C', () => {
  it.each([
    ['plan'],
    ['apply', '--yes'],
    ['destroy', '--yes'],
    ['status'],
    ['verify', 'web', 'data'],
    ['graph'],
    ['drift'],
    ['adopt', 'web-data'],
    ['release', 'web-data'],
  ])('ends %s with 130 and starts nothing more', async (...argv) => {
    const before = sandbox.emulator.requests.length;
    const { exit, err } = await sandbox.run(argv, { signal: AbortSignal.abort() });
    expect([exit, err]).toEqual([130, expect.stringContaining('run the same command again to go on')]);
    expect(sandbox.emulator.requests).toHaveLength(before);
  });
});

describe('a name that is not there', () => {
  it.each([
    ['plan', '--target', 'nobody'],
    ['verify', 'web', 'nobody'],
    ['adopt', 'nobody'],
    ['release', 'nobody'],
  ])('%s %s', async (...argv) => {
    const { exit, out, err } = await sandbox.run(argv);
    expect(exit).toBe(1);
    expect(out + err).toContain('nobody');
    expect(out + err).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });
});
