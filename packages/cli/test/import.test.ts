/** `peerway import` and `peerway adopt --all`: from an account of hand-made things to a file with which nothing is left to do. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { answering, Sandbox, type Outcome } from './harness.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open();
  sandbox.config();
  // made and let go: what is there belongs to nobody
  await sandbox.run(['apply', '--yes']);
  for (const name of ['web-data', 'web-lab']) await sandbox.run(['release', name]);
  sandbox.clock.advance(60_000);
});
afterEach(() => sandbox.close());

const read = (name: string): string => readFileSync(join(sandbox.folder, name), 'utf8');
const IMPORTED = ['-c', 'imported.yaml'] as const;

/** What changed something since `from`. */
const writes = (from: number): string[] =>
  sandbox.emulator.requests.slice(from).flatMap((request) => (request.mutating ? request.operation : []));

it('writes a file of what is there, whose marks are set after one question, and with which nothing is left to do', async () => {
  const from = sandbox.emulator.requests.length;
  const made = await sandbox.run(['import', '--stack', 'found']);
  expect(made).toEqual({
    exit: 0,
    out: `imported.yaml written: stack found, 6 networks, 2 connections, 0 links.
Next: read it, then \`peerway adopt --all -c imported.yaml\`; after that \`peerway plan -c imported.yaml\` has nothing to do.
`,
    err: '',
  });
  expect(read('imported.yaml').replace(/pcc-\w+/g, 'pcc-…')).toMatchSnapshot();
  expect(statSync(join(sandbox.folder, 'imported.yaml')).mode & 0o777).toBe(0o600);
  const planned = await sandbox.run(['plan', ...IMPORTED]);
  expect(planned.exit).toBe(1);
  expect(planned.out).toContain('plan of stack found: stopped by 2 errors');
  expect(planned.out).toContain('`peerway adopt --all` would take over: web-data, web-lab');
  expect(writes(from)).toEqual([]);

  const refused = await sandbox.run(['adopt', '--all', ...IMPORTED]);
  expect([refused.exit, refused.err]).toEqual([
    1,
    expect.stringContaining('There is no terminal to confirm 2 objects on'),
  ]);
  const no = answering('n');
  expect(await sandbox.run(['adopt', '--all', ...IMPORTED], no)).toMatchObject({
    exit: 1,
    err: 'Nothing was changed.\n',
  });
  expect(no.asked).toEqual(['Take 2 objects over? From then on destroy removes them. [y/N] ']);
  expect(writes(from)).toEqual([]);
  const adopted = await sandbox.run(['adopt', '--all', '--yes', ...IMPORTED]);
  expect([adopted.exit, adopted.err]).toEqual([0, '']);
  expect(adopted.out).toContain('2 objects in the care of the stack found now');
  expect(new Set(writes(from))).toEqual(new Set(['TagResources', 'ModifyRouteEntry']));
  expect(await sandbox.run(['plan', ...IMPORTED])).toMatchObject({ exit: 0, err: '' });
  const again = await sandbox.run(['adopt', '--all', '--json', ...IMPORTED]);
  expect(JSON.parse(again.out)).toEqual({ adopted: [], stack: 'found' });
});

it('asks before it overwrites a file, and before it looks', async () => {
  sandbox.write('imported.yaml', 'mine');
  const from = sandbox.emulator.requests.length;
  const blind = await sandbox.run(['import', '--stack', 'found']);
  expect([blind.exit, blind.err]).toEqual([1, expect.stringContaining('imported.yaml exists already')]);
  const no = await sandbox.run(['import', '--stack', 'found'], answering('n'));
  expect([no.exit, no.err]).toEqual([1, 'Nothing was written.\n']);
  expect([read('imported.yaml'), sandbox.emulator.requests.length]).toEqual(['mine', from]);
  for (const [argv, io] of [
    [[], answering('y')],
    [['--yes'], {}],
    [['--out', 'other.yaml'], {}],
  ] as const)
    expect((await sandbox.run(['import', '--stack', 'found', ...argv], io)).exit).toBe(0);
  expect(read('imported.yaml')).toBe(read('other.yaml'));
});

