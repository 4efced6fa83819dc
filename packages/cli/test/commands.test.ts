/** Commands around the engine: each with success, bad input and interruption, through the real entry. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ControlClient, DEFAULT_WORLD } from '@peerway/emulator';
import { alibabaRequest } from '../../emulator/bench/_signers.mjs';
import { answering, idOf, Sandbox } from './harness.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.open();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.config());

const aborted = (): AbortSignal => AbortSignal.abort();

describe('init', () => {
  beforeEach(() => rmSync(join(sandbox.folder, 'peerway.yaml'), { force: true }));
  const endpoint = (): string[] => ['--endpoint', sandbox.emulator.alibaba.endpoint];

  it('asks, lists the networks of the account and writes a file that is valid as it stands', async () => {
    const { ask, asked } = answering('', 'cn-hangzhou', 'shop', '');
    const { exit, out, err } = await sandbox.run(['init', ...endpoint()], { ask });
    expect([exit, err]).toEqual([0, '']);
    expect(asked.join('\n')).not.toMatch(/secret/i);
    expect(out).toContain('3 networks found in cn-hangzhou.');
    const file = readFileSync(join(sandbox.folder, 'peerway.yaml'), 'utf8');
    expect(file.split('\n')[0]).toBe('# yaml-language-server: $schema=./peerway.schema.json');
    expect(file).toContain(idOf('a', 'cn-hangzhou', 'web'));
    expect(file).not.toContain(DEFAULT_WORLD.alibaba.accounts.a.accessKeySecret);
    expect(JSON.parse(readFileSync(join(sandbox.folder, 'peerway.schema.json'), 'utf8'))).toMatchObject({
      additionalProperties: false,
    });
    expect((await sandbox.run(['validate'])).out).toContain('is valid: stack shop, 1 provider, 3 networks');
    // uncommenting the suggested connection must give a valid file too
    sandbox.write(
      'peerway.yaml',
      file.replace('# - { name: data', '- { name: data').replace(/# (- \{ name: \S+-\S+, between)/, '$1'),
    );
    expect((await sandbox.run(['validate'])).out).toMatch(/1 connection/);
  });

  it('works without questions, and writes the file even when the account cannot be read', async () => {
    const args = ['init', '--yes', '--provider', 'alibaba', '--region', 'cn-hangzhou', ...endpoint()];
    const { exit, out } = await sandbox.run(args, { env: {} });
    expect(exit).toBe(0);
    expect(out).toContain('The networks could not be listed');
    expect((await sandbox.run(['validate'])).exit).toBe(0);
    const again = await sandbox.run(args);
    expect(again.err).toContain('error: peerway.yaml exists already');
    expect(again.exit).toBe(1);
  });

  it.each([
    [['init', '--yes'], 'error: --provider is missing'],
    [['init', '--provider', 'alibabba', '--region', 'x'], 'error: there is no provider "alibabba"'],
    [
      ['init', '--provider', 'alibaba', '--region', 'x', '--endpoint', 'http://example.com'],
      'plain http to example.com',
    ],
  ])('refuses %j', async (argv, message) => {
    const { exit, err } = await sandbox.run(argv);
    expect(err).toContain(message);
    expect(exit).toBe(1);
  });

  it('stops when interrupted or when the input ends', async () => {
    const ended = await sandbox.run(['init'], { ask: answering('alibaba').ask });
    expect([ended.exit, ended.err]).toEqual([1, expect.stringContaining('nothing was written')]);
    const stopped = await sandbox.run(['init', '--provider', 'alibaba', '--region', 'cn-hangzhou', ...endpoint()], {
      signal: aborted(),
    });
    expect(stopped.exit).toBe(130);
  });
});

describe('schema', () => {
  it('prints it, or writes it for the modeline', async () => {
    const { exit, out } = await sandbox.run(['schema']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: 'peerway.yaml', additionalProperties: false });
    const written = await sandbox.run(['schema', '--out', 'peerway.schema.json']);
    expect(written.err).toContain('# yaml-language-server: $schema=./peerway.schema.json');
    expect(JSON.parse(readFileSync(join(sandbox.folder, 'peerway.schema.json'), 'utf8'))).toEqual(JSON.parse(out));
  });

  it('says when the file cannot be written', async () => {
    const { exit, err } = await sandbox.run(['schema', '--out', 'no/such/folder/x.json']);
    expect([exit, err]).toEqual([1, expect.stringContaining('The file cannot be written (ENOENT)')]);
  });
});

describe('providers', () => {
  it('shows what each can do, as a table, Markdown or data', async () => {
    const text = await sandbox.run(['providers']);
    expect(text.exit).toBe(0);
    expect(text.out).toMatch(/alibaba vpc-peer .* baidu peerconn/);
    expect(text.out).toMatch(/peering crossAccount +✓/);
    const markdown = await sandbox.run(['providers', 'alibaba', '--markdown']);
    expect(markdown.out.split('\n')[0]).toBe('|  | alibaba vpc-peer | alibaba router-interface |');
    const json = await sandbox.run(['providers', 'baidu', '--json']);
    expect(JSON.parse(json.out)).toMatchObject([{ id: 'baidu', capabilities: { mechanisms: [{ name: 'peerconn' }] } }]);
  });

  it('needs no config file, and names what it cannot find', async () => {
    rmSync(join(sandbox.folder, 'peerway.yaml'));
    expect((await sandbox.run(['providers'])).exit).toBe(0);
    const { exit, err } = await sandbox.run(['providers', 'alibabba']);
    expect([exit, err]).toEqual([1, expect.stringContaining('there is no provider "alibabba"')]);
  });
});

describe('completion', () => {
  const commands = ['plan', 'apply', 'status', 'graph', 'doctor', 'completion'];
  it.each(['bash', 'zsh', 'fish'])(
    '%s names every command and is sound where the shell is installed',
    async (shell) => {
      const { exit, out } = await sandbox.run(['completion', shell]);
      expect(exit).toBe(0);
      for (const command of commands) expect(out).toContain(command);
      expect(out).toContain('log-level');
      const check = spawnSync(shell, ['-n', join(sandbox.folder, sandbox.write(`peerway.${shell}`, out))], {
        encoding: 'utf8',
      });
      if (check.error !== undefined) console.log(`skipped: ${shell} is not installed here, its syntax was not checked`);
      else expect([check.status, check.stderr]).toEqual([0, '']);
    },
  );

  it('bash completes commands, options and choices', async () => {
    const { out } = await sandbox.run(['completion', 'bash']);
    const complete = (...words: string[]): string[] => {
      const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _peerway; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n');
    };
    expect(complete('peerway', 'pl')).toEqual(['plan']);
    expect(complete('peerway', 'plan', '--mark')).toEqual(['--markdown']);
    expect(complete('peerway', 'graph', '--format', '')).toEqual(['svg', 'html', 'dot', 'mermaid']);
    expect(complete('peerway', 'completion', '')).toContain('zsh');
  });

  it('names the shells it knows', async () => {
    const { exit, err } = await sandbox.run(['completion', 'powershell']);
    expect([exit, err]).toEqual([1, expect.stringContaining('Choose one of bash, zsh, fish.')]);
  });
});

describe('doctor', () => {
  it('finds nothing where all is well', async () => {
    const { exit, out, err } = await sandbox.run(['doctor']);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('✓ config: peerway.yaml is valid, stack shop');
    expect(out).toContain(
      '✓ ali credentials: Alibaba Cloud keys from the environment (ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET)',
    );
    expect(out).toContain('✓ ali networks: 3 of 3 found');
    expect(out).toContain('✓ partner networks: 1 of 1 found');
    expect(out).toContain('No problems found.');
    // the probe names no operation at all
    expect(sandbox.emulator.requests.filter(({ mutating, operation }) => mutating && operation !== '')).toEqual([]);
  });

  it('names each trouble with its remedy', async () => {
    const wrong = {
      ...sandbox.env,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'not-the-secret-at-all',
      PEERWAY_ENDPOINT_PARTNER: 'http://127.0.0.1:9',
    };
    const { exit, out } = await sandbox.run(['doctor'], { env: wrong });
    expect(exit).toBe(1);
    expect(out).toMatch(
      /✗ ali rights: .*\n +at: alibaba networks\.\w+ \(DescribeVpcs\) .*\n +fix: .*\n +id: [0-9A-F-]{36} \(SignatureDoesNotMatch, HTTP 400\)/,
    );
    expect(out).toMatch(/✗ partner endpoint: nobody answers at http:\/\/127.0.0.1:9\n\s+fix: /);
    expect(out).not.toContain('not-the-secret-at-all');
    sandbox.write('peerway.yaml', 'version: 1\nstack: Shop\n');
    const config = await sandbox.run(['doctor', '--json']);
    expect(config.exit).toBe(1);
    expect(JSON.parse(config.out)).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ what: 'config', verdict: 'error', place: 'peerway.yaml:2:8 (stack)' }),
      ]),
    });
  });

  it('says how each cloud is reached: directly, or through which proxy, without its password', async () => {
    const direct = await sandbox.run(['doctor']);
    expect(direct.out).toContain(`✓ ali connection: ${sandbox.emulator.alibaba.endpoint} directly`);
    expect(direct.out.match(/✓ ali connection/g)).toHaveLength(1); // two services of it, one address
    const { a } = DEFAULT_WORLD.baidu.accounts;
    sandbox.write(
      'proxied.yaml',
      `version: 1\nstack: s\nproviders:\n  bd: { use: baidu, region: bj, account: "${a.id}" }\nnetworks:\n  n: { provider: bd, id: vpc-1 }\n`,
    );
    const keys = { BCE_ACCESS_KEY_ID: a.accessKeyId, BCE_SECRET_ACCESS_KEY: a.accessKeySecret };
    // nobody listens there: the check of the rights says so, and the way is named before it
    const env = { ...keys, HTTPS_PROXY: 'http://me:pass-word-1@127.0.0.1:9', NO_PROXY: 'example.com' };
    const proxied = await sandbox.run(['doctor', '--config', 'proxied.yaml'], { env });
    expect(proxied.out).toMatch(
      /✓ bd connection: https:\/\/\S+ through the proxy http:\/\/127\.0\.0\.1:9, which HTTPS_PROXY names\n/,
    );
    expect(proxied.out).toMatch(/✗ bd rights: /);
    expect(proxied.out + proxied.err).not.toContain('pass-word-1');
    const broken = await sandbox.run(['doctor', '--config', 'proxied.yaml'], {
      env: { ...keys, HTTPS_PROXY: 'http://[' },
    });
    expect([broken.exit, broken.out]).toEqual([1, expect.stringContaining('HTTPS_PROXY does not name a proxy')]);
  });

  it('keys of another account than account: says: doctor and plan name both', async () => {
    const { id } = DEFAULT_WORLD.alibaba.accounts.a;
    const file = readFileSync(join(sandbox.folder, 'peerway.yaml'), 'utf8');
    const written = file.replace(`account: "${id}"`, 'account: "253460731706911250"');
    expect(written).not.toBe(file);
    sandbox.write('peerway.yaml', written);
    const doctor = await sandbox.run(['doctor']);
    expect([doctor.exit, doctor.out]).toEqual([
      1,
      expect.stringContaining(`✗ ali account: the keys belong to ${id}; account: says 253460731706911250`),
    ]);
    const plan = await sandbox.run(['plan']);
    expect(plan.out + plan.err).toContain(
      `The keys of ali belong to the account ${id}; account: says 253460731706911250`,
    );
    const before = sandbox.emulator.requests.length; // those of other cases with wrong keys count as writes
    const apply = await sandbox.run(['apply', '--yes']);
    expect(apply.exit).not.toBe(0);
    const sent = sandbox.emulator.requests.slice(before);
    expect(sent.filter(({ mutating, operation }) => mutating && operation !== '')).toEqual([]);
  });

  it('a network that is not there is named', async () => {
    sandbox.write(
      'peerway.yaml',
      readFileSync(join(sandbox.folder, 'peerway.yaml'), 'utf8').replace(
        idOf('a', 'cn-hangzhou', 'data'),
        'vpc-bp1nothere0000000000',
      ),
    );
    const { exit, out } = await sandbox.run(['doctor']);
    expect([exit, out]).toEqual([
      1,
      expect.stringContaining('✗ ali networks: not found: data (vpc-bp1nothere0000000000)'),
    ]);
  });

  it('leaves the readings of a provider after 60 s, and says so', async () => {
    const { timeout } = AbortSignal;
    const passed = jest
      .spyOn(AbortSignal, 'timeout')
      .mockImplementation((ms) => (ms === 60_000 ? AbortSignal.abort() : timeout.call(AbortSignal, ms)));
    const { exit, out } = await sandbox.run(['doctor']).finally(() => passed.mockRestore());
    expect([exit, out]).toEqual([
      1,
      expect.stringContaining('✗ ali readings: not done within 60 s\n  fix: Check the network'),
    ]);
    expect(out).toContain('✗ partner readings: not done within 60 s');
  });

  it('stops when interrupted', async () => {
    expect((await sandbox.run(['doctor'], { signal: aborted() })).exit).toBe(130);
  });
});

describe('emulator', () => {
  it('prints endpoints, keys and settings that work, and ends with Ctrl-C', async () => {
    const interruption = new AbortController();
    let out = '';
    const ended = sandbox.peerway(['emulator'], {
      signal: interruption.signal,
      stdout: {
        write: (text) => {
          out += text;
          setImmediate(() => void tryIt(out).finally(() => interruption.abort()));
        },
      },
    });
    let tried = '';
    async function tryIt(text: string): Promise<void> {
      const env = Object.fromEntries([...text.matchAll(/export (\w+)=(\S+)/g)].map((match) => [match[1]!, match[2]!]));
      const config = text.split('peerway.yaml):\n\n')[1]!.split('\n\nThen:')[0]!;
      mkdirSync(join(sandbox.folder, 'pasted'), { recursive: true });
      sandbox.write('pasted/peerway.yaml', config.replaceAll(/^ {2}/gm, ''));
      tried = (await sandbox.peerway(['doctor'], { env, cwd: join(sandbox.folder, 'pasted') })).out;
    }
    expect((await ended).exit).toBe(0);
    expect(tried).toContain('No problems found.');
  });

  it('says which profiles there are', async () => {
    const { exit, err } = await sandbox.peerway(['emulator', '--profile', 'fast']);
    expect([exit, err]).toEqual([1, expect.stringContaining('Choose one of instant, documented, slow, chaotic')]);
  });

  it('says when a port is taken', async () => {
    const port = new URL(sandbox.emulator.alibaba.endpoint).port;
    const { exit, err } = await sandbox.peerway(['emulator', '--port', `alibaba/main=${port}`]);
    expect([exit, err]).toEqual([1, expect.stringContaining('--port names a port that is in use')]);
    const control = await sandbox.peerway(['emulator', '--control-port', port]);
    expect([control.exit, control.err]).toEqual([1, expect.stringContaining('--control-port names a port')]);
  });

  interface Up {
    readonly control: string;
    readonly endpoints: Record<string, string>;
    readonly settings: Record<string, string>;
  }

  /** Runs it with --json, does something while it is up, and ends it. */
  async function during(args: string[], work: (up: Up) => Promise<void>) {
    const interruption = new AbortController();
    let failure: Error | undefined;
    const ended = await sandbox.peerway(['emulator', '--json', ...args], {
      signal: interruption.signal,
      stdout: {
        write: (text) => {
          const up = JSON.parse(text) as Up;
          setImmediate(() => {
            work(up)
              .catch((error: unknown) => (failure = error as Error))
              .finally(() => interruption.abort());
          });
        },
      },
    });
    if (failure !== undefined) throw failure;
    return ended;
  }

  it('keeps its world in a file from one run to the next, and refuses a broken one in one sentence', async () => {
    const file = join(sandbox.folder, 'world.json');
    const account = { cloud: 'alibaba', id: '42', name: 'kept' } as const;
    await during(['--state', file, '--seed', '4'], ({ control }) => new ControlClient(control).addAccount(account));
    // what a client was told has happened is on disk before it is told: nothing is lost when the process is killed
    await during(['--state', file], async ({ endpoints }) => {
      const { accounts } = DEFAULT_WORLD.alibaba;
      const signed = alibabaRequest(accounts.a, '2016-04-28', 'CreateVpc', {
        RegionId: 'cn-hangzhou',
        CidrBlock: '192.168.0.0/16',
      });
      const answer = await fetch(`${endpoints['alibaba/main'] ?? ''}${signed.path}`, { method: 'POST' });
      const { VpcId } = (await answer.json()) as { VpcId: string };
      expect(readFileSync(file, 'utf8')).toContain(VpcId);
    });
    const again = await during(['--state', file], async ({ control }) => {
      expect((await new ControlClient(control).info()).accounts).toContainEqual(account);
    });
    expect([again.exit, again.err]).toEqual([0, expect.stringContaining('goes on where it stopped')]);
    sandbox.write('world.json', '{"format":');
    const broken = await sandbox.peerway(['emulator', '--state', file]);
    expect(broken.exit).toBe(1);
    expect(broken.err).toMatch(/world\.json: is not JSON, or was cut off\. Move it away/);
  });

  it('prints the rule sheet, takes rules by name, and refuses what does not exist', async () => {
    const sheet = await sandbox.peerway(['emulator', '--rules', '--rule', 'alibaba.vpcPeer.perVpc=3']);
    expect(sheet.exit).toBe(0);
    expect(sheet.out).toContain('alibaba.vpcPeer.perVpc = 3 (default 30)\n');
    expect(sheet.out).toContain('takes both-ends | requester | none; source: docs/facts/alibaba.md 11.3');
    const rules = JSON.parse((await sandbox.peerway(['emulator', '--rules', '--json'])).out) as unknown[];
    expect(rules.length).toBeGreaterThan(100);
    for (const [rule, complaint] of [
      ['alibaba.nothing=1', 'names no rule'],
      ['alibaba.vpcPeer.perVpc=many', 'does not take "many"'],
      ['alibaba.cdt.opened=yes', 'It takes true | false'],
      ['alibaba.vpcPeer.createLocks=all', 'It takes both-ends | requester | none'],
    ] as const) {
      const { exit, err } = await sandbox.peerway(['emulator', '--rule', rule]);
      expect([rule, exit, err]).toEqual([rule, 1, expect.stringContaining(complaint)]);
    }
  });

  it('has settings for every client, with the ports and keys of this run', async () => {
    await during([], async ({ settings }) => {
      expect(Object.keys(settings)).toEqual(['typescript', 'python', 'go', 'terraform', 'aliyun', 'bce']);
      for (const text of Object.values(settings)) expect(text).toMatch(/127\.0\.0\.1:\d+/);
      expect(settings['terraform']).toContain(DEFAULT_WORLD.alibaba.accounts.a.accessKeySecret);
    });
  });

  it('logs each request in one readable line', async () => {
    const interruption = new AbortController();
    const ended = sandbox.peerway(['emulator'], {
      signal: interruption.signal,
      stdout: {
        write: (text) => {
          const url = /alibaba\/main\s+(\S+)/.exec(text)?.[1] ?? '';
          setImmediate(
            () => void fetch(`${url}/?Action=DescribeVpcs&Version=2016-04-28`).finally(() => interruption.abort()),
          );
        },
      },
    });
    expect((await ended).err).toMatch(
      /^[\d:.]{12} alibaba nobody {3}- {11}400 DescribeVpcs MissingAccessKeyId request [0-9A-F-]{36}$/m,
    );
  });
});
