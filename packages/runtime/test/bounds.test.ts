/** Config files that are made to hurt: bombs, huge and endless files, invisible characters, keys pasted in the wrong place. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isConfigError, isPeerwayError, prepare, Redactor, type ConfigError } from '@peerway/runtime';
import { TOP } from './mistakes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerway-bounds-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function refusal(
  text: string,
  env: Record<string, string> = {},
  redactor = new Redactor(),
): Promise<ConfigError> {
  const error: unknown = await prepare('peerway.yaml', { cwd: folder, text, env, redactor }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isConfigError(error)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error;
}

const shown = ({ problems }: ConfigError): string[] =>
  problems.map(({ line, column, path, message, remedy }) => `${line}:${column} ${path} | ${message} | ${remedy}`);

/**
 * Milliseconds of processor time that the work took, which a busy machine does not lengthen. Generous bounds: what is refused takes a
 * second, what was not took 14 s to hours.
 */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Nine levels of nine aliases: 614 bytes that mean 3,486,784,401 values. */
const ALIAS_BOMB = `${TOP}bomb:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
  { length: 9 },
  (_, level) => `  a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]\n`,
).join('')}`;

describe('a file beyond the bounds is one error that says the bound', () => {
  const FEW = '  - { name: x, between: [web, data] }\n';
  const bombs: Record<string, [text: string, expected: string]> = {
    'a bomb of aliases': [ALIAS_BOMB, 'the file has more than 200,000 values when its aliases are written out'],
    'connections beyond the number of nodes': [
      `${TOP}connections:\n${FEW.repeat(40_000)}`,
      'the file has more than 200,000 values',
    ],
    'connections beyond the number of nodes, in blocks': [
      `${TOP}connections:\n${'  - name: x\n    mesh: [a, b]\n'.repeat(40_000)}`,
      'the file has more than 200,000 values',
    ],
    'empty items': [`${TOP}connections:\n${'  -\n'.repeat(300_000)}`, 'the file has more than 200,000 values'],
    commas: [`${TOP}connections: [${','.repeat(300_000)}]\n`, 'the file has more than 200,000 values'],
    brackets: [`${TOP}connections: ${'['.repeat(300_000)}\n`, 'the file has more than 200,000 values'],
    'blank lines': [`${TOP}${'\n'.repeat(300_000)}`, 'the file has more than 200,000 values'],
    tags: [`stack: ${'!a '.repeat(100_000)}x\n`, 'the file has more than 1,000 anchors or tags'],
    anchors: [`stack: ${'&a '.repeat(100_000)}x\n`, 'the file has more than 1,000 anchors or tags'],
    bytes: [`${TOP}# ${'x'.repeat(5_000_000)}\n`, 'the file is larger than 4 MB'],
    levels: [`${TOP}connections: ${'['.repeat(40)}${']'.repeat(40)}\n`, 'there are more than 32 levels'],
  };
  it.each(Object.entries(bombs))('%s', async (_name, [text, expected]) => {
    let error: ConfigError | undefined;
    const ms = await timed(async () => (error = await refusal(text)));
    expect(error?.problems.map(({ message }) => message)).toContain(expected);
    if (!expected.includes('levels')) expect(error?.problems).toHaveLength(1);
    expect(ms).toBeLessThan(10_000);
  });

  it('aliases are read, also thousands of them, each as its nearest anchor before it', async () => {
    const many = `${TOP}connections:\n  - &first { name: x, between: &pair [web, data] }\n${Array.from(
      { length: 5_000 },
      (_, index) => `  - { name: c${index}, between: *pair }\n`,
    ).join('')}`;
    let problems: string[] = [];
    const ms = await timed(async () => (problems = shown(await refusal(many))));
    // the provider file is not there; nothing else is wrong
    expect(problems).toEqual([expect.stringContaining('4:15 providers.ali.use | there is no provider')]);
    expect(ms).toBeLessThan(10_000);
  });

  it('six thousand networks and as many names that nobody has take seconds, not hours', async () => {
    const networks = Array.from({ length: 6_000 }, (_, at) => `  n${at}: { provider: ali, id: vpc-n${at} }\n`);
    const connections = Array.from({ length: 6_000 }, (_, at) => `  - { name: c${at}, between: [m${at}, web] }\n`);
    let error: ConfigError | undefined;
    const ms = await timed(
      async () => (error = await refusal(`${TOP}${networks.join('')}connections:\n${connections.join('')}`)),
    );
    expect([error?.problems.length, error?.omitted]).toEqual([50, 5_950]);
    expect(error?.message.split('\n')).toHaveLength(51);
    expect(error?.message).toMatch(/and 5950 more problems, not listed$/);
    expect(ms).toBeLessThan(30_000);
  });

  it.each<[string, string, string]>([
    ['empty links', `links: [${'{},'.repeat(90_000)}]\n`, 'and at least 9951 more problems, not listed'],
    ['commas', `links: [${','.repeat(199_000)}]\n`, 'and at least 9951 more problems, not listed'],
    [
      'escapes that do not exist',
      `description: "${'\\q'.repeat(40_000)}"\n`,
      'and at least 9951 more problems, not listed',
    ],
    ['escapes', `description: "${'\\q'.repeat(1_500_000)}"\n`, 'the file has more than 50,000 escapes in quotes'],
    [
      'names',
      `connections:\n  - { name: a, hub: web, spokes: [${'x,'.repeat(150_000)}] }\n`,
      'at least 9951 more problems',
    ],
  ])('mistakes beyond what anybody reads end the search: %s', async (_, text, expected) => {
    let error: ConfigError | undefined;
    const before = process.memoryUsage().rss;
    const ms = await timed(async () => (error = await refusal(`${TOP}${text}`)));
    expect(error?.message).toContain(expected);
    expect(error?.problems.length).toBeLessThanOrEqual(50);
    expect(ms).toBeLessThan(10_000);
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(500);
  });

  it('a mesh that makes more pairs than anybody can own', async () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `n${at}`);
    const networks = names.map((name) => `  ${name}: { provider: ali, id: vpc-${name} }\n`).join('');
    const problems = shown(
      await refusal(`${TOP}${networks}connections:\n  - { name: all, mesh: [${names.join(', ')}] }\n`),
    );
    expect(problems).toContainEqual(
      expect.stringContaining(
        'connections[0].mesh | the connections up to here make more than 100,000 pairs of networks',
      ),
    );
  });
});