it('takes the one account that flags name, and says so where one is missing', async () => {
  const account = ['--provider', 'alibaba', '--region', 'cn-hangzhou', '--endpoint', sandbox.emulator.alibaba.endpoint];
  const made = await sandbox.run(['import', ...account, '--json']);
  expect(made.err).toBe('');
  expect(JSON.parse(made.out)).toMatchObject({
    file: 'imported.yaml',
    stack: 'imported',
    networks: 3,
    connections: 2,
    leftOut: [],
  });
  // the other account has no entry
  const { id } = DEFAULT_WORLD.alibaba.accounts.b;
  expect(read('imported.yaml')).toMatch(
    new RegExp(
      `^  (vpc-2zeb\\w+): \\{ provider: main, peer: \\{ account: "?${id}"?, region: cn-beijing, .*id: \\1 \\} \\}$`,
      'm',
    ),
  );
  expect(await sandbox.run(['validate', ...IMPORTED])).toMatchObject({ exit: 0 });
  const wrong = await sandbox.run(['import', '--provider', 'alibabba', '--region', 'x', '--yes']);
  expect(wrong.err).toContain('there is no provider "alibabba"');
  expect((await sandbox.run(['import', '--region', 'x', '--yes'])).err).toContain('--provider is missing');
});

it('leaves out what a stack owns, and never takes its name', async () => {
  await sandbox.run(['adopt', 'web-data']);
  const same = await sandbox.run(['import']);
  expect([same.exit, same.err]).toEqual([1, expect.stringContaining('The stack shop owns 1 peering already')]);
  const other: Outcome = await sandbox.run(['import', '--stack', 'found']);
  expect(other.out).toContain('Left out: 1 object of the stack shop.');
  expect(read('imported.yaml')).toMatch(/^# - peering pcc-\w+ .*: it belongs to the stack shop$/m);
});

it('writes no secret, whatever a cloud calls its networks, and nothing that is not a comment', async () => {
  const { a } = DEFAULT_WORLD.alibaba.accounts;
  sandbox.emulator.world.network({
    cloud: 'alibaba',
    account: a.id,
    region: 'cn-hangzhou',
    cidrs: ['172.16.0.0/16'],
    name: `x ${DEFAULT_WORLD.alibaba.accounts.b.accessKeySecret}\nstack: theirs`,
  });
  await sandbox.run(['import', '--stack', 'found']);
  expect(read('imported.yaml')).not.toContain(DEFAULT_WORLD.alibaba.accounts.b.accessKeySecret);
  expect(read('imported.yaml')).toContain('"${PARTNER_SECRET}"');
  expect(await sandbox.run(['validate', ...IMPORTED])).toMatchObject({
    exit: 0,
    out: expect.stringContaining('stack found'),
  });
});

it.each(['null', '~', 'true', '123', '1e3', '0x1f', '0017', 'no'])(
  'writes a network that a cloud calls %s so that it is read again',
  async (name) => {
    const { id: account } = DEFAULT_WORLD.alibaba.accounts.a;
    const place = { account, region: 'cn-hangzhou', cidrs: ['172.16.0.0/16'] };
    sandbox.emulator.world.network({ cloud: 'alibaba', ...place, name });
    await sandbox.run(['import', '--stack', 'found']);
    expect(await sandbox.run(['validate', ...IMPORTED])).toMatchObject({ exit: 0, err: '' });
  },
);

it('stops at Ctrl-C and writes nothing', async () => {
  const stopped = await sandbox.run(['import', '--stack', 'found'], { signal: AbortSignal.abort() });
  expect(stopped.exit).toBe(130);
  expect(existsSync(join(sandbox.folder, 'imported.yaml'))).toBe(false);
});

it.each(['', 'networks: {}\n'])('needs no more of a file than its entries: %j', async (networks) => {
  const whole = read('peerway.yaml');
  const entries = whole.slice(0, whole.indexOf('\nnetworks:') + 1);
  expect(entries).toContain('providers:');
  sandbox.write('peerway.yaml', `${entries}${networks}`);
  const made = await sandbox.run(['import', '--stack', 'found']);
  expect([made.exit, made.err]).toEqual([0, '']);
  expect(made.out).toContain('stack found, 6 networks, 2 connections, 0 links');
  // to plan, a file has to say of what
  expect((await sandbox.run(['plan'])).err).toContain('networks');
});

it('takes - for standard output by mistake, and makes no file of that name', async () => {
  const made = await sandbox.run(['import', '--stack', 'found', '--out', '-']);
  expect([made.exit, made.err]).toEqual([1, expect.stringContaining('not to standard output')]);
  expect(existsSync(join(sandbox.folder, '-'))).toBe(false);
});
