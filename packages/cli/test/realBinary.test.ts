/**
 * The built program as a process, as users run it: every command with success, bad input and Ctrl-C, against the emulator in a
 * process of its own. Builds first, so that it is never skipped; processes run side by side and each case awaits its own.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { COMMANDS } from '../src/commandTable.js';
import { demoConfig, DEMO_CLOUDS } from '../src/commands/demo/demoWorld.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = join(ROOT, 'packages/cli/bundle/main.js');
const folder = mkdtempSync(join(tmpdir(), 'peerway-binary-'));
const children = new Set<ChildProcessWithoutNullStreams>();
const sockets = new Set<Socket>();

interface Outcome {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}
type Env = Readonly<Record<string, string>>;

interface Run {
  readonly argv: readonly string[];
  readonly exit: number;
  /** In what was printed, both streams. */
  readonly says: string;
}

interface Case {
  readonly success: Run;
  readonly bad: Run;
  /** How Ctrl-C comes: while the cloud does not answer, after the first output, or before the command has begun. */
  readonly stop: Run & { readonly when: 'waiting' | 'printing' | 'starting' };
}

const AGAIN = 'run the same command again to go on';
const waiting = (...argv: readonly string[]): Case['stop'] => ({ argv, exit: 130, says: AGAIN, when: 'waiting' });
const starting = (...argv: readonly string[]): Case['stop'] => ({ argv, exit: 130, says: AGAIN, when: 'starting' });
const good = (exit: number, says: string, ...argv: readonly string[]): Run => ({ argv, exit, says });
const bad = (says: string, ...argv: readonly string[]): Run => ({ argv, exit: 1, says });
const INIT = ['init', '--yes', '--provider', 'alibaba', '--region', 'cn-hangzhou', '--config', 'new.yaml'] as const;

const IMPORT = [
  'import',
  '--provider',
  'alibaba',
  '--region',
  'cn-hangzhou',
  '--endpoint',
  '$ENDPOINT',
  '--out',
] as const;

