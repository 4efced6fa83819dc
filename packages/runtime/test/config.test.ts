/** The config file: every way to be wrong has one clear message with place and remedy; every way to be right is read exactly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  configSchema,
  isConfigError,
  prepare,
  Redactor,
  seededRandom,
  type ConfigProblem,
  type Prepared,
} from '@peerway/runtime';
import { fakePlugin } from '../bench/_fakePlugin.mjs';
import { MISTAKES, TOP } from './mistakes.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerway-config-'));
  writeFileSync(join(folder, 'cloud.js'), fakePlugin({}));
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(text: string): string {
  const file = `config-${++count}.yaml`;
  writeFileSync(join(folder, file), text);
  return file;
}

async function read(text: string, env: Record<string, string> = {}, redactor = new Redactor()): Promise<Prepared> {
  return prepare(write(text), { cwd: folder, env, redactor });
}

async function problemsOf(text: string, env: Record<string, string> = {}): Promise<readonly ConfigProblem[]> {
  const error: unknown = await read(text, env).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isConfigError(error)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems;
}

/** `line:column path | message | remedy`, the file name left out. */
const shown = (problems: readonly ConfigProblem[]): string[] =>
  problems.map(({ line, column, path, message, remedy }) => `${line}:${column} ${path} | ${message} | ${remedy}`);

const one = async (text: string, env: Record<string, string> = {}): Promise<string> => {
  const problems = shown(await problemsOf(text, env));
  expect(problems).toHaveLength(1);
  return problems[0]!;
};

