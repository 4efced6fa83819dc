/** A wrong config file, a wrong command line, a refused key: one clear message each, exit 1, no stack trace, never a secret. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { PeerwayError } from '@peerway/runtime';
import { renderError } from '../src/terminal/errorText.js';
import { newPaint } from '../src/terminal/paint.js';
import { Workspace } from './harness.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const CANARY = 'cAnArY-0123456789-sEcReT';
const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIcanary', ALIBABA_CLOUD_ACCESS_KEY_SECRET: CANARY };

const GOOD = `version: 1
stack: shop
providers:
  ali: { use: alibaba, region: cn-hangzhou }
networks:
  web: { provider: ali, id: vpc-bp1aweb0000000000000 }
  data: { provider: ali, id: vpc-bp1adata000000000000 }
connections:
  - { name: web-data, between: [web, data] }
`;

/** The places of issue "First light": each is one message with file:line:column, what is wrong, and what to do. */
const MISTAKES: Record<string, [file: string, what: string, at: string, fix: string]> = {
  'a wrong key': [
    GOOD.replace('between:', 'betwen:'),
    'the key "betwen" is not known here',
    'peerway.yaml:9:23 (connections[0].betwen)',
    'Did you mean "between"?',
  ],
  'a missing network': [
    GOOD.replace('[web, data]', '[web, date]'),
    'there is no network "date"',
    'peerway.yaml:9:38 (connections[0].between[1])',
    'Did you mean "data"?',
  ],
  'a bad CIDR': [
    GOOD.replace('[web, data]', '[web, data], routes: [10.8.0.0/33]'),
    '"10.8.0.0/33" has a length beyond /32',
    'peerway.yaml:9:54 (connections[0].routes[0])',
    'An IPv4 prefix is /0 to /32.',
  ],
  'an unknown provider': [
    GOOD.replace('use: alibaba', 'use: alibabba'),
    'there is no provider "alibabba"',
    'peerway.yaml:4:15 (providers.ali.use)',
    'Use alibaba or baidu, or install the package: npm install @peerway/alibabba.',
  ],
  'an unset variable': [
    GOOD.replace('cn-hangzhou', '"${REGION_NOT_SET}"'),
    'the environment variable REGION_NOT_SET is not set',
    'peerway.yaml:4:32 (providers.ali.region)',
    'Set it (export REGION_NOT_SET=…) or give a default: ${REGION_NOT_SET:-value}.',
  ],
};

describe('a mistake in the config file', () => {
  const commands = [['validate'], ['plan'], ['apply', '--yes'], ['status'], ['destroy', '--yes']];
  it.each(Object.entries(MISTAKES))('%s', async (_name, [file, what, at, fix]) => {
    workspace.write('peerway.yaml', file);
    for (const command of commands) {
      const { exit, out, err } = await workspace.peerway(command, { env });
      expect(err.trimEnd().split('\n').slice(0, 3)).toEqual([`error: ${what}`, `   at: ${at}`, `  fix: ${fix}`]);
      expect(exit).toBe(1);
      expect(out).toBe('');
      expect(err).not.toMatch(/^\s+at .*\.(js|ts):\d+/m);
    }
  });

  it('all of them at once, in file order, and never the secret', async () => {
    const file = `version: 1
stack: shop
providers:
  ali: { use: alibaba, region: cn-hangzhou, credentials: { accessKeyId: x, accessKeySecret: ${CANARY} } }
  other: { use: alibabba, region: "\${REGION_NOT_SET}" }
networks:
  web: { provider: ali, id: vpc-1 }
connections:
  - { name: a, betwen: [web, web] }
  - { name: b, between: [web, "\${LEAK}"], routes: ["\${LEAK}"] }
`;
    workspace.write('peerway.yaml', file);
    for (const more of [[], ['--json'], ['--verbose'], ['--json', '--verbose'], ['--log-level', 'debug']]) {
      const { exit, out, err } = await workspace.peerway(['plan', ...more], { env: { ...env, LEAK: CANARY } });
      expect(exit).toBe(1);
      expect(`${out}${err}`.toLowerCase()).not.toContain(CANARY.toLowerCase());
    }
    const { err } = await workspace.peerway(['plan', '--json'], { env: { ...env, LEAK: CANARY } });
    const { error } = JSON.parse(err) as { error: { problems: { line: number; message: string }[] } };
    const lines = error.problems.map(({ line }) => line);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(new Set(lines)).toEqual(new Set([5, 9, 10]));
  });

  it('shows causes and a stack only when asked', async () => {
    workspace.write('peerway.yaml', MISTAKES['a bad CIDR']![0]);
    const { err } = await workspace.peerway(['plan', '--verbose']);
    expect(err).toMatch(/^\s+at .*\.(js|ts)/m);
  });
});

