/** Plan files that somebody edited, clouds that write to the terminal, odd answers to a question, files for the owner alone. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import {
  PeerwayError,
  printable,
  printableLine,
  type ConnectionStatus,
  type EngineEvent,
  type Plan,
} from '@peerway/runtime';
import { reportText } from '../src/output/applyReport.js';
import { planText } from '../src/output/plan.js';
import { lineOf, startProgress } from '../src/output/progress.js';
import { statusText } from '../src/output/status.js';
import { reachabilityText } from '../src/output/verify.js';
import { Flags } from '../src/flags.js';
import { Session } from '../src/session.js';
import { renderError } from '../src/terminal/errorText.js';
import { newPaint } from '../src/terminal/paint.js';
import { answering, Sandbox } from './harness.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.open();
  sandbox.config();
});
afterAll(() => sandbox.close());

const writes = (): number => sandbox.emulator.requests.filter(({ mutating }) => mutating).length;

describe('a plan file', () => {
  let good: { steps: Record<string, unknown>[] } & Record<string, unknown>;
  beforeAll(async () => {
    expect((await sandbox.run(['plan', '--out', 'plan.json'])).exit).toBe(2);
    good = JSON.parse(readFileSync(join(sandbox.folder, 'plan.json'), 'utf8')) as typeof good;
    expect(good.steps.length).toBeGreaterThan(3);
  });

  const [first = 0, last = -1] = [0, -1];
  const work = (step: Record<string, unknown>): Record<string, unknown> => step['work'] as Record<string, unknown>;
  const edits: Record<string, [edit: (plan: typeof good) => unknown, says: string]> = {
    'no JSON': [() => 'plan of stack shop', 'The file holds no plan'],
    'another JSON': [() => [1], 'The file holds no plan'],
    nothing: [() => null, 'The file holds no plan'],
    'another version': [(plan) => ({ ...plan, version: 2 }), 'The plan is of another version of Peerway'],
    'another stack': [
      (plan) => ({ ...plan, stack: 'shop2' }),
      'The plan is for the stack "shop2", the config file for "shop"',
    ],
    'an unknown mode': [(plan) => ({ ...plan, mode: 'constructor' }), 'The plan is not complete'],
    'targets of a wrong type': [(plan) => ({ ...plan, targets: [1] }), 'The plan is not complete'],
    'no steps': [(plan) => ({ ...plan, steps: {} }), 'The plan is not complete'],
    'needs in a circle': [
      (plan) => ({
        ...plan,
        steps: plan.steps.map((step) => ({ ...step, needs: plan.steps.map(({ id }) => id) })),
      }),
      'The plan is not as Peerway makes it: step 1 is not ',
    ],
    'an unknown verb': [
      (plan) => ({
        ...plan,
        steps: [{ ...plan.steps[first], work: { verb: 'network.delete' } }, ...plan.steps.slice(1)],
      }),
      'as it must be (work)',
    ],
    'a step of another object under our fingerprint': [
      (plan) => ({
        ...plan,
        steps: [
          ...plan.steps.slice(0, -1),
          { ...plan.steps.at(last), work: { ...work(plan.steps.at(last)!), provider: 'partner' } },
        ],
      }),
      'as it must be (work)',
    ],
    'words that lie about a step': [
      (plan) => ({ ...plan, steps: [{ ...plan.steps[first], reason: 'nothing to see here' }, ...plan.steps.slice(1)] }),
      'as it must be (reason)',
    ],
    'a step more': [(plan) => ({ ...plan, steps: [...plan.steps, plan.steps[first]] }), 'steps instead of'],
    'a step less': [(plan) => ({ ...plan, steps: plan.steps.slice(1) }), 'steps instead of'],
    'a step that is none': [(plan) => ({ ...plan, steps: plan.steps.map(() => null) }), 'as it must be'],
    'another fingerprint': [
      (plan) => ({ ...plan, fingerprint: 'x' }),
      'The clouds or the declaration have changed since this plan was made',
    ],
    'the fingerprint of the opposite': [
      (plan) => ({ ...plan, mode: 'destroy' }),
      'The clouds or the declaration have changed since this plan was made',
    ],
  };
  it.each(Object.entries(edits))('with %s is one clear error, and nothing is written', async (_name, [edit, says]) => {
    const edited = edit(structuredClone(good));
    sandbox.write('edited.json', typeof edited === 'string' ? edited : JSON.stringify(edited));
    const before = writes();
    const { exit, out, err } = await sandbox.run(['apply', 'edited.json', '--yes', '--force']);
    expect([exit, out]).toEqual([1, '']);
    expect(err).toMatch(/^error: .*\n {3}at: edited\.json\n {2}fix: .*\n$/);
    expect(err).toContain(says);
    expect(writes()).toBe(before);
  });

  it('problems that somebody took out of it, or put in, change nothing: those of the new plan count', async () => {
    const problem = { severity: 'error', kind: 'overlap', object: 'lie', message: 'a lie', remedy: '-' };
    sandbox.write('edited.json', JSON.stringify({ ...good, problems: [problem], drift: [], summary: {} }));
    const { ask } = answering('n');
    const { exit, out } = await sandbox.run(['apply', 'edited.json'], { ask });
    expect(exit).toBe(1);
    expect(out).not.toContain('a lie');
  });

  it('has its own targets and policy', async () => {
    const { exit, err } = await sandbox.run(['apply', 'plan.json', '--yes', '--target', 'web-data']);
    expect([exit, err]).toEqual([
      1,
      expect.stringContaining('A plan from a file has its targets and its policy in it'),
    ]);
  });

  it('is for its owner alone, also where a file was before, and is written whole or not at all', async () => {
    const mode = (file: string): number => statSync(join(sandbox.folder, file)).mode & 0o777;
    expect(mode('plan.json')).toBe(0o600);
    sandbox.write('open.json', 'before');
    chmodSync(join(sandbox.folder, 'open.json'), 0o644);
    symlinkSync('open.json', join(sandbox.folder, 'link.json'));
    expect((await sandbox.run(['plan', '--out', 'link.json'])).exit).toBe(2);
    expect([mode('open.json'), JSON.parse(readFileSync(join(sandbox.folder, 'open.json'), 'utf8'))]).toEqual([
      0o600,
      good,
    ]);
    expect((await sandbox.run(['graph', '--out', 'graph.svg'])).exit).toBe(0);
    expect(mode('graph.svg')).toBe(0o600);
    mkdirSync(join(sandbox.folder, 'taken.json'));
    const refused = await sandbox.run(['plan', '--out', 'taken.json']);
    expect([refused.exit, refused.err]).toEqual([
      1,
      expect.stringMatching(/^error: The file cannot be written \(E\w+\)\n/),
    ]);
    const full = await sandbox.run(['plan', '--out', '/dev/full']);
    expect([full.exit, full.err]).toEqual([
      1,
      expect.stringMatching(/^error: The file cannot be written \(ENOSPC\)\n/),
    ]);
    expect(readdirSync(sandbox.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the question', () => {
  it.each(['', ' ', 'n', 'no', 'yess', 'ye', 'y y', 'true', '1', 'ja', 'Ｙ', 'y\u200b', 'yes please', undefined])(
    'answered with %j changes nothing',
    async (answer) => {
      const before = writes();
      const { ask, asked } = answering(...(answer === undefined ? [] : [answer]));
      const { exit, err } = await sandbox.run(['apply'], { ask });
      expect([exit, err, asked]).toEqual([1, 'Nothing was changed.\n', ['Carry this out? [y/N] ']]);
      expect(writes()).toBe(before);
    },
  );
});

/** Clears the screen, sets the title, overwrites the line, C1, bidi, zero-width, a forged line, a tag character. */
const EVIL =
  'e\u001b[2J\u001b]0;pwned\u0007\rOK\u009b31m\u202egnp.exe\u200b\u2066x\u2069\n✓ all is well\u{e0041}\u001b[32mgreen\u0000';