describe('a bracket that is not closed', () => {
  const body = Array.from({ length: 60 }, (_, at) => `  n${at}: { provider: ali, id: vpc-${at} }\n`).join('');
  it.each([
    [
      `version: 1\nproviders:\n  ali: { use: x, region: y\nnetworks:\n${body}`,
      '3:8  | this { is not closed | Write the } that belongs to it.',
    ],
    [`version: 1\nnetworks: [\n${body}`, '2:11  | this [ is not closed | Write the ] that belongs to it.'],
    [
      `version: 1\nnetworks: { a: [b, c }\nlinks: []\n${body}`,
      '2:16  | this [ is not closed | Write the ] that belongs to it.',
    ],
    [
      `version: 1\nstack: "a{"\nlinks: |\n  {{{\nproviders: {\n${body}`,
      '5:12  | this { is not closed | Write the } that belongs to it.',
    ],
  ])('is one message, at the bracket: case %#', async (text, expected) => {
    expect(shown(await refusal(text))).toEqual([expected]);
  });
});

describe('what cannot be seen', () => {
  it.each([
    ['a zero-width space in an id', TOP.replace('vpc-2', '"vpc-\u200b2"'), '7:', 'networks.data.id', 'U+200B', 5],
    [
      'a direction mark in an account',
      TOP.replace('region: cn', 'account: "12\u202e34", region: cn'),
      '4:',
      'providers.ali.account',
      'U+202E',
      3,
    ],
    ['an escape in a region', TOP.replace('cn-hangzhou', '"\\x1b[31mbj"'), '4:', 'providers.ali.region', 'U+001B', 1],
    ['a tag character in a name', TOP.replace('stack: shop', 'stack: "shop\u{e0041}"'), '2:', 'stack', 'U+E0041', 5],
    ['a CR from the environment', TOP.replace('vpc-2', '"${ID}"'), '7:', 'networks.data.id', 'U+000D', 6],
  ])('%s is refused with its place', async (_name, text, place, path, name, at) => {
    const problems = shown(await refusal(text, { ID: 'vpc-2\r' }));
    const remedy = 'Type it by hand: it was probably copied with it.';
    const found = problems.filter((each) => each.startsWith(place) && each.includes('invisible'));
    expect(found).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\d+:\\d+ ${path} \\| the invisible U\\+${name.slice(2)} stands at character ${at} of the value \\| ${remedy}$`,
        ),
      ),
    ]);
  });

  it('is refused in a key, and allowed in the texts of tags', async () => {
    const problems = shown(await refusal(TOP.replace('data:', '"da\u200bta":')));
    expect(problems).toContainEqual(expect.stringContaining('7:3 networks | a key holds the invisible U+200B | '));
    const tagged = `${TOP}connections:\n  - { name: x, between: [web, data], tags: { owner: "می\u200cخواهم" } }\n`;
    expect(shown(await refusal(tagged))).toEqual([expect.stringContaining('there is no provider')]);
  });
});

describe('a key pasted where a name belongs', () => {
  const connection = (text: string): string => `${TOP}connections:\n  - { name: x, ${text} }\n`;
  const KEYS = [
    'AKIAIOSFODNN7EXAMPLE',
    'LTAI5tCanary0123456789ab',
    '0123456789abcdef0123456789abcdef',
    'wJalrXUtnFEMI7MDENGbPxRfiCYEXAMPLEKEY',
  ];
  const places: Record<string, (key: string) => string> = {
    'as the name of a variable': (key) => TOP.replace('vpc-2', `"\${${/^\d/.test(key) ? `K${key}` : key}}"`),
    'as the name of a variable that is set, in a value that does not fit': (key) =>
      TOP.replace('cn-hangzhou', `"\${SET_${key}}"`),
    'as a default': (key) => TOP.replace('cn-hangzhou', `"\${REGION:- ${key}}"`),
    'as a key under credentials': (key) => TOP.replace('region: cn', `credentials: { ${key}: "\${X}" }, region: cn`),
    'as a key under credentials without a value': (key) =>
      TOP.replace('region: cn', `credentials: { ${key}: }, region: cn`),
    'as a key under credentials with a list': (key) =>
      TOP.replace('region: cn', `credentials: { ${key}: [a] }, region: cn`),
    'twice as a key under credentials': (key) =>
      TOP.replace('region: cn', `credentials: { ${key}: a, ${key}: a }, region: cn`),
    'as a key of an entry': (key) => TOP.replace('region: cn', `${key}: 1, region: cn`),
    'as a key of the file': (key) => `${TOP}"${key}": 1\n`,
    'as the name of a network': (key) =>
      /^[0-9a-f]+$/.test(key) ? `${TOP}"${key}": 1\n` : TOP.replace('logs:', `${key}:`),
    'as the default of a provider': (key) => TOP.replace('./cloud.js', `"\${USE:-${key}}"`),
    'as the name of a network, beside a name that is not there': (key) =>
      connection(`between: [web, nobody]`).replace('logs:', `${/^[0-9a-f]+$/.test(key) ? 'Logs' : key}:`),
    'as one of two networks': (key) => connection(`between: [web, "${key}"]`),
    'as a mechanism': (key) => connection(`between: [web, data], mechanism: "${key}!"`),
    'as a number': (key) => connection(`between: [web, data], bandwidthMbps: "${key}"`),
    'as routes': (key) => connection(`between: [web, data], routes: ["${key}"]`),
    'as a mapping': (key) => connection(`between: [web, data], tags: "${key}"`),
    'as all there is under credentials': (key) => TOP.replace('region: cn', `credentials: ${key}, region: cn`),
  };
  it.each(Object.entries(places))('%s is never shown, and is known to the redactor', async (_name, textWith) => {
    for (const key of KEYS) {
      const redactor = new Redactor();
      const text = textWith(key);
      const error = await refusal(text, { [`SET_${key}`]: 'not a region' }, redactor);
      const shown = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${JSON.stringify(error.details)}`;
      expect(shown.toLowerCase()).not.toContain(key.toLowerCase());
      expect(error.problems.length).toBeGreaterThan(0);
      for (const { line } of error.problems) expect(line).toBeGreaterThan(1);
    }
  });

  it('the redactor learns it, so that nothing later shows it', async () => {
    const redactor = new Redactor();
    await refusal(places['as a key under credentials']!(KEYS[0]!), {}, redactor);
    await refusal(places['as the name of a variable']!(KEYS[1]!), {}, redactor);
    expect(redactor.redact(`${KEYS[0]!} ${KEYS[1]!}`)).toBe('[secret] [secret]');
  });

  it('names of the usual form are still shown', async () => {
    const text = TOP.replace('vpc-2', '"${ALIBABA_CLOUD_ACCESS_KEY_ID_2}"');
    expect(shown(await refusal(text))).toContainEqual(
      expect.stringContaining('the environment variable ALIBABA_CLOUD_ACCESS_KEY_ID_2 is not set'),
    );
  });
});