/** By command. What changes the clouds runs in the order of LIFE. */
const CASES: Readonly<Record<string, Case>> = {
  demo: {
    success: good(0, 'The clouds took', 'demo'),
    bad: bad("error: unknown option '--fast'", 'demo', '--fast'),
    stop: { argv: ['demo'], exit: 130, says: AGAIN, when: 'printing' },
  },
  init: {
    success: good(0, '3 networks found in cn-hangzhou.', ...INIT, '--endpoint', '$ENDPOINT'),
    bad: bad('there is no provider "alibabba"', 'init', '--yes', '--provider', 'alibabba', '--region', 'x'),
    stop: waiting(...INIT.slice(0, -1), 'stopped.yaml', '--endpoint', '$ENDPOINT'),
  },
  import: {
    success: good(
      0,
      'found.yaml written: stack imported, 3 networks, 0 connections, 0 links.',
      ...IMPORT,
      'found.yaml',
    ),
    bad: bad('--region is missing', 'import', '--provider', 'alibaba'),
    stop: waiting(...IMPORT, 'stopped.yaml'),
  },
  validate: {
    success: good(0, 'peerway.yaml is valid: stack demo', 'validate'),
    bad: bad('   at: bad.yaml:2:8 (stack)', 'validate', '--config', 'bad.yaml'),
    stop: starting('validate'),
  },
  plan: {
    success: good(2, 'plan of stack demo: 3 to create', 'plan', '--out', 'plan.json'),
    bad: bad('No connection or link is called nobody', 'plan', '--target', 'nobody'),
    stop: waiting('plan'),
  },
  apply: {
    success: good(0, 'Done: 3 steps in', 'apply', 'plan.json', '--yes'),
    bad: bad('error: The plan does not exist', 'apply', 'none.json', '--yes'),
    stop: waiting('apply', '--yes'),
  },
  status: {
    success: good(0, 'connected  active', 'status'),
    bad: bad('--interval "often" is not a pause', 'status', '--interval', 'often'),
    stop: waiting('status'),
  },
  verify: {
    success: good(0, 'web', 'verify', 'web', 'data'),
    bad: bad('No network or link is called nobody', 'verify', 'web', 'nobody'),
    stop: waiting('verify', 'web', 'data'),
  },
  graph: {
    success: good(0, '3 networks, 1 connection, 0 broken', 'graph', '--out', 'demo.html'),
    bad: bad("argument 'png' is invalid", 'graph', '--format', 'png'),
    stop: waiting('graph'),
  },
  drift: {
    success: good(0, 'the clouds are as declared', 'drift'),
    bad: bad('error: The config file does not exist', 'drift', '--config', 'none.yaml'),
    stop: waiting('drift'),
  },
  events: {
    success: good(0, 'web-data health: connected', 'events'),
    bad: bad('--interval "0" is not a pause', 'events', '--interval', '0'),
    // to end a watch is what Ctrl-C is for
    stop: { ...waiting('events'), exit: 0, says: 'Ctrl-C ends it' },
  },
  adopt: {
    success: good(0, 'now in the care of the stack demo', 'adopt', 'web-data'),
    bad: bad('No connection or link is called nobody', 'adopt', 'nobody'),
    stop: waiting('adopt', 'web-data'),
  },
  release: {
    success: good(0, 'no longer belongs to the stack demo', 'release', 'web-data'),
    bad: bad('owns nothing called nobody', 'release', 'nobody'),
    stop: waiting('release', 'web-data'),
  },
  destroy: {
    success: good(0, 'Done: 3 steps in', 'destroy', '--yes', '--force'),
    bad: bad('No connection or link is called nobody', 'destroy', '--target', 'nobody', '--yes'),
    stop: waiting('destroy', '--yes'),
  },
  doctor: {
    success: good(0, 'No problems found.', 'doctor'),
    bad: bad('✗ config', 'doctor', '--config', 'bad.yaml'),
    stop: waiting('doctor'),
  },
  policy: {
    success: good(0, 'vpc:CreateVpcPeerConnection', 'policy'),
    bad: bad('   at: bad.yaml:2:8 (stack)', 'policy', '--config', 'bad.yaml'),
    stop: starting('policy'),
  },
  providers: {
    success: good(0, 'alibaba vpc-peer', 'providers'),
    bad: bad('there is no provider "alibabba"', 'providers', 'alibabba'),
    stop: starting('providers'),
  },
  schema: {
    success: good(0, '"title": "peerway.yaml"', 'schema'),
    bad: bad('The file cannot be written (ENOENT)', 'schema', '--out', 'no/folder/x.json'),
    stop: starting('schema'),
  },
  completion: {
    success: good(0, 'complete -F _peerway peerway', 'completion', 'bash'),
    bad: bad('Choose one of bash, zsh, fish.', 'completion', 'powershell'),
    stop: starting('completion', 'bash'),
  },
  emulator: {
    success: good(0, 'alibaba.vpcPeer', 'emulator', '--rules'),
    bad: bad('--port does not understand', 'emulator', '--port', 'alibaba/mian=1'),
    stop: { argv: ['emulator'], exit: 0, says: 'Stopped.', when: 'printing' },
  },
};
/** Steps that follow each other; those of one step run side by side. */
const LIFE = [
  ['plan'],
  ['apply'],
  ['status', 'verify', 'graph', 'drift', 'events'],
  ['release'],
  ['adopt'],
  ['destroy'],
];

/** At most as many processes at once as keep the machine busy. */
const limit = availableParallelism() + 1;
let busy = 0;
const queue: (() => void)[] = [];
async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= limit) await new Promise<void>((resolve) => queue.push(resolve));
  busy++;
  try {
    return await work();
  } finally {
    busy--;
    queue.shift()?.();
  }
}

function start(argv: readonly string[], env: Env, nodeArgs: readonly string[] = []): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [...nodeArgs, MAIN, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  });
  children.add(child);
  child.stdin.end();
  return child;
}

/** `onOut` is called once, at the first output. */
const ended = (child: ChildProcessWithoutNullStreams, onOut?: () => void): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (out === '') onOut?.();
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject);
    child.on('close', (exit) => {
      children.delete(child);
      resolve({ exit, out, err });
    });
  });

/** One connection within an account: a real clock waits for every side. */
const config = demoConfig(DEMO_CLOUDS.alibaba).replace(/\n.*web-lab.*/, '');

const filled = (argv: readonly string[], endpoint: string): string[] =>
  argv.map((arg) => (arg === '$ENDPOINT' ? endpoint : arg));

/** Keys of both accounts, both entries at one address of this machine. */
function envAt(endpoint: string): Env {
  const { a, b } = DEFAULT_WORLD.alibaba.accounts;
  return {
    HOME_KEY: a.accessKeyId,
    HOME_SECRET: a.accessKeySecret,
    PARTNER_KEY: b.accessKeyId,
    PARTNER_SECRET: b.accessKeySecret,
    ALIBABA_CLOUD_ACCESS_KEY_ID: a.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: a.accessKeySecret,
    PEERWAY_ENDPOINT_HOME: endpoint,
    PEERWAY_ENDPOINT_PARTNER: endpoint,
  };
}

