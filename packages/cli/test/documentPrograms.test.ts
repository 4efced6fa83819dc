/**
 * The TypeScript in the documents is run: each block becomes the body of an async function, whose parameters are what its
 * imports and the sentences around it promise. A block that this table does not know fails, so that none is added unrun.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alibaba } from '@peerway/alibaba';
import { baidu, baiduPeerconn } from '@peerway/baidu';
import { ControlClient, DEFAULT_WORLD, Emulator, startControl } from '@peerway/emulator';
import * as runtime from '@peerway/runtime';
import type { ProviderPlugin } from '@peerway/runtime';
import { Sandbox } from './harness.js';

const { networkId, Provider, Redactor, regionId, seededRandom } = runtime;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

/** Blocks that are no program of their own, and what runs the same words instead. */
const ELSEWHERE: Record<string, string> = {
  'README.md 1': 'examples.test.ts, word for word',
  'docs/writing-a-provider.md 3': 'scripts/template-outside.mjs runs the kit by node --test',
  'docs/writing-a-provider.md 4': 'a member of an options object; packages/conformance/test/runner.test.ts',
  'packages/conformance/README.md 1': 'packages/provider-template/test/harness.ts is this wiring, whole',
  'packages/conformance/README.md 2':
    'packages/alibaba/test/inventories.ts is this wiring; packages/conformance/test/runner.test.ts',
  'packages/conformance/README.md 3': 'packages/conformance/test/proxy.test.ts',
};

function blocksOf(file: string): string[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
}

