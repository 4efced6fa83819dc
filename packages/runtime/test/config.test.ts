/** The config file: every way to be wrong has one clear message with place and remedy; every way to be right is read exactly. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { configSchema, isConfigError, prepare, Redactor, type ConfigProblem, type Prepared } from '@peerway/runtime';

const folder = mkdtempSync(join(tmpdir(), 'peerway-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'cloud.js'), fakePlugin({}));

function fakePlugin(over: Record<string, string>): string {
  const features = (names: string) =>
    `Object.fromEntries(${JSON.stringify(names.split(' '))}.map((name) => [name, { status: 'supported', checkedOn: '2026-11-20' }]))`;
  const parts: Record<string, string> = {
    apiVersion: '1',
    id: "'fake'",
    displayName: "'Fake Cloud'",
    options: 'class Options {}',
    credentials: `[
      { key: 'accessKeyId', env: ['FAKE_KEY_ID'], help: '', secret: false },
      { key: 'accessKeySecret', env: ['FAKE_KEY_SECRET'], help: '', secret: true },
    ]`,
    capabilities: `{
      networksPerRead: 10,
      mechanisms: [{ name: 'vpc-peer', handshake: 'shared', autoAcceptSameAccount: true, deletableBy: 'either', occupiesPairWhen: [],
        bandwidth: 'optional', limits: {}, features: ${features('crossRegion crossAccount accept reject bandwidth resize name description tags retag suspend dnsSync deletionProtection clientToken dryRun ipv6')} }],
      routes: { limits: {}, features: ${features('explicit createMany deleteMany source ipv6 customTables description clientToken')} },
      links: { limits: {}, features: ${features('link suspend bandwidth tags description edgeRoutes')} },
    }`,
    create: '() => ({})',
    ...over,
  };
  return `export default { ${Object.entries(parts)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} };`;
}

const TOP = `version: 1
stack: shop
providers:
  ali: { use: ./cloud.js, region: cn-hangzhou }
networks:
  web: { provider: ali, id: vpc-1 }
  data: { provider: ali, id: vpc-2 }
  logs: { provider: ali, id: vpc-3 }
`;

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
      ['ali', 'fake', "the vendor's own chain"],
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
  const connection = (text: string): string => `${TOP}connections:\n  - { name: x, ${text} }\n`;
  const link = (text: string): string =>
    `${TOP}links:\n  - { name: idc, network: web, port: pc-1, destinations: [192.168.0.0/16], vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2 }\n`.replace(
      text.split(' => ')[0]!,
      text.split(' => ')[1]!,
    );
  const entry = (text: string): string => TOP.replace('region: cn-hangzhou', `region: cn-hangzhou, ${text}`);

  const cases: Record<string, [text: string, expected: string]> = {
    'wrong key': [
      connection('betwen: [web, data]').replace('name: x, betwen', 'name: x, between: [web, data], bandwithMbps'),
      '10:38 connections[0].bandwithMbps | the key "bandwithMbps" is not known here | Did you mean "bandwidthMbps"?',
    ],
    'wrong key at the top': [
      TOP.replace('stack: shop', 'stack: shop\nnetwork: 1'),
      '3:1 network | the key "network" is not known at the top of the file | Did you mean "networks"?',
    ],
    'key that every object has': [
      connection('between: [web, data], constructor: 1'),
      '10:38 connections[0].constructor | the key "constructor" is not known here | Use one of name, between, hub, spokes, mesh, mechanism, bandwidthMbps, routes, tags.',
    ],
    'prototype key': [
      connection('between: [web, data], __proto__: 1'),
      '10:38 connections[0].__proto__ | the key "__proto__" is not known here | Use one of name, between, hub, spokes, mesh, mechanism, bandwidthMbps, routes, tags.',
    ],
    'missing key': [TOP.replace('stack: shop\n', ''), '1:1  | "stack" is missing | Add `stack: …` with a name.'],
    'missing key of an entry': [
      TOP.replace(', region: cn-hangzhou', ''),
      '4:3 providers.ali | "region" is missing | Add `region: …` with a region.',
    ],
    'no value': [
      TOP.replace('stack: shop', 'stack:'),
      '2:1 stack | there is no value | Give a value, or remove the key.',
    ],
    'missing network': [
      connection('between: [web, dat]'),
      '10:31 connections[0].between[1] | there is no network "dat" | Did you mean "data"?',
    ],
    'missing provider': [
      TOP.replace('web: { provider: ali', 'web: { provider: alli'),
      '6:20 networks.web.provider | there is no provider "alli" | Did you mean "ali"?',
    ],
    'bad CIDR': [
      connection('between: [web, data], routes: [10.8.0.0/16, 10.8.0.1/16]'),
      '10:60 connections[0].routes[1] | "10.8.0.1/16" has host bits set | Write 10.8.0.0/16, or the single address 10.8.0.1/32.',
    ],
    'no CIDR': [
      connection('between: [web, data], routes: 10.8.0.0/16'),
      '10:46 connections[0].routes | "10.8.0.0/16" is not one of auto, none or a list of CIDR prefixes | Write auto, none, or a list such as [10.8.0.0/16].',
    ],
    'unknown provider package': [
      TOP.replace('./cloud.js', 'alibabba'),
      '4:15 providers.ali.use | there is no provider "alibabba" | Use alibaba or baidu, or install the package: npm install @peerway/alibabba.',
    ],
    'unknown provider file': [
      TOP.replace('./cloud.js', './none.js'),
      '4:15 providers.ali.use | there is no provider "./none.js" | Name the file itself, e.g. ./my-cloud.js, relative to the config file.',
    ],
    'unset variable': [
      TOP.replace('id: vpc-2', 'id: "${NOT_THERE}"'),
      '7:30 networks.data.id | the environment variable NOT_THERE is not set | Set it (export NOT_THERE=…) or give a default: ${NOT_THERE:-value}.',
    ],
    'malformed variable': [
      TOP.replace('id: vpc-2', 'id: "${NOT THERE}"'),
      '7:30 networks.data.id | a "${" is not followed by a variable name and "}" | Write ${NAME} or ${NAME:-default}; write $${ for a literal "${".',
    ],
    version: [
      TOP.replace('version: 1', 'version: 2'),
      '1:10 version | version 2 is not known | Write `version: 1`; a newer version needs a newer peerway.',
    ],
    'bad name': [
      TOP.replace('stack: shop', 'stack: Shop'),
      '2:8 stack | "Shop" is not a name | Use lower-case letters, digits and "-", starting with a letter or digit, at most 63 characters.',
    ],
    'bad name of an entry': [
      TOP.replace('  logs:', '  Logs.1:'),
      '8:3 networks["Logs.1"] | "Logs.1" is not a name | Use lower-case letters, digits and "-", starting with a letter or digit, at most 63 characters.',
    ],
    'same network twice': [
      TOP.replace('vpc-3', 'vpc-1'),
      '8:30 networks.logs.id | "logs" and "web" are the same network | Keep one name and use it everywhere.',
    ],
    'misspelled shape': [
      connection('betwen: [web, data]'),
      '10:16 connections[0].betwen | the key "betwen" is not known here | Did you mean "between"?',
    ],
    'no shape': [
      connection('routes: none'),
      '10:5 connections[0] | no networks are named | Write exactly one of: between: [a, b]; hub: a with spokes: [b, c]; mesh: [a, b, c].',
    ],
    'two shapes': [
      connection('between: [web, data], mesh: [web, data]'),
      '10:38 connections[0].mesh | between and mesh exclude each other | Write exactly one of: between: [a, b]; hub: a with spokes: [b, c]; mesh: [a, b, c].',
    ],
    'hub alone': [
      connection('hub: web'),
      '10:16 connections[0].hub | "spokes" is missing beside "hub" | Add `spokes: [b, c]`.',
    ],
    'spokes alone': [
      connection('spokes: [web]'),
      '10:16 connections[0].spokes | "hub" is missing beside "spokes" | Add `hub: a`.',
    ],
    'hub among its spokes': [
      connection('hub: web, spokes: [data, web]'),
      '10:41 connections[0].spokes[1] | the hub is named among its own spokes | Remove it from the spokes.',
    ],
    'network with itself': [
      connection('between: [web, web]'),
      '10:31 connections[0].between[1] | "web" stands here twice | Remove one of the two.',
    ],
    'three in a pair': [
      connection('between: [web, data, logs]'),
      '10:25 connections[0].between | 3 networks are named instead of two | Name exactly two different networks, e.g. [web, data]. More than two make a mesh or a hub.',
    ],
    bandwidth: [
      connection('between: [web, data], bandwidthMbps: 1.5'),
      '10:53 connections[0].bandwidthMbps | 1.5 is not a number of megabits per second | Give whole megabits per second, more than 0.',
    ],
    mechanism: [
      connection('between: [web, data], mechanism: vpc-pear'),
      '10:49 connections[0].mechanism | Fake Cloud has no mechanism "vpc-pear" | Did you mean "vpc-peer"?',
    ],
    'our own tag': [
      connection('between: [web, data], tags: { peerway.stack: other }'),
      `10:61 connections[0].tags["peerway.stack"] | the tag "peerway.stack" is Peerway's own mark | Choose a key that does not start with "peerway.".`,
    ],
    'same name twice': [
      `${connection('between: [web, data]')}  - { name: x, between: [web, logs] }\n`,
      '11:13 connections[1].name | the name "x" is taken by connections[0] | Give every connection and link a name of its own.',
    ],
    vlan: [
      link('vlan: 30 => vlan: 4095'),
      '10:82 links[0].vlan | 4095 is not a VLAN | Give a whole number from 0 to 4094.',
    ],
    'cloudIp without length': [
      link('10.255.0.1/30 => 10.255.0.1'),
      '10:95 links[0].cloudIp | "10.255.0.1" is not an address with its prefix length | Write the address of the cloud end with its length, e.g. 10.255.0.1/30.',
    ],
    'customerIp elsewhere': [
      link('customerIp: 10.255.0.2 => customerIp: 10.255.0.9'),
      "10:122 links[0].customerIp | the customer's address is not in the prefix of cloudIp | Give two different addresses of one prefix, e.g. 10.255.0.1/30 and 10.255.0.2.",
    ],
    'no destinations': [
      link('[192.168.0.0/16] => []'),
      '10:58 links[0].destinations | a list of 0 is too short | Name at least one destination behind the line, e.g. [192.168.0.0/16].',
    ],
    'plain http over a network': [
      entry('endpoint: http://10.0.0.1:80'),
      '4:58 providers.ali.endpoint | plain http to 10.0.0.1 would send requests unprotected over a network | Use https there; plain http is only for this machine.',
    ],
    'endpoint that only looks like loopback': [
      entry('endpoint: http://127.0.0.1.example.com'),
      '4:58 providers.ali.endpoint | plain http to 127.0.0.1.example.com would send requests unprotected over a network | Use https there; plain http is only for this machine.',
    ],
    'password in the endpoint': [
      entry('endpoint: https://me:pass@example.com'),
      '4:58 providers.ali.endpoint | the endpoint holds a user name or password | Remove them; keys come from `credentials:` or the environment.',
    ],
    'unknown option': [
      entry('options: { fast: true }'),
      '4:59 providers.ali.options.fast | the key "fast" is not known here | Remove it: nothing may stand here.',
    ],
    'unknown credential': [
      entry('credentials: { accesKeyId: x }'),
      '4:63 providers.ali.credentials.accesKeyId | the key "accesKeyId" is no credential of Fake Cloud | Did you mean "accessKeyId"?',
    ],
    'a mapping is wanted': [
      TOP.replace('{ provider: ali, id: vpc-2 }', 'vpc-2'),
      '7:9 networks.data | found "vpc-2" instead of a mapping | Write { key: value, … } here.',
    ],
    'a list is wanted': [
      `${TOP}connections: { name: x }\n`,
      '9:14 connections | found a mapping instead of a list | Start every entry with "- ".',
    ],
    'broken YAML': [
      `${TOP}connections: [\n`,
      '10:1  | the indentation does not fit, or a bracket is not closed | Indent with two spaces per level and close every [ and {.',
    ],
    'key twice': [
      `${TOP}stack: other\n`,
      '9:1  | the same key stands here a second time | Remove or rename one of the two.',
    ],
    'alias to nothing': [
      TOP.replace('stack: shop', 'stack: *shop'),
      '2:8 stack | an alias names no anchor | Define it before with `&name`, or write the value here.',
    ],
    'alias to itself': [
      `${TOP}connections: &a [*a]\n`,
      '9:18 connections[0] | an alias refers to what it stands in | Write the value out.',
    ],
    'empty file': ['', '1:1  | the file is empty | Run `peerway init`, or start with `version: 1`.'],
    'a list as the file': [
      '- a\n',
      '1:1  | the file is not a mapping | Start with `version: 1`, then `stack: <name>`.',
    ],
  };
  it.each(Object.entries(cases))('%s', async (_name, [text, expected]) => {
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
        'accessKeySecret is a secret and stands in the file itself | Write accessKeySecret: ${FAKE_KEY_SECRET}',
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
    expect(await refused('new.js', fakePlugin({ apiVersion: '2' }))).toContain(
      'is written for provider API 2, this Peerway has 1 | Upgrade peerway.',
    );
    expect(await refused('old.js', fakePlugin({ apiVersion: '0' }))).toContain(
      'is written for provider API 0, this Peerway has 1 | Upgrade the provider package.',
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
    for (const property of Object.values(connection.properties)) expect(property).not.toEqual({});
  });
});