/** Runs it and sends Ctrl-C at the moment that the case names. */
async function stopped({ argv, when }: Case['stop']): Promise<Outcome> {
  if (when === 'starting') {
    const preload = `process.on('newListener', (name) => name === 'SIGINT' && setImmediate(() => process.kill(process.pid, 'SIGINT')))`;
    return ended(
      start(argv, envAt('http://127.0.0.1:9'), ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]),
    );
  }
  if (when === 'printing') {
    const child = start(argv, {});
    return ended(child, () => child.kill('SIGINT'));
  }
  // once, whatever the number of connections: a second Ctrl-C means "at once", and another exit status
  let pressed = false;
  const silent = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (!pressed) child.kill('SIGINT');
    pressed = true;
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const child = start(filled(argv, endpoint), envAt(endpoint));
  const outcome = await ended(child);
  silent.close();
  return outcome;
}

const outcomes = new Map<string, Promise<Outcome>>();
let emulator: ChildProcessWithoutNullStreams;
let endpoint = '';

beforeAll(async () => {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const build = spawnSync(process.execPath, [tsc, '-b', 'packages/cli', 'packages/aws'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  // the compiler writes its output in spite of wrong types, and `npm run typecheck` is what fails for those
  if (build.status !== 0) console.log(`the build says:\n${build.stdout}${build.stderr}`);
  const bundle = spawnSync(process.execPath, ['scripts/bundle.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (bundle.status !== 0 || !existsSync(MAIN)) throw new Error(`the build made no program: ${bundle.stderr}`);
  writeFileSync(join(folder, 'peerway.yaml'), config);
  writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nstack: Shop\nproviders: {}\nnetworks: {}\n');
  emulator = start(['emulator', '--json', '--profile', 'instant', '--log-level', 'error'], {});
  const up = await new Promise<string>((resolve, reject) => {
    let out = '';
    emulator.on('exit', () => reject(new Error('the emulator does not start')));
    emulator.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.endsWith('\n')) resolve(out);
    });
  });
  const { endpoints } = JSON.parse(up) as { endpoints: Record<string, string> };
  endpoint = endpoints['alibaba/main'] ?? '';
  const succeed = (name: string): Promise<Outcome> => {
    const child = start(filled(CASES[name]!.success.argv, endpoint), envAt(endpoint));
    return ended(child, name === 'events' ? () => child.kill('SIGINT') : undefined);
  };
  const begin = (key: string, work: () => Promise<Outcome>): void => void outcomes.set(key, work());
  let before: Promise<unknown> = Promise.resolve();
  for (const step of LIFE) {
    const previous = before;
    for (const name of step) begin(`${name} success`, () => previous.then(() => succeed(name)));
    before = Promise.all(step.flatMap((name) => outcomes.get(`${name} success`) ?? []));
  }
  for (const [name, { bad: wrong, stop }] of Object.entries(CASES)) {
    if (!LIFE.flat().includes(name)) begin(`${name} success`, () => turn(() => succeed(name)));
    begin(`${name} bad`, () => turn(() => ended(start(wrong.argv, envAt(endpoint)))));
    begin(`${name} stop`, () => turn(() => stopped(stop)));
  }
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const socket of sockets) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});

/** A stack trace, which nobody has asked for. */
const TRACE = /^\s+at .*:\d+:\d+\)?$/m;

describe('every command as a process', () => {
  it('is in the table', () => expect(Object.keys(CASES).sort()).toEqual(COMMANDS.map(({ name }) => name).sort()));

  describe.each(Object.entries(CASES))('%s', (name, { success, bad: wrong, stop }) => {
    const check = async (key: string, { exit, says }: Run): Promise<Outcome> => {
      const outcome = await outcomes.get(`${name} ${key}`)!;
      const printed = outcome.out + outcome.err;
      expect({ exit: outcome.exit, printed }).toEqual({ exit, printed: expect.stringContaining(says) });
      expect(printed).not.toMatch(TRACE);
      for (const { accessKeySecret } of Object.values(DEFAULT_WORLD.alibaba.accounts))
        if (name !== 'emulator') expect(printed).not.toContain(accessKeySecret);
      return outcome;
    };

    it('succeeds', async () => {
      expect((await check('success', success)).err).not.toMatch(/error:/);
    });

    it('says what is wrong with bad input', async () => {
      await check('bad', wrong);
    });

    it('ends at Ctrl-C', async () => {
      const { out } = await check('stop', stop);
      if (stop.exit === 130 && stop.when !== 'printing' && name !== 'doctor') expect(out).toBe('');
    });
  });
});

