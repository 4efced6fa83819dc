/**
 * The built program as a process, as users run it: every command with success, bad input and Ctrl-C, against the emulator in a
 * process of its own. Builds first, so that it is never skipped; processes run side by side and each case awaits its own.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { COMMANDS } from '../src/commandTable.js';
import { demoConfig, DEMO_CLOUDS } from '../src/commands/demo/demoWorld.js';
import { AGAIN, CASES, LIFE, type Case, type Run } from './binaryCases.js';

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

const filled = (argv: readonly string[], endpoint: string, remote = endpoint): string[] =>
  argv.map((arg) => (arg === '$ENDPOINT' ? endpoint : arg === '$REMOTE' ? remote : arg));

/** Stands for @peerway/server, whose own tests are beside it: what the command loads where it runs, and no more than it uses. */
const SERVER_PACKAGE = `
const busy = () => setInterval(() => undefined, 1_000);
export class StackFolder { async list() { return []; } }
export const newToken = () => 'not-a-secret';
export const hashOf = () => Buffer.from('hash');
export const openRuns = async () => ({ close: async () => undefined });
export async function serve() {
  const work = busy();
  return { url: 'http://127.0.0.1:1', close: async () => clearInterval(work) };
}
export async function runWorker({ engine, signal, onReady }) {
  onReady();
  if (engine === 'temporal://ends') return;
  const work = busy();
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  clearInterval(work);
}
`;

/** A server of \`peerway serve\` that holds nothing. */
const emptyServer = (): Server =>
  createHttpServer((request, response) => {
    const [, what = ''] = /^\/v1\/(\w+)$/.exec(request.url ?? '') ?? [];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ [what]: [], problems: [] }));
  });

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
    PEERWAY_TOKEN: 'not-a-secret',
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
    let interrupted = false;
    const interrupt = (): void => {
      if (!interrupted) child.kill('SIGINT');
      interrupted = true;
    };
    child.stderr.once('data', interrupt);
    return ended(child, interrupt);
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
const empty = emptyServer();

beforeAll(async () => {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  // the documents show what every provider can do
  const providers = readdirSync(join(ROOT, 'packages')).filter((name) =>
    existsSync(join(ROOT, 'packages', name, 'src/plugin.ts')),
  );
  const built = ['cli', ...providers].map((name) => `packages/${name}`);
  const build = spawnSync(process.execPath, [tsc, '-b', ...built], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  // the compiler writes its output in spite of wrong types, and `npm run typecheck` is what fails for those
  if (build.status !== 0) console.log(`the build says:\n${build.stdout}${build.stderr}`);
  const bundle = spawnSync(process.execPath, ['scripts/bundle.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (bundle.status !== 0 || !existsSync(MAIN)) throw new Error(`the build made no program: ${bundle.stderr}`);
  writeFileSync(join(folder, 'peerway.yaml'), config);
  writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nstack: Shop\nproviders: {}\nnetworks: {}\n');
  mkdirSync(join(folder, 'node_modules/@peerway/server'), { recursive: true });
  const installed = (name: string): string => join(folder, 'node_modules/@peerway/server', name);
  writeFileSync(installed('package.json'), '{ "name": "@peerway/server", "type": "module", "exports": "./index.js" }');
  writeFileSync(installed('index.js'), SERVER_PACKAGE);
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const remote = `http://127.0.0.1:${(empty.address() as AddressInfo).port}`;
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
    const child = start(filled(CASES[name]!.success.argv, endpoint, remote), envAt(endpoint));
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
  empty.close();
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
    [0, 'Done: 3 steps in', 'destroy', '--yes', '--force', ...FILE],
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
      '--as-recorded', // CI checks that one as well
    ]);
    expect([status, stdout, stderr]).toEqual([0, 'docs: 0 stale\n', '']);
  });

  it('leaves the files that it was asked for', async () => {
    await Promise.all([...outcomes.values()]);
    expect(readFileSync(join(folder, 'new.yaml'), 'utf8')).toContain('stack: main');
    expect(readFileSync(join(folder, 'demo.html'), 'utf8')).toContain('<svg');
  });
});