describe('an error with causes', () => {
  const root = new PeerwayError('Unavailable', 'nobody answered');
  const middle = new PeerwayError('DeadlineExceeded', 'the list was not read', { cause: root });
  const top = new PeerwayError('FailedPrecondition', 'the plan cannot be made', {
    place: 'peerway.yaml:3:5',
    remedy: 'Try again.',
    requestId: 'R-7',
    cause: middle,
  });
  const lines = (verbose: boolean): string[] =>
    renderError(top, { verbose, paint: newPaint({}, { write: () => true }) })
      .split('\n')
      .filter((line) => !/^\s+at /.test(line));

  it('is what, where, what to do and the request id, a line each', () => {
    expect(lines(false)).toEqual([
      'error: the plan cannot be made',
      '   at: peerway.yaml:3:5',
      '  fix: Try again.',
      '   id: R-7',
    ]);
  });

  it('has the whole chain with --verbose, the nearest cause first', () => {
    expect(lines(true).slice(4)).toEqual([
      'cause: DeadlineExceeded: the list was not read',
      'cause: Unavailable: nobody answered',
    ]);
  });
});

describe('a secret that stands in the file', () => {
  it('is refused without being repeated', async () => {
    workspace.write(
      'peerway.yaml',
      GOOD.replace('cn-hangzhou', `cn-hangzhou, credentials: { accessKeyId: x, accessKeySecret: ${CANARY} }`),
    );
    const { exit, out, err } = await workspace.peerway(['plan']);
    expect(exit).toBe(1);
    expect(err).toContain('accessKeySecret is a secret and stands in the file itself');
    expect(err).toContain('peerway.yaml:4:');
    // the mask of secrets leaves the advice alone
    expect(err).toContain('fix: Write "${');
    expect(out + err).not.toContain(CANARY);
  });
});

describe('the redactor', () => {
  it('stands in front of every output, for text that happens to hold a secret', async () => {
    const secret = 'shop-0123456789';
    workspace.write('peerway.yaml', GOOD.replace('stack: shop', `stack: ${secret}`));
    const holding = { ...env, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret };
    const good = await workspace.peerway(['validate'], { env: holding });
    expect([good.exit, good.out]).toEqual([0, expect.stringContaining('stack [secret], 1 provider')]);
    workspace.write(
      'peerway.yaml',
      GOOD.replace('[web, data]', `[web, ${secret}]`).replace(
        'cn-hangzhou',
        `cn-hangzhou, credentials: { accessKeySecret: "\${ALIBABA_CLOUD_ACCESS_KEY_SECRET}" }`,
      ),
    );
    const bad = await workspace.peerway(['validate'], { env: holding });
    expect([bad.exit, bad.err]).toEqual([1, expect.stringContaining('there is no network "[secret]"')]);
  });
});

describe('a mistake on the command line', () => {
  it.each([
    [['plann'], "error: unknown command 'plann'"],
    [['plan', '--jsno'], "error: unknown option '--jsno'"],
    [['plan', '--jsno'], 'Run `peerway plan --help` for its options.'],
    [['help', 'plann'], "error: unknown command 'plann'"],
    [['plan', '--prune', 'all'], "error: option '--prune <policy>' argument 'all' is invalid"],
    [['plan', '--config', 'none.yaml'], 'error: The config file does not exist'],
    [['plan', 'web'], "error: too many arguments for 'plan'"],
    [['emulator', '--port', 'alibaba/mian=1'], 'error: --port does not understand "alibaba/mian=1"'],
  ])('%j', async (argv, message) => {
    const { exit, out, err } = await workspace.peerway(argv);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(exit).toBe(1);
  });

  it('help and version are no errors', async () => {
    const help = await workspace.peerway(['--help']);
    expect(help.exit).toBe(0);
    expect(help.out).toContain('Exit status: 0 done or nothing to do, 1 error, 2 changes pending, 130 interrupted.');
    expect((await workspace.peerway(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await workspace.peerway(['help', 'plan'])).out).toContain('--markdown');
  });
});

describe('validate', () => {
  it('accepts a good file without a request or a key', async () => {
    workspace.write('peerway.yaml', GOOD);
    const { exit, out, err } = await workspace.peerway(['validate'], { env });
    expect(err).toBe('');
    expect(out).toBe('peerway.yaml is valid: stack shop, 1 provider, 2 networks, 1 connection, 0 links.\n');
    expect(exit).toBe(0);
    const json = await workspace.peerway(['validate', '--json', '--stack', 'blue'], { env });
    expect(JSON.parse(json.out)).toEqual({
      valid: true,
      file: 'peerway.yaml',
      stack: 'blue',
      providers: 1,
      networks: 2,
      connections: 1,
      links: 0,
    });
  });
});