it('what others made is written as a file, taken over, and has nothing left to do', async () => {
  await outcomes.get('destroy success');
  const FILE = ['-c', 'taken.yaml'];
  for (const [exit, says, ...argv] of [
    [0, 'Done: 3 steps in', 'apply', '--yes'],
    [0, 'no longer belongs', 'release', 'web-data'],
    [0, 'stack taken, 6 networks, 1 connection, 0 links.', 'import', '--stack', 'taken', '--out', 'taken.yaml'],
    [0, '1 object in the care of the stack taken', 'adopt', '--all', '--yes', ...FILE],
    [0, 'plan of stack taken: nothing to do', 'plan', ...FILE],
    [0, 'Done: 3 steps in', 'destroy', '--yes', ...FILE],
  ] as const)
    expect(await ended(start(argv, envAt(endpoint)))).toMatchObject({ exit, out: expect.stringContaining(says) });
});

describe('an output that fails', () => {
  /** With standard output to a file or device. */
  function into(file: string, ...argv: readonly string[]): Promise<Outcome> {
    const script = `exec '${process.execPath}' '${MAIN}' ${argv.join(' ')} > ${file}`;
    const child = spawn('bash', ['--norc', '-c', script], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...envAt(endpoint) },
    });
    children.add(child);
    return ended(child);
  }

  it.each([['plan', '--json'], ['status', '--json', '--watch'], ['schema']])(
    '%j to a full disk says so once and exits 1',
    async (...argv) => {
      const { exit, err } = await into('/dev/full', ...argv);
      expect([exit, err]).toEqual([1, 'error: The output cannot be written (ENOSPC)\n']);
    },
  );

  it('a reader that hangs up is told nothing, and the status is not 0', async () => {
    const outcomes = await Promise.all(
      [['providers'], ['plan', '--json'], ['events']].map((argv) => {
        const child = start(argv, envAt(endpoint));
        child.stdout.destroy();
        return ended(child);
      }),
    );
    expect(outcomes.map(({ exit }) => exit)).toEqual([1, 1, 1]);
    expect(outcomes.map(({ err }) => err.replace(/^Watching .*\n/, ''))).toEqual(['', '', '']);
  });

  it('what changes a cloud goes on to its end', async () => {
    await outcomes.get('destroy success');
    const apply = await into('/dev/full', 'apply', '--yes');
    expect([apply.exit, apply.err]).toEqual([1, 'error: The output cannot be written (ENOSPC)\n']);
    const destroy = await ended(start(['destroy', '--yes', '--force'], envAt(endpoint)));
    expect([destroy.exit, destroy.out]).toEqual([0, expect.stringContaining('Done: 3 steps in')]);
  });

  it.each(['SIGINT', 'SIGTERM'])('%s ends the wait for a config file that nobody writes', async (signal) => {
    const pipe = `${signal}.yaml`;
    spawnSync('mkfifo', [join(folder, pipe)]);
    const preload = `process.on('newListener', (name) => name === '${signal}' && setTimeout(() => process.kill(process.pid, '${signal}'), 500))`;
    const node = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
    const { exit, out, err } = await ended(start(['plan', '--config', pipe], {}, node));
    expect([exit, out, err]).toEqual([130, '', expect.stringContaining(AGAIN)]);
  });
});

describe('the program itself', () => {
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, [...args], { cwd: folder, env: { PATH: process.env['PATH'] }, encoding: 'utf8' });

  it('helps at once: nothing but commander is imported for it', () => {
    const hooks = `export async function load(url, context, next) { process._rawDebug('LOADED ' + url); return next(url, context); }`;
    const register = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));`;
    const preload = `data:text/javascript,${encodeURIComponent(register)}`;
    const { status, stdout, stderr } = run(process.execPath, ['--import', preload, MAIN, '--help']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: peerway')]);
    const loaded = [...stderr.matchAll(/^LOADED file:\/\/(.*)$/gm)].map((match) => match[1]!);
    expect(loaded).toContain(MAIN);
    const named = loaded.map((file) => file.replace(/.*\/cli\/bundle\//, '').replace(/-\w+\.js$/, ''));
    expect(named.filter((name) => name !== 'chunk').sort()).toEqual(['main.js', 'processIo']);
    // commander is nearly all of it
    expect(loaded.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(160_000);
  });

  it('is shown in the README as it is: `node scripts/docs.mjs --check` plays the recorded run again', () => {
    const { status, stdout, stderr } = run(process.execPath, [
      join(ROOT, 'scripts/docs.mjs'),
      '--check',
      '--without-moto', // CI checks that one as well
    ]);
    expect([status, stdout, stderr]).toEqual([0, 'docs: 0 stale\n', '']);
  });

  it('leaves the files that it was asked for', async () => {
    await Promise.all([...outcomes.values()]);
    expect(readFileSync(join(folder, 'new.yaml'), 'utf8')).toContain('stack: main');
    expect(readFileSync(join(folder, 'demo.html'), 'utf8')).toContain('<svg');
  });
});