describe('a file that fits', () => {
  it('names networks of somebody else, as ends, spokes and hubs', async () => {
    const { config } = await read(
      `${TOP}  far: { provider: ali, peer: { account: 0012345678901234567890, region: cn-beijing, id: vpc-9, cidrs: [10.9.0.0/16], await: true } }
connections:
  - { name: a, between: [far, web] }
  - { name: b, hub: data, spokes: [far, logs] }
`,
    );
    expect({ ...config.networks.get('far') }).toEqual({
      provider: 'ali',
      peer: {
        account: '0012345678901234567890',
        region: 'cn-beijing',
        id: 'vpc-9',
        cidrs: ['10.9.0.0/16'],
        await: true,
      },
    });
  });

  it('names networks by a selection, alone in a mesh too', async () => {
    const { config } = await read(
      `${TOP}  prod: { provider: ali, select: { name: "prod-*" } }
connections:
  - { name: core, hub: web, spokes: [data, prod] }
  - { name: all, mesh: [prod] }
`,
    );
    expect({ ...config.networks.get('prod') }).toEqual({ provider: 'ali', select: { name: 'prod-*' } });
  });

  it('is read exactly, with its defaults left to the engine', async () => {
    const { config, entries } = await read(
      `${TOP}connections:
  - { name: web-data, between: [web, data], bandwidthMbps: 100, tags: { team: 42 } }
  - { name: core, hub: web, spokes: [data, logs], routes: [10.8.0.0/16, 2001:db8::/32] }
  - { name: all, mesh: [web, data, logs], mechanism: vpc-peer, routes: none }
links:
  - { name: idc, network: web, port: pc-1, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [192.168.0.0/16] }
`,
    );
    expect(config.stack).toBe('shop');
    expect([...config.networks.keys()]).toEqual(['web', 'data', 'logs']);
    expect(config.connections).toMatchObject([
      { name: 'web-data', between: ['web', 'data'], bandwidthMbps: 100, tags: { team: '42' } },
      { name: 'core', hub: 'web', spokes: ['data', 'logs'], routes: ['10.8.0.0/16', '2001:db8::/32'] },
      { name: 'all', mesh: ['web', 'data', 'logs'], mechanism: 'vpc-peer', routes: 'none' },
    ]);
    expect(config.links).toMatchObject([{ vlan: 30, destinations: ['192.168.0.0/16'] }]);
    expect(entries.map(({ name, plugin, credentialSource }) => [name, plugin.id, credentialSource])).toEqual([
      ['ali', 'fake', "the vendor's own chain: neither the file nor the environment has any"],
    ]);
  });

  it('keeps what YAML would turn into numbers, and names that JavaScript objects already have', async () => {
    const { config, entries } = await read(`version: 1
stack: "1"
providers:
  constructor: { use: ./cloud.js, region: bj, account: 121012345612345678901 }
  keys: { use: ./cloud.js, region: bj, account: 12345678901234567890123456789e12 }
networks:
  size: { provider: constructor, id: 007 }
  values: { provider: keys, id: 0x1F }
connections:
  - { name: entries, between: [size, values] }
`);
    expect(entries.map(({ context }) => context.account)).toEqual([
      '121012345612345678901',
      '12345678901234567890123456789e12',
    ]);
    expect([...config.networks].map(([name, { id }]) => [name, id])).toEqual([
      ['size', '007'],
      ['values', '0x1F'],
    ]);
  });

  it('fills in variables, defaults and literals, also where a number is wanted', async () => {
    const { config } = await read(
      `version: 1
stack: \${STACK:-shop}-\${STAGE}
providers:
  ali: { use: ./cloud.js, region: cn-hangzhou }
networks:
  web: { provider: ali, id: "$\${x}" }
  data: { provider: ali, id: vpc-2 }
connections:
  - { name: a, between: [web, data], bandwidthMbps: "\${MBPS}" }
links:
`,
      { STAGE: 'test', MBPS: '200' },
    );
    expect(config.stack).toBe('shop-test');
    expect(config.networks.get('web')?.id).toBe('${x}');
    expect(config.connections[0]?.bandwidthMbps).toBe(200);
    expect(config.links).toEqual([]);
  });

  it('takes an endpoint from the environment before the file, and a stack from the caller', async () => {
    const text = TOP.replace('region: cn-hangzhou', 'region: cn-hangzhou, endpoint: https://example.com/');
    const at = async (env: Record<string, string>): Promise<unknown> =>
      (await read(text, env)).entries[0]?.context.endpoint;
    expect(await at({})).toBe('https://example.com');
    expect(await at({ PEERWAY_ENDPOINT_ALI: 'http://127.0.0.9:81' })).toBe('http://127.0.0.9:81');
    const { config } = await prepare(write(TOP), { cwd: folder, env: {}, stack: 'blue' });
    expect(config.stack).toBe('blue');
    await expect(prepare(write(TOP), { cwd: folder, env: {}, stack: 'Blue!' })).rejects.toMatchObject({
      details: { place: '--stack' },
    });
  });

  it('finds credentials in the file, then in a profile, then in the environment, and never mixes two of them', async () => {
    const env = { FAKE_KEY_ID: 'env-id', FAKE_KEY_SECRET: 'env-secret', MINE: 'file-secret' };
    const entry = async (more: string): Promise<unknown> => {
      const { entries } = await read(TOP.replace('region: cn-hangzhou', `region: cn-hangzhou${more}`), env);
      return [entries[0]?.context.credentials, entries[0]?.credentialSource];
    };
    expect(await entry('')).toEqual([
      { accessKeyId: 'env-id', accessKeySecret: 'env-secret' },
      'the environment (FAKE_KEY_ID, FAKE_KEY_SECRET)',
    ]);
    expect(await entry(', profile: partner')).toEqual([{}, 'the profile "partner"']);
    expect(await entry(', credentials: { accessKeyId: id-1, accessKeySecret: "${MINE}" }')).toEqual([
      { accessKeyId: 'id-1', accessKeySecret: 'file-secret' },
      'the config file',
    ]);
  });
});

describe('one mistake, one message', () => {
  it.each(Object.entries(MISTAKES))('%s', async (_name, [text, expected]) => {
    expect(await one(text)).toBe(expected);
  });

  it('a bad endpoint in the environment names the variable', async () => {
    expect(await one(TOP, { PEERWAY_ENDPOINT_ALI: 'ftp://x' })).toBe(
      '4:3 providers.ali.endpoint | PEERWAY_ENDPOINT_ALI: the endpoint\'s scheme "ftp:" is not https: | Write https://host, or http://127.0.0.1:8080 for an emulator on this machine.',
    );
  });

  it('a file that is not there', async () => {
    await expect(prepare('none.yaml', { cwd: folder, env: {} })).rejects.toMatchObject({
      code: 'NotFound',
      details: { place: 'none.yaml', remedy: 'Make one with `peerway init`, or name another with --config.' },
    });
  });
});