describe('variables', () => {
  it('one that is set and empty is an error, as one that is not set', async () => {
    const text = TOP.replace('vpc-2', '"${ID}"');
    expect(shown(await refusal(text, { ID: '' }))).toContainEqual(
      '7:30 networks.data.id | the environment variable ID is empty | Set it (export ID=…) or give a default: ${ID:-value}.',
    );
  });

  it('stay literal in a key', async () => {
    const text = TOP.replace('logs:', '"${NAME}":');
    const problems = shown(await refusal(text, { NAME: 'logs' }));
    expect(problems).toContainEqual(expect.stringContaining('8:3 networks["${NAME}"] | "${NAME}" is not a name'));
  });
});

describe('a file that is none', () => {
  const read = (file: string, signal?: AbortSignal): Promise<unknown> =>
    prepare(file, { cwd: folder, env: {}, ...(signal === undefined ? {} : { signal }) }).then(
      () => undefined,
      (thrown: unknown) => (isPeerwayError(thrown) ? `${thrown.code}: ${thrown.message.split('\n')[0]!}` : thrown),
    );

  it('an endless one is read to the bound', async () => {
    expect(await read('/dev/zero')).toBe('InvalidArgument: The config file is larger than 4 MB');
  });

  it('a folder, and bytes that are no text', async () => {
    expect(await read('.')).toBe('InvalidArgument: The config file cannot be read');
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
    expect(await read('latin1.yaml')).toBe('InvalidArgument: The config file is not a text in UTF-8');
  });

  it('a pipe is read to its end; waiting for its writer ends with the signal', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const stop = new AbortController();
    const waiting = read('pipe', stop.signal);
    setTimeout(() => stop.abort(), 20);
    expect(await waiting).toBe('Canceled: The config file was not read to its end');

    const stopLater = new AbortController();
    const silent = read('pipe', stopLater.signal);
    const writer = openSync(join(folder, 'pipe'), 'r+');
    setTimeout(() => stopLater.abort(), 120);
    expect(await silent).toBe('Canceled: The config file was not read to its end');

    const reading = read('pipe');
    writeFileSync(writer, 'version: 2\n');
    setTimeout(() => closeSync(writer), 120);
    expect(await reading).toMatch(/^InvalidArgument: pipe:1:1 /);
  });
});
