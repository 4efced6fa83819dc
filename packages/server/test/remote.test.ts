/** The command against a server: apply with and without asking, runs, stacks, schedules; what it says when it cannot. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { LocalRuns, VERBS } from '@peerway/server';
import { PeerwayError, run, VirtualClock, type Io } from 'peerway';
import { EmulatedStacks } from './emulatedStacks.js';
import { madeUpStacks, PLAN, REASON, run as madeUpRun, step } from './madeUpStacks.js';
import { Served } from './served.js';

interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let stacks: EmulatedStacks;
let served: Served;
let service: LocalRuns;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peerway-remote-'));
  stacks = await EmulatedStacks.start();
  writeFileSync(join(folder, 'peerway.yaml'), stacks.declare('shop').text);
  service = new LocalRuns({ stacks, open: stacks.open, clock: stacks.clock });
  served = await Served.start(service, {
    admin: { stacks: ['*'], verbs: VERBS },
    reader: { stacks: ['*'], verbs: ['read'] },
  });
});
afterEach(async () => {
  await service.close();
  await served.close();
  await stacks.close();
  rmSync(folder, { recursive: true });
});

async function peerway(argv: readonly string[], io: Partial<Io> = {}, token = 'admin'): Promise<Said> {
  let out = '';
  let err = '';
  const exit = await run(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: { PEERWAY_TOKEN: served.tokens[token] ?? token, PEERWAY_REMOTE: served.url },
    cwd: folder,
    ...io,
  });
  const { accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
  for (const secret of [accessKeySecret, ...Object.values(served.tokens)]) expect(out + err).not.toContain(secret);
  return { exit, out, err };
}

const remote = (): string[] => ['--remote', served.url];

describe('apply --remote', () => {
  it('shows the plan of the server, carries it out there, and ends as an apply here does', async () => {
    const first = await peerway(['apply', '--yes', ...remote()]);
    expect(first).toMatchObject({ exit: 0 });
    expect(first.out).toContain('+ peering c01');
    expect(first.out).toMatch(/✓ create peering c01/);
    expect(first.out).toMatch(/Done: 3 steps in/);
    const again = await peerway(['apply', '--yes', ...remote()]);
    expect(again).toMatchObject({ exit: 0 });
    expect(again.out).toContain('Done: 0 steps');
    const gone = await peerway(['destroy', '--yes', '--json', ...remote()]);
    expect(gone.exit).toBe(0);
    const lines = gone.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; outcome?: string });
    expect(lines.at(-1)).toMatchObject({ type: 'report', outcome: 'done', mode: 'destroy' });
    expect(lines.map(({ type }) => type)).toContain('step.done');
  });

  it('asks, and lets the very plan that was shown go on; a no ends the run', async () => {
    const questions: string[] = [];
    const ask = (answer: string) => async (question: string) => {
      questions.push(question);
      return answer;
    };
    const no = await peerway(['apply', ...remote()], { ask: ask('n') });
    expect(no).toMatchObject({ exit: 1, err: expect.stringContaining('Nothing was changed.') });
    const [declined] = await service.runs();
    for await (const _ of service.events(declined!.id, 0, new AbortController().signal));
    expect(await service.run(declined!.id)).toMatchObject({ outcome: 'canceled' });
    const yes = await peerway(['apply', ...remote()], { ask: ask('yes') });
    expect(yes.exit).toBe(0);
    expect(yes.out.match(/\+ peering c01/g)).toHaveLength(1); // the plan, shown once
    expect(questions).toEqual(['Carry this out? [y/N] ', 'Carry this out? [y/N] ']);
    expect((await peerway(['apply', ...remote()])).err).toContain('--yes');
  });

  it('goes on without whoever presses Ctrl-C, and says how to watch and stop it', async () => {
    const interruption = new AbortController();
    const runs = madeUpStacks();
    const { outcome: _outcome, endedAt: _endedAt, ...under } = madeUpRun('shop.9');
    runs.details = new Map([['shop.9', { ...under, state: 'running' }]]);
    const other = await Served.start(runs, { admin: { stacks: ['*'], verbs: VERBS } });
    const env = { PEERWAY_TOKEN: other.tokens['admin'] };
    const argv = ['--stack', 'shop', 'apply', '--yes', '--remote', other.url];
    const going = peerway(argv, { env, signal: interruption.signal });
    while (!other.log.some((line) => line.includes('"POST"'))) await new Promise((resolve) => setImmediate(resolve));
    interruption.abort();
    const { exit, err } = await going;
    expect(exit).toBe(130);
    expect(err).toContain(`The run shop.9 goes on at ${other.url}`);
    expect(err).toContain('peerway runs shop.9 --cancel');
    expect(runs.calls.some((call) => call.startsWith('cancel'))).toBe(false);
    await runs.close();
    await other.close();
  });

  it('is refused where the file here is another than the server’s, a run is under way, or the plan has errors', async () => {
    const text = stacks.declare('shop').text;
    writeFileSync(join(folder, 'peerway.yaml'), `${text}# changed\n`);
    const other = await peerway(['apply', '--yes', ...remote()]);
    expect(other).toMatchObject({ exit: 1, err: expect.stringContaining('another one than is meant') });
    writeFileSync(join(folder, 'peerway.yaml'), text);
    const waiting = await service.submit({ stack: 'shop', askFirst: true }, 'x');
    const busy = await peerway(['apply', '--yes', ...remote()]);
    expect(busy).toMatchObject({ exit: 1, err: expect.stringContaining(waiting.run) });
    await service.cancel(waiting.run, 'x');
    for await (const _ of service.events(waiting.run, 0, new AbortController().signal));
    const narrow = await peerway(['apply', '--yes', '--target', 'nothing', ...remote()]);
    expect(narrow.exit).toBe(1);
    expect(narrow.err).toMatch(/error: .*nothing[\s\S]*fix:/);
    expect((await peerway(['apply', '--yes', ...remote()], {}, 'reader')).err).toContain('verb "apply"');
    expect((await peerway(['apply', 'plan.json', ...remote()])).err).toContain('makes its own plan');
  });
});

describe('runs, stacks and schedule', () => {
  it('list and show what the server knows', async () => {
    await peerway(['apply', '--yes', ...remote()]);
    const { id } = (await service.runs())[0]!;
    expect((await peerway(['runs'])).out).toMatch(new RegExp(`${id} +apply +done +3/3 +admin`));
    expect((await peerway(['runs', id])).out).toContain('done, 3/3 steps');
    expect(await peerway(['runs', id, '--follow'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('Done: 3 steps'),
    });
    expect((await peerway(['stacks'])).out).toMatch(/shop +not known/);
    await service.look('shop', new AbortController().signal);
    expect((await peerway(['stacks'])).out).toMatch(/shop +1 connected +0 /);
    expect((await peerway(['stacks', 'shop'])).out).toMatch(/c01 +n0 — n1 +connected/);
    expect(JSON.parse((await peerway(['--json', 'stacks'])).out)).toMatchObject({ stacks: [{ name: 'shop' }] });
  });

  it('count what was done of a run that was stopped, and name the files that are left out', async () => {
    const runs = madeUpStacks();
    const steps = [step('a', 'done'), step('b', 'left'), step('c', 'skipped'), step('d', 'skipped')];
    runs.details.set('shop.5', madeUpRun('shop.5', { outcome: 'canceled', steps }));
    runs.leftOut = [{ file: 'stacks/b.yaml', stack: 'b', message: 'cannot be read', remedy: 'Check it.' }];
    const other = await Served.start(runs, { admin: { stacks: ['*'], verbs: VERBS } });
    const env = { PEERWAY_TOKEN: other.tokens['admin'], PEERWAY_REMOTE: other.url };
    expect((await peerway(['runs', 'shop.5'], { env })).out).toContain('canceled, 1/4, 3 not done steps');
    const { out } = await peerway(['stacks'], { env });
    expect(out).toMatch(/A file of stacks is left out: it cannot be read[\s\S]*stacks\/b\.yaml[\s\S]*Check it\./);
    await runs.close();
    await other.close();
  });

  it('say why a connection is broken and a step failed, whatever the clouds wrote', async () => {
    const runs = madeUpStacks();
    const other = await Served.start(runs, { admin: { stacks: ['*'], verbs: VERBS } });
    const env = { PEERWAY_TOKEN: other.tokens['admin'], PEERWAY_REMOTE: other.url };
    const stack = await peerway(['stacks', 'shop'], { env });
    expect(stack.out).toContain('web-data: route 10.1.0.0/16 in vtb-1 (web): not there');
    expect(stack.out).not.toContain('\u202e');
    const failed = await peerway(['runs', 'shop.2'], { env });
    expect(failed.out).toContain(REASON);
    expect(failed.out).toContain('4EC47282-1B74-4534-BD0E-403F3EE64CAF');
    expect((await peerway(['runs', 'shop.2', '--cancel'], { env })).exit).toBe(0);
    expect(runs.calls).toEqual(['cancel shop.2 by admin']);
    await runs.close();
    await other.close();
  });

  it('approve a run that somebody else ordered', async () => {
    const { run: id } = await service.submit({ stack: 'shop', askFirst: true }, 'x');
    const said = await peerway(['runs', id, '--approve', '--yes']);
    expect(said).toMatchObject({ exit: 0, out: expect.stringContaining('Done: 3 steps') });
    expect((await service.run(id)).plan?.fingerprint).not.toBe(PLAN.fingerprint);
  });

  it('make, change, pause and remove a schedule', async () => {
    expect((await peerway(['schedule'])).out).toContain('There are no schedules');
    expect((await peerway(['schedule', 'shop', '--every', '6h'])).out).toMatch(/shop +look +6h/);
    expect((await peerway(['schedule', 'shop', '--action', 'apply'])).out).toMatch(/shop +apply +6h/);
    expect((await peerway(['schedule', 'shop', '--pause'])).out).toMatch(/shop +apply +6h +paused/);
    expect((await peerway(['schedule', 'shop', '--every', '3 days'])).err).toContain('--every 90s');
    expect((await peerway(['schedule', '--every', '1h'])).err).toContain('No stack is named');
    expect((await peerway(['schedule', 'shop', '--remove'])).exit).toBe(0);
    expect(await service.schedules()).toEqual([]);
  });
});

describe('a server', () => {
  it('is named by an address that a token may travel to, and the token by its variable', async () => {
    const { url } = served;
    const clock = new VirtualClock({ start: 0 });
    const said = async (env: Record<string, string>, ...argv: string[]): Promise<string> =>
      (await peerway(['stacks', ...argv], { env, clock })).err;
    expect(await said({ PEERWAY_TOKEN: 'x' })).toContain('PEERWAY_REMOTE');
    expect(await said({ PEERWAY_TOKEN: 'x' }, '--remote', 'http://10.0.0.1')).toContain('unprotected');
    expect(await said({}, '--remote', url)).toContain('PEERWAY_TOKEN');
    expect(await said({ PEERWAY_TOKEN: 'wrong' }, '--remote', url)).toContain('not known, or has expired');
    expect(await said({ PEERWAY_TOKEN: 'x' }, '--remote', 'http://127.0.0.1:1')).toContain('does not answer');
  });

  it('whose host is away says so at once, with what to do; one that says nothing is asked again', async () => {
    const runs = madeUpStacks();
    let asked = 0;
    runs.stacks = async () => {
      asked++;
      throw new PeerwayError('Unavailable', 'Temporal cannot be asked', { remedy: 'Check that it runs.' });
    };
    const other = await Served.start(runs, { admin: { stacks: ['*'], verbs: VERBS } });
    const env = { PEERWAY_TOKEN: other.tokens['admin'], PEERWAY_REMOTE: other.url };
    const clock = new VirtualClock({ start: 0 });
    const { exit, err } = await peerway(['stacks'], { env, clock });
    expect({ exit, asked }).toEqual({ exit: 1, asked: 1 });
    expect(err).toMatch(/Temporal cannot be asked[\s\S]*Check that it runs/);
    expect(clock.now()).toBe(0);
    await runs.close();
    await other.close();
    await peerway(['stacks'], { env, clock });
    expect(clock.now()).toBe(7_500);
  });

  it('that is none, or sends elsewhere, gets no token twice and is named', async () => {
    const asked: string[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.includes('runs') === true) response.writeHead(302, { location: served.url }).end();
      else response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>no</h1>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    expect((await peerway(['stacks', '--remote', url])).err).toContain('is no server of peerway');
    const before = served.log.length;
    expect((await peerway(['apply', '--yes', '--remote', url], { clock: new VirtualClock({ start: 0 }) })).exit).toBe(
      1,
    );
    expect(served.log.length).toBe(before); // not followed
    expect(asked.length).toBeGreaterThan(1);
    stranger.close();
  });
});