// eslint-disable-next-line no-control-regex
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\u{e0041}/u;

describe('what a cloud writes', () => {
  beforeEach(() => sandbox.emulator.faults.clear());
  const evil = (operation: string, calls?: number) =>
    sandbox.emulator.faults.add({
      cloud: 'alibaba',
      operation,
      kind: 'error',
      status: 403,
      code: `Forbidden.RAM${EVIL}`,
      message: EVIL,
      ...(calls === undefined ? {} : { calls }),
    });

  it.each([
    [['plan']],
    [['plan', '--json']],
    [['plan', '--markdown', '--verbose']],
    [['status']],
    [['drift']],
    [['doctor']],
    [['doctor', '--json']],
    [['graph']],
    [['verify', 'web', 'data']],
    [['plan', '--log-level', 'debug']],
    [['init', '--yes', '--provider', 'alibaba', '--region', 'cn-hangzhou', '--config', 'evil.yaml']],
  ])('%j never steers the terminal, nor makes a line of its own', async (argv) => {
    evil('DescribeVpcs');
    const env = { ...sandbox.env, PEERWAY_ENDPOINT_MAIN: sandbox.emulator.alibaba.endpoint };
    const { out, err } = await sandbox.run(argv, { env });
    const printed = out + err;
    expect(printed).toContain('pwned');
    expect(printed).not.toMatch(STEERS);
    expect(printed).not.toMatch(/^✓ all is well/m);
  });

  it('nor do failures and repeats of an apply, live, in lines or as JSON; a program reads them unchanged', async () => {
    evil('CreateVpcPeerConnection');
    const lines = await sandbox.run(['apply', '--yes', '--log-level', 'warn']);
    expect(lines.exit).toBe(1);
    expect(lines.out + lines.err).toContain('pwned');
    expect(lines.out + lines.err).not.toMatch(STEERS);
    expect(lines.out).not.toMatch(/^✓ all is well/m);
    const json = await sandbox.run(['apply', '--yes', '--json']);
    expect(json.out).not.toMatch(STEERS);
    const report = JSON.parse(json.out.trim().split('\n').at(-1)!) as { steps: { error?: { message: string } }[] };
    expect(report.steps.some(({ error }) => error?.message.includes(EVIL) === true)).toBe(true);
  });
});