describe('all mistakes of a file come together, in file order', () => {
  it('reports every one once', async () => {
    const problems = shown(
      await problemsOf(`version: 3
stack: Shop
providers:
  ali: { use: ./cloud.js, regoin: x }
networks:
  web: { provider: al, id: "a b" }
connections:
  - { name: x, between: [web, wob], routes: [10/8, "\${NOPE}"] }
links: [3]
`),
    );
    expect(problems.map((line) => line.split(' | ').slice(0, 2).join(' | '))).toEqual([
      '1:10 version | version 3 is not known',
      '2:8 stack | "Shop" is not a name',
      '4:3 providers.ali | "region" is missing',
      '4:27 providers.ali.regoin | the key "regoin" is not known here',
      '6:20 networks.web.provider | there is no provider "al"',
      '6:28 networks.web.id | "a b" is not an id',
      '8:31 connections[0].between[1] | there is no network "wob"',
      '8:46 connections[0].routes[0] | "10" is not an IPv4 or IPv6 address',
      '8:52 connections[0].routes[1] | the environment variable NOPE is not set',
      '9:9 links[0] | found "3" instead of a mapping',
    ]);
  });
});

describe('damage', () => {
  it('of any kind ends in placed problems, never in a crash', async () => {
    const seed = Number(process.env['PEERWAY_SEED'] ?? '20261120');
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random.next() * limit);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ' ',
      '\n',
      '- ',
      '"',
      '*a',
      '&a ',
      '!!map ',
      '${X',
      '${',
      '|',
      '#',
      '\t',
      '~',
      '__proto__: ',
      'null',
      '? ',
      '<<: ',
    ];
    const good = `${TOP}connections:\n  - { name: x, between: [web, data], routes: [10.8.0.0/16] }\n  - { name: y, hub: web, spokes: [logs] }\n`;
    let refused = 0;
    for (let round = 0; round < 600; round++) {
      let text = good;
      for (let hits = 1 + below(3); hits > 0; hits--) {
        const at = below(text.length);
        text =
          text.slice(0, at) + (random.next() < 0.7 ? pieces[below(pieces.length)]! : '') + text.slice(at + below(6));
      }
      try {
        await prepare('damaged.yaml', { cwd: folder, env: {}, text });
      } catch (error) {
        if (!isConfigError(error))
          throw new Error(`seed ${seed}, round ${round}: ${String(error)}\n${text}`, { cause: error });
        refused++;
        for (const { line, column, message, remedy } of error.problems) {
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThan(0);
          expect(message.length * remedy.length).toBeGreaterThan(0);
        }
      }
    }
    expect(refused).toBeGreaterThan(400);
  });
});

describe('secrets', () => {
  const CANARY = 'cAnArY-0123456789-sEcReT';

  it('a secret may stand only as a variable, and is refused without being repeated', async () => {
    for (const literal of [CANARY, `\${FAKE_KEY_SECRET:-${CANARY}}`, `x\${FAKE_KEY_SECRET}`]) {
      const text = TOP.replace(
        'region: cn-hangzhou',
        `region: cn-hangzhou, credentials: { accessKeyId: id-1, accessKeySecret: "${literal}" }`,
      );
      const problem = await one(text, { FAKE_KEY_SECRET: CANARY });
      expect(problem).toContain(
        'accessKeySecret is a secret and stands in the file itself | Write "${FAKE_KEY_SECRET}" instead, set',
      );
      expect(problem).not.toContain(CANARY);
    }
  });

  it('is never quoted, whatever is wrong around it', async () => {
    const credentials = (text: string): string =>
      TOP.replace('region: cn-hangzhou', `region: cn-hangzhou, credentials: ${text}`);
    const env = { LEAK: CANARY, FAKE_KEY_SECRET: CANARY };
    const files = [
      credentials(CANARY),
      credentials(`[${CANARY}]`),
      credentials(`{ accessKeySecret: { a: ${CANARY} } }`),
      credentials(`{ accesKeySecret: ${CANARY} }`),
      credentials(`{ accessKeySecret: ${CANARY}`), // broken YAML around it
      `${TOP}"${CANARY}\n`,
      `${TOP}accessKeySecret: ${CANARY}\n`,
      TOP.replace('shop', '${LEAK}'),
      TOP.replace('provider: ali, id: vpc-2', 'provider: "${LEAK}", id: vpc-2'),
      TOP.replace('{ provider: ali, id: vpc-2 }', '${LEAK}'),
      TOP.replace('./cloud.js', '${LEAK}'),
      TOP.replace('region: cn-hangzhou', 'region: cn-hangzhou, endpoint: "${LEAK}"'),
      TOP.replace('region: cn-hangzhou', 'region: cn-hangzhou, options: { a: "${LEAK}" }'),
      `${TOP}connections:\n  - { name: x, between: [web, "\${LEAK}"], routes: ["\${LEAK}"], bandwidthMbps: "\${LEAK}", mechanism: "\${LEAK}" }\n`,
      `${TOP}links:\n  - { name: "\${LEAK}", network: "\${LEAK}", port: "\${LEAK} ", vlan: "\${LEAK}", cloudIp: "\${LEAK}", customerIp: "\${LEAK}", destinations: "\${LEAK}" }\n`,
    ];
    for (const text of files) {
      const said = JSON.stringify(await problemsOf(text, env));
      expect(said).not.toMatch(/canary-0123456789/i);
    }
  });

  it('is known to the redactor as soon as the file is read, even when the file is refused', async () => {
    const redactor = new Redactor();
    const text = TOP.replace('region: cn-hangzhou', `region: cn-hangzhou, credentials: { accesKeySecret: ${CANARY} }`);
    await expect(read(text, {}, redactor)).rejects.toThrow();
    expect(redactor.redact(`x ${CANARY} y`)).toBe('x [secret] y');
    const fromEnv = new Redactor();
    await read(TOP, { FAKE_KEY_SECRET: 'another-secret' }, fromEnv);
    expect(fromEnv.redact('another-secret')).toBe('[secret]');
  });
});