const documents = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(ROOT, 'docs/guides')).map((name) => `docs/guides/${name}`),
  ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`),
].filter((file) => {
  try {
    return blocksOf(file).length > 0;
  } catch {
    return false; // a package without a README
  }
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.open();
});
afterAll(() => sandbox.close());

async function providerOf(
  plugin: ProviderPlugin,
  cloud: 'alibaba' | 'baidu',
  account: 'a' | 'b',
  region: string,
): Promise<runtime.Provider> {
  const { id, accessKeyId, accessKeySecret } = DEFAULT_WORLD[cloud].accounts[account];
  const endpoint = cloud === 'alibaba' ? sandbox.emulator.alibaba.endpoint : sandbox.emulator.baidu.endpoint(region);
  const at = { name: account, region: regionId(region), account: runtime.accountId(id) };
  const around = { clock: sandbox.clock, random: seededRandom(7), redactor: new Redactor() };
  const driver = await plugin.create({
    ...at,
    ...around,
    endpoint,
    options: new plugin.options(),
    credentials: { accessKeyId, accessKeySecret },
    env: {},
  });
  return new Provider(plugin, driver, at, around);
}

const network = (cloud: 'alibaba' | 'baidu', account: 'a' | 'b', region: string, name: string): runtime.NetworkId =>
  networkId(
    DEFAULT_WORLD[cloud].networks.find(
      (each) => each.account === account && each.region === region && each.name.startsWith(name),
    )?.id ?? '',
  );

/** What each block is run with, and what must be true afterwards. */
const PROGRAMS: Record<
  string,
  () => Promise<{ scope: Record<string, unknown>; check?: (result: unknown) => void | Promise<void> }>
> = {
  'docs/emulator.md 1': async () => ({ scope: { Emulator } }),
  'docs/emulator.md 2': async () => {
    const emulator = await Emulator.start();
    const control = await startControl(emulator);
    class HereControl extends ControlClient {
      constructor() {
        super(control.endpoint);
      }
      override async assertCalls(
        ...asked: Parameters<ControlClient['assertCalls']>
      ): ReturnType<ControlClient['assertCalls']> {
        expect(asked[0]).toEqual({ operation: 'CreatePeerConn', status: 200 });
        return super.assertCalls(asked[0], { exactly: 0 }); // nobody has called yet
      }
    }
    return {
      scope: { ControlClient: HereControl },
      check: async () => {
        await control.close();
        await emulator.close();
      },
    };
  },
  'docs/guides/emulator-in-tests.md 1': async () => {
    const printed: unknown[] = [];
    const page = readFileSync(join(ROOT, 'docs/guides/emulator-in-tests.md'), 'utf8');
    sandbox.write('peerway.yaml', /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    const Peerway = {
      load: (file: string, options: runtime.LoadOptions) =>
        runtime.Peerway.load(file, { ...options, cwd: sandbox.folder, conditions: ['@peerway/source'] }),
    };
    const console = { log: (...line: unknown[]) => printed.push(line) };
    return {
      scope: { DEFAULT_WORLD, Emulator, Peerway, VirtualClock: runtime.VirtualClock, console },
      check: () => expect(printed).toEqual([['done', 2, 1]]),
    };
  },
  'docs/errors.md 1': async () => ({
    scope: {
      isPeerwayError: runtime.isPeerwayError,
      request: {},
      adopt: (resource: unknown) => `adopted ${String(resource)}`,
      provider: {
        peerings: {
          create: () => Promise.reject(new runtime.PeerwayError('AlreadyExists', 'joined', { resource: 'pcc-1' })),
        },
      },
    },
    check: (result) => expect(result).toBe('adopted pcc-1'),
  }),
  'docs/writing-a-provider.md 1': async () => ({
    scope: {
      definePlugin: runtime.definePlugin,
      PLUGIN_API_VERSION: runtime.PLUGIN_API_VERSION,
      capabilities: alibaba.capabilities,
      MyDriver: class {},
    },
  }),
  'docs/writing-a-provider.md 2': async () => {
    const { scope, outcomes } = oneRequest(async () => ({ status: 200, text: async () => '{}' }));
    return {
      scope,
      check: (result) => {
        expect(result).toEqual({ status: 200, text: '{}' });
        expect(outcomes).toEqual([{ httpStatus: 200, durationMs: 0 }]);
      },
    };
  },
  'packages/core/README.md 1': async () => {
    const printed: unknown[] = [];
    const { cidrOverlaps, isPeerwayError, parseCidr, PeerwayError, VirtualClock } = runtime;
    const console = { log: (line: unknown) => printed.push(line) };
    return {
      scope: { cidrOverlaps, isPeerwayError, parseCidr, PeerwayError, VirtualClock, console },
      check: () => expect(printed).toEqual([true, 'adopt pcc-1']),
    };
  },
  'packages/emulator/README.md 1': async () => ({ scope: { Emulator, console: { log: () => undefined } } }),
  'packages/alibaba/README.md 1': async () => {
    const a = await providerOf(alibaba, 'alibaba', 'a', 'cn-hangzhou');
    const b = await providerOf(alibaba, 'alibaba', 'b', 'cn-beijing');
    const initiator = network('alibaba', 'a', 'cn-hangzhou', 'jobs');
    return {
      scope: {
        a,
        b,
        initiator,
        account: b.account,
        region: b.region,
        network: network('alibaba', 'b', 'cn-beijing', 'jobs'),
      },
      check: async () => {
        sandbox.clock.advance(60_000);
        const states: string[] = [];
        for await (const peering of a.peerings.list({ network: initiator })) states.push(peering.state);
        expect(states).toEqual(['active']);
        await a.close();
        await b.close();
      },
    };
  },
  'packages/baidu/README.md 1': async () => {
    const provider = await providerOf(baidu, 'baidu', 'a', 'bj');
    const native = provider.native(baiduPeerconn);
    const made = await native?.createPeerConn(
      {
        bandwidthInMbps: 10,
        localVpcId: network('baidu', 'a', 'bj', 'web'),
        peerVpcId: network('baidu', 'a', 'gz', 'web'),
        peerRegion: 'gz',
        billing: { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } },
      },
      { clientToken: 'documents-1' },
    );
    sandbox.clock.advance(60_000);
    return { scope: { baiduPeerconn, provider, id: made?.peerConnId }, check: () => provider.close() };
  },
  'packages/engine/README.md 1': async () => {
    sandbox.config();
    const peerway = await runtime.Peerway.load('peerway.yaml', {
      cwd: sandbox.folder,
      env: sandbox.env,
      clock: sandbox.clock,
      conditions: ['@peerway/source'],
    });
    return {
      scope: { ...runtime, stack: peerway.declared, systemClock: sandbox.clock, console: { log: () => undefined } },
      check: () => peerway.close(),
    };
  },
  'packages/runtime/README.md 1': async () => {
    sandbox.config();
    const Peerway = {
      load: (file: string) =>
        runtime.Peerway.load(file, {
          cwd: sandbox.folder,
          env: sandbox.env,
          clock: sandbox.clock,
          conditions: ['@peerway/source'],
        }),
    };
    return { scope: { Peerway } };
  },
};

/** What the request of docs/writing-a-provider.md stands in. */
function oneRequest(fetch: () => Promise<unknown>, signal = new AbortController().signal) {
  const outcomes: unknown[] = [];
  const inDoubt = (mutating: boolean) => (mutating ? { outcome: 'unknown' as const } : {});
  const noAnswer = (message: string, details: object) => new runtime.PeerwayError('Unavailable', message, details);
  const { PeerwayError, wasNeverSent } = runtime;
  const request = { nativeOperation: 'CreatePeering', method: 'POST', url: '', body: '{}', sign: () => ({}) };
  const call = { signal, admit: async () => (outcome: unknown) => outcomes.push(outcome) };
  const scope = { ...request, PeerwayError, wasNeverSent, inDoubt, noAnswer, call, fetch, clock: { now: () => 7 } };
  return { scope, outcomes };
}

const runBlock = (code: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const body = code
    .replace(/^import [^;]*;$/gm, '')
    .replace(/^export default .*$/gm, '')
    .replace(/^export /gm, '')
    .replace(/<MyOptions>/g, '');
  return new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
};

describe('programs in the documents', () => {
  const blocks = documents.flatMap((file) => blocksOf(file).map((code, at) => ({ name: `${file} ${at + 1}`, code })));

  it('are all known here', () => {
    expect(blocks.map(({ name }) => name).sort()).toEqual([...Object.keys(PROGRAMS), ...Object.keys(ELSEWHERE)].sort());
  });

  it.each(blocks.filter(({ name }) => name in PROGRAMS))('$name', async ({ name, code }) => {
    const { scope, check } = (await PROGRAMS[name]?.()) ?? { scope: {} };
    const result = await runBlock(code, scope);
    await check?.(result);
  });
});

describe('the request of docs/writing-a-provider.md', () => {
  const code = blocksOf('docs/writing-a-provider.md')[1] ?? '';
  const broken = (code: string) => Object.assign(new TypeError('fetch failed'), { cause: { code } });

  it.each([
    ['breaks off', async () => Promise.reject(broken('ECONNRESET')), { outcome: 'unknown' }],
    [
      'breaks off in the body',
      async () => ({ text: () => Promise.reject(broken('UND_ERR_SOCKET')) }),
      { outcome: 'unknown' },
    ],
    ['was never sent', async () => Promise.reject(broken('ECONNREFUSED')), {}],
  ])('%s: its place is given back, and a write is in doubt where it may have been done', async (_, fetch, doubt) => {
    const { scope, outcomes } = oneRequest(fetch);
    await expect(runBlock(code, scope)).rejects.toMatchObject({
      code: 'Unavailable',
      details: { nativeOperation: 'CreatePeering', ...doubt },
    });
    expect(outcomes).toEqual([{ durationMs: 0 }]);
  });

  it('that is aborted is Canceled', async () => {
    const { scope } = oneRequest(async () => Promise.reject(broken('ABORT_ERR')), AbortSignal.abort());
    await expect(runBlock(code, scope)).rejects.toMatchObject({ code: 'Canceled', details: { outcome: 'unknown' } });
  });
});

describe('shell lines in the documents', () => {
  it('ask the control API of an emulator as docs/emulator.md says (needs curl)', async () => {
    if (spawnSync('curl', ['--version']).status !== 0) return console.log('skipped: there is no curl on this machine');
    const text = readFileSync(join(ROOT, 'docs/emulator.md'), 'utf8');
    const lines = /```sh\n(until curl[\s\S]*?)```/.exec(text)?.[1] ?? '';
    const emulator = await Emulator.start();
    const control = await startControl(emulator);
    const before = emulator.clock.now();
    await promisify(execFile)('bash', ['-ec', lines.replaceAll('http://127.0.0.1:8090', control.endpoint)]);
    expect(emulator.clock.now() - before).toBe(7 * 86_400_000);
    await control.close();
    await emulator.close();
  });
});