describe('answers that contradict each other', () => {
  const at = (name: string): string =>
    DEFAULT_WORLD.baidu.networks.find((each) => each.name === `${name}-a-bj`)?.id ?? '';
  const baidu = `version: 1
stack: shop
providers: { bd: { use: baidu, region: bj } }
networks: { web: { provider: bd, id: ${at('web')} }, data: { provider: bd, id: ${at('data')} } }
connections: [{ name: web-data, between: [web, data] }]
`;
  const missing = (code: string) => ({ kind: 'error', status: 404, code, message: 'no' }) as const;
  let own: Sandbox;
  beforeEach(async () => {
    own = await Sandbox.open();
    own.write('baidu.yaml', baidu);
  });
  afterEach(() => own.close());

  it('a network that is there and has no table is an error; taken for empty, it would keep its routes', async () => {
    const env = { ...own.env, PEERWAY_ENDPOINT_BD: own.emulator.baidu.endpoint('bj') };
    const run = (argv: readonly string[]) => own.run([...argv, '--config', 'baidu.yaml'], { env });
    expect((await run(['apply', '--yes'])).exit).toBe(0);
    const done = own.emulator.requests.length;
    own.emulator.faults.add({ cloud: 'baidu', operation: 'QueryRoutingTable', ...missing('NoSuchObject') });
    for (const command of ['apply', 'destroy']) {
      const { exit, err } = await run([command, '--yes', '--force']);
      expect([exit, err]).toEqual([1, expect.stringContaining('QueryRoutingTable was refused (NoSuchObject)')]);
    }
    expect(own.emulator.requests.slice(done).filter(({ mutating }) => mutating)).toEqual([]);
    own.emulator.faults.clear();
    expect((await run(['destroy', '--yes', '--force'])).exit).toBe(0);
  });

  it('that a network is gone says nothing about its peering: destroy still takes it down', async () => {
    // without routes nothing has shown a moment before that no table leads to the pair: the tables are asked for
    own.config('connections:\n  - { name: pair, between: [web, data], mechanism: router-interface, routes: none }\n');
    expect((await own.run(['apply', '--yes'])).exit).toBe(0);
    const operation = 'DescribeRouteTableList';
    own.emulator.faults.add({ cloud: 'alibaba', operation, ...missing('InvalidVpcId.NotFound') });
    expect((await own.run(['destroy', '--yes', '--force'])).exit).toBe(0);
    expect(own.emulator.requests.some((request) => request.operation === operation)).toBe(true);
    own.emulator.faults.clear();
    expect((await own.run(['destroy'])).out).toContain('nothing to do');
  });
});