describe('provider packages', () => {
  const use = (name: string): string => TOP.replace('./cloud.js', `./${name}`);
  const refused = async (name: string, source: string): Promise<string> => {
    writeFileSync(join(folder, name), source);
    return one(use(name));
  };

  it('says which side to upgrade', async () => {
    expect(await refused('new.js', fakePlugin({ apiVersion: '3' }))).toContain(
      'is written for provider API 3, this Peerway has 2 | Upgrade peerway.',
    );
    expect(await refused('old.js', fakePlugin({ apiVersion: '1' }))).toContain(
      'is written for provider API 1, this Peerway has 2 | Upgrade the provider package; its author finds what to change in docs/UPGRADING.md.',
    );
  });

  it('checks the whole shape before anything is used', async () => {
    expect(await refused('none.mjs', 'export const x = 1;')).toContain('exports no provider');
    expect(await refused('id.js', fakePlugin({ id: "'Not Good'" }))).toContain('id is not a lower-case name');
    expect(await refused('caps.js', fakePlugin({ capabilities: '{ mechanisms: [], networksPerRead: 1 }' }))).toContain(
      'capabilities.mechanisms is empty',
    );
    expect(await refused('feature.js', fakePlugin({}).replace('"dryRun",', ''))).toContain(
      'capabilities.mechanisms.vpc-peer.features.dryRun is not declared',
    );
    expect(await refused('throws.js', "throw new TypeError('secret text');")).toContain(
      'cannot be loaded (TypeError while importing it)',
    );
  });

  it('refuses two packages that claim one id, and names both', async () => {
    writeFileSync(join(folder, 'other.js'), fakePlugin({}));
    const text = TOP.replace('networks:', '  two: { use: ./other.js, region: bj }\nnetworks:');
    expect(await one(text)).toBe(
      '5:15 providers.two.use | "./cloud.js" and "./other.js" are two packages of the provider fake | Use one of them in every entry.',
    );
  });
});

describe('JSON Schema', () => {
  it('comes from the same classes', () => {
    const schema = configSchema() as {
      required: unknown;
      additionalProperties: unknown;
      properties: unknown;
      $defs: Record<string, Record<string, unknown>>;
    };
    expect(schema.required).toEqual(['version', 'stack', 'providers', 'networks']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.$defs).sort()).toEqual(['ConnectionEntry', 'LinkEntry', 'NetworkEntry', 'ProviderEntry']);
    for (const definition of Object.values(schema.$defs)) expect(definition['additionalProperties']).toBe(false);
    const connection = schema.$defs['ConnectionEntry'] as {
      oneOf: { required: string[] }[];
      properties: Record<string, unknown>;
    };
    expect(connection.oneOf.map(({ required }) => required)).toEqual([['between'], ['hub', 'spokes'], ['mesh']]);
    expect(connection.properties['name']).toMatchObject({ type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });
    for (const { properties } of [schema, ...Object.values(schema.$defs)]) {
      for (const property of Object.values(properties as Record<string, { description?: string }>)) {
        expect(property.description).toMatch(/\S.*\.$/s);
      }
    }
  });
});
