/** One Peerway object from a config file: providers by name, real requests to the emulated clouds, everything closed at the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alibaba } from '@peerway/alibaba';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import {
  networkId,
  Peerway,
  Redactor,
  regionId,
  accountId,
  seededRandom,
  VirtualClock,
  type LoadOptions,
} from '@peerway/runtime';

let folder: string;
let emulator: Emulator;
let options: LoadOptions;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peerway-runtime-'));
  emulator = await Emulator.start({ seed: 1 });
  const { alibaba, baidu } = DEFAULT_WORLD;
  options = {
    cwd: folder,
    clock: new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) }),
    random: seededRandom(1),
    roots: [import.meta.url],
    conditions: ['@peerway/source'],
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accounts.a.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accounts.a.accessKeySecret,
      BCE_ACCESS_KEY_ID: baidu.accounts.a.accessKeyId,
      BCE_SECRET_ACCESS_KEY: baidu.accounts.a.accessKeySecret,
      PEERWAY_ENDPOINT_ALI: emulator.alibaba.endpoint,
      PEERWAY_ENDPOINT_BD: emulator.baidu.endpoint('bj'),
    },
  };
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const idsOf = (cloud: 'alibaba' | 'baidu'): readonly [string, string] => {
  const [region] = DEFAULT_WORLD[cloud].regions;
  const own = DEFAULT_WORLD[cloud].networks.filter((each) => each.account === 'a' && each.region === region);
  return [own[0]!.id, own[1]!.id];
};

/** The same topology for either cloud. */
const configFor = (cloud: 'alibaba' | 'baidu'): string => `version: 1
stack: shop
providers:
  ${cloud === 'alibaba' ? 'ali' : 'bd'}: { use: ${cloud}, region: ${DEFAULT_WORLD[cloud].regions[0]} }
networks:
  web: { provider: ${cloud === 'alibaba' ? 'ali' : 'bd'}, id: ${idsOf(cloud)[0]} }
  data: { provider: ${cloud === 'alibaba' ? 'ali' : 'bd'}, id: ${idsOf(cloud)[1]} }
connections:
  - { name: web-data, between: [web, data] }
`;

describe.each(['alibaba', 'baidu'] as const)('%s', (cloud) => {
  it('makes, reads and removes a raw peering by the provider of the config', async () => {
    writeFileSync(join(folder, 'peerway.yaml'), configFor(cloud));
    const peerway = await Peerway.load('peerway.yaml', options);
    const provider = peerway.provider(cloud === 'alibaba' ? 'ali' : 'bd');
    const [web, data] = idsOf(cloud).map((id) => networkId(id));
    const account = accountId(DEFAULT_WORLD[cloud].accounts.a.id);
    const peering = await provider.peerings.create({
      initiator: web!,
      acceptor: { account, region: regionId(DEFAULT_WORLD[cloud].regions[0]), network: data! },
      ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}),
    });
    expect(peering).toMatchObject({
      provider: cloud,
      state: 'active',
      initiator: { network: web },
      acceptor: { network: data },
    });
    await provider.peerings.delete(peering.id);
    expect(await provider.peerings.find(peering.id)).toBeUndefined();
    await peerway.close();
    await peerway.close();
  });
});

describe('loading', () => {
  it('sends no request, and takes its text from a program too', async () => {
    const before = emulator.requests.length;
    const peerway = await Peerway.load('made.yaml', { ...options, text: configFor('alibaba') });
    expect(peerway.stack).toBe('shop');
    expect([...peerway.declared.networks.keys()]).toEqual(['web', 'data']);
    expect(emulator.requests.length).toBe(before);
    await peerway.close();
  });

  it('an unknown provider entry is named with the nearest one', async () => {
    const peerway = await Peerway.load('made.yaml', { ...options, text: configFor('alibaba') });
    expect(() => peerway.provider('alli')).toThrow('There is no provider "alli" in the config file');
    expect(() => peerway.provider('alli')).toThrow(
      expect.objectContaining({ details: { place: 'made.yaml', remedy: 'Did you mean "ali"?' } }),
    );
    await peerway.close();
  });

  it.each(['newRegion: true', 'endpoint: "http://127.0.0.1:9"'])(
    'a region beyond the table is taken with %s',
    async (said) => {
      for (const [use, region] of [
        ['alibaba', 'cn-lhasa'],
        ['baidu', 'lsa'],
      ]) {
        const entry = `{ use: ${use}, region: ${region}, ${said}, credentials: { accessKeyId: a, accessKeySecret: "\${S}" } }`;
        const text = `version: 1\nstack: shop\nproviders:\n  new: ${entry}\nnetworks:\n  web: { provider: new, id: vpc-1 }\n`;
        const peerway = await Peerway.load('made.yaml', { ...options, text, env: { S: 'secret' } });
        expect(peerway.provider('new').region).toBe(region);
        await peerway.close();
      }
    },
  );

  it('a provider that refuses to start is placed in the file, and those already made are closed', async () => {
    const closed: string[] = [];
    Object.assign(globalThis, { closedForTest: closed, pluginsForTest: { alibaba } });
    const plugin = (id: string, create: string): string =>
      `const { alibaba } = globalThis.pluginsForTest; export default { ...alibaba, id: '${id}', create: ${create} };`;
    writeFileSync(
      join(folder, 'good.mjs'),
      plugin('good', "() => ({ close: async () => { globalThis.closedForTest.push('good'); } })"),
    );
    writeFileSync(join(folder, 'bad.mjs'), plugin('bad', "async () => { throw new Error('secret text'); }"));
    const text = `version: 1
stack: shop
providers:
  good: { use: ./good.mjs, region: cn-hangzhou }
  bad: { use: ./bad.mjs, region: cn-hangzhou }
networks:
  web: { provider: good, id: vpc-1 }
`;
    const error: unknown = await Peerway.load('made.yaml', { ...options, text }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'Internal', details: { place: 'made.yaml:5:3', provider: 'bad' } });
    expect(String(error)).not.toContain('secret text');
    expect(closed).toEqual(['good']);
  });

  it('a key that the cloud refuses is reported without the key', async () => {
    const secret = 'wrong-secret-0123456789';
    const redactor = new Redactor();
    const peerway = await Peerway.load('made.yaml', {
      ...options,
      redactor,
      text: configFor('alibaba'),
      env: { ...options.env, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret },
    });
    const [web] = idsOf('alibaba');
    const error: unknown = await peerway
      .provider('ali')
      .networks.get(networkId(web))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'Unauthenticated' });
    expect(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain(secret);
    expect(redactor.redact(secret)).toBe('[secret]');
    await peerway.close();
  });
});