describe('what was typed, or put on the line by a script', () => {
  it.each([
    [[EVIL]],
    [[`--${EVIL}`]],
    [['plan', `--${EVIL}`]],
    [['--log-level', EVIL, 'plan']],
    [['graph', '--format', EVIL]],
    [['verify', EVIL, EVIL]],
    [['apply', EVIL]],
    [['status', '--interval', EVIL]],
    [['--config', EVIL, 'plan']],
    [['--stack', EVIL, 'plan']],
    [['completion', EVIL]],
    [['providers', EVIL]],
  ])('%j is quoted without what steers a terminal', async (argv) => {
    const { exit, out, err } = await sandbox.run(argv);
    expect([exit, out]).toEqual([1, '']);
    expect(err).toContain('pwned');
    expect(err).not.toMatch(STEERS);
  });
});

describe('texts from anywhere, in every output', () => {
  const paint = newPaint({ FORCE_COLOR: '1' }, { write: () => true });
  /** What may be in a line that was coloured by us. */
  // eslint-disable-next-line no-control-regex
  const plain = (text: string): string => text.replaceAll(/\u001b\[(?:1|2|22|3[1-6]|39)m/g, '');
  const connection: ConnectionStatus = {
    connection: EVIL,
    kind: 'peering',
    networks: [EVIL, EVIL],
    health: 'broken',
    state: 'active',
    nativeState: EVIL,
    routes: [],
    drift: [{ kind: 'route-missing', connection: EVIL, object: EVIL, detail: EVIL }],
  } as unknown as ConnectionStatus;
  const plan = {
    version: 1,
    stack: 's',
    mode: 'apply',
    prune: 'sync',
    targets: [],
    fingerprint: '',
    steps: [],
    drift: [{ kind: 'route-missing', connection: EVIL, object: EVIL, detail: EVIL }],
    problems: [{ severity: 'error', kind: 'overlap', object: EVIL, message: EVIL, remedy: EVIL, forceable: true }],
    summary: { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 },
  } as unknown as Plan;
  const error = new PeerwayError('Internal', EVIL, {
    remedy: EVIL,
    place: EVIL,
    requestId: EVIL,
    nativeCode: EVIL,
    resource: EVIL,
    cause: new PeerwayError('Internal', EVIL),
  }).toJSON();
  const step = { id: EVIL, object: EVIL, connection: EVIL, action: 'create' as const };

  /** Through the session, the way of every command. */
  function printed(work: (session: Session) => void | Promise<void>, tty = false): Promise<string> {
    let out = '';
    const sink = { write: (text: string) => (out += text), isTTY: tty, columns: 80 };
    const session = new Session({ stdout: sink, stderr: sink, env: { FORCE_COLOR: '1' }, cwd: '/' }, new Flags({}));
    return Promise.resolve(work(session)).then(() => out);
  }

  it.each<[string, (session: Session) => void | Promise<void>]>([
    [
      'an error',
      (session) =>
        session.fail(
          new PeerwayError('Internal', EVIL, { remedy: EVIL, place: EVIL, requestId: EVIL, nativeCode: EVIL }),
        ),
    ],
    [
      'an error with causes',
      (session) =>
        session.note(
          renderError(new PeerwayError('Internal', EVIL, { cause: new PeerwayError('Internal', EVIL) }), {
            paint,
            verbose: true,
          }),
        ),
    ],
    [
      'status',
      (session) =>
        session.print(
          statusText(
            {
              version: 1,
              stack: 's',
              connections: [connection],
              undeclared: [{ kind: 'undeclared', connection: EVIL, object: EVIL, detail: EVIL }],
              problems: plan.problems,
            } as never,
            paint,
            0,
          ),
        ),
    ],
    ['a plan', (session) => session.print(planText(plan, paint))],
    [
      'a report',
      (session) =>
        session.print(
          reportText(
            {
              version: 1,
              stack: 's',
              mode: 'apply',
              outcome: 'failed',
              durationMs: 1,
              steps: [
                { step: EVIL, object: EVIL, outcome: 'failed', error },
                { step: EVIL, object: EVIL, outcome: 'skipped', because: EVIL },
              ],
            },
            paint,
          ),
        ),
    ],
    [
      'reachability',
      (session) =>
        session.print(
          reachabilityText(
            {
              from: EVIL,
              to: EVIL,
              verdict: 'unreachable',
              reachable: false,
              hops: [{ direction: 'forward', network: EVIL, table: EVIL, lookedUp: EVIL, ok: false }],
              findings: [{ severity: 'blocks', sentence: EVIL, object: EVIL, fix: EVIL }],
            } as never,
            paint,
          ),
        ),
    ],
    ['progress', (session) => progress(session)],
  ])('%s colours, and nothing else', async (_name, work) => {
    for (const tty of [false, true]) {
      const out = plain(await printed(work, tty));
      expect(out).toContain('pwned');
      const steered = tty && _name === 'progress' ? '' : out;
      expect(steered).not.toMatch(STEERS);
      expect(out).not.toMatch(/^✓ all is well/m);
      expect(out).not.toContain('\u001b]');
      expect(out).not.toContain('\u001b[2J');
    }
  });

  async function progress(session: Session): Promise<void> {
    let listener: (event: EngineEvent) => void = () => undefined;
    const peerway = { on: (hear: typeof listener) => ((listener = hear), () => undefined) };
    const shown = await startProgress(session, peerway, { ...plan, steps: [{ ...step, needs: [] }] } as never);
    const common = { seq: 1, at: 0, stack: 's' };
    listener({ ...common, type: 'step.started', step });
    listener({ ...common, type: 'step.waiting', step, cause: EVIL });
    listener({ ...common, type: 'step.retried', step, error, delayMs: 1 });
    listener({ ...common, type: 'step.failed', step, error, durationMs: 1 });
    shown.stop();
    expect(lineOf({ ...common, type: 'plan.started', mode: 'apply' }, paint)).toBeUndefined();
  }

  it('the sanitiser keeps what JSON means, line ends where there are several lines, and all that can be seen', () => {
    expect(JSON.parse(printable(JSON.stringify({ text: EVIL })))).toEqual({ text: EVIL });
    const seen = 'Größe 网络 👍 é ✓ → "a"\tb';
    expect(printable(`${seen}\n${seen}`)).toBe(`${seen}\n${seen}`);
    expect(printableLine('a\r\nb\tc\u001b')).toBe('a b c\\u001b');
  });
});

describe('a folder that may only be read', () => {
  it('is one error, and the file that was there stays', async () => {
    // the one who may do everything may write everywhere
    if (process.getuid?.() === 0) return;
    mkdirSync(join(sandbox.folder, 'closed'));
    chmodSync(join(sandbox.folder, 'closed'), 0o500);
    const { exit, err } = await sandbox.run(['schema', '--out', 'closed/x.json']);
    expect([exit, err]).toEqual([1, expect.stringContaining('The file cannot be written (EACCES)')]);
    expect(existsSync(join(sandbox.folder, 'closed/x.json'))).toBe(false);
  });
});
