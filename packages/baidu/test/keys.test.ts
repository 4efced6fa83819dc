/** Keys, regions and options: what is found, what is refused, and that no secret is ever shown. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { peeringId, regionId, type Provider } from '@peerway/core';
import { BAIDU_REGIONS, BaiduOptions, baiduPeerconn } from '../src/index.js';
import { caught } from './asking.js';
import { rig, SECRET, Stub, TOKEN } from './stub.js';
import { DETAILED } from './vendorSamples.js';

let stub: Stub;
const opened: Provider[] = [];
beforeAll(async () => {
  stub = await Stub.start();
});
afterAll(async () => {
  await Promise.all(opened.map((provider) => provider.close()));
  await stub.close();
});

const open = async (changes: Parameters<typeof rig>[1] = {}): ReturnType<typeof rig> => {
  const made = await rig(stub.endpoint, changes);
  opened.push(made.provider);
  return made;
};

const LINK = peeringId('peerconn-9td54fmx143e');

describe('keys and regions', () => {
  it('never shows a secret, whatever goes wrong', async () => {
    const { provider, driver } = await open({
      credentials: { accessKeyId: 'ak', accessKeySecret: SECRET, securityToken: TOKEN },
      retryPolicy: { maxTries: 1, backoffMs: 1, maxBackoffMs: 1, settleMs: 1, settleForMs: 0 },
    });
    for (const said of [
      { cut: 'before' as const },
      { status: 500, body: '<html>' },
      { status: 400, body: { code: 'SignatureDoesNotMatch', message: `you sent ${SECRET} and ${TOKEN}` } },
      { body: '{"cut' },
    ]) {
      stub.says(said);
      const api = provider.native(baiduPeerconn)!;
      for (const read of [() => provider.peerings.get(LINK), () => api.getPeerConn(LINK)]) {
        const thrown = await caught(read());
        const shown = `${inspect(thrown, { depth: 9, showHidden: true })}${JSON.stringify(thrown)}${thrown.stack ?? ''}`;
        expect(shown).not.toContain(SECRET);
        expect(shown).not.toContain(TOKEN);
        expect(shown).not.toContain('bce-auth-v1');
      }
    }
    expect(`${inspect(driver, { depth: 9 })}${JSON.stringify(driver)}`).not.toContain(SECRET);
  });

  it('finds keys in a profile of ~/.bce/config.json, and says what is missing', async () => {
    const home = await mkdtemp(join(tmpdir(), 'peerway-baidu-'));
    try {
      await mkdir(join(home, '.bce'));
      const file = join(home, '.bce', 'config.json');
      const profiles = [
        { name: 'main', mode: 'AK', access_key_id: 'ak-main', secret_access_key: SECRET },
        { name: 'sts', mode: 'StsToken', access_key_id: 'ak-sts', secret_access_key: SECRET, security_token: TOKEN },
        { name: 'web', mode: 'OAuth' },
        { name: 'half', access_key_id: 'ak-half' },
      ];
      await writeFile(file, JSON.stringify({ current: 'main', profiles }));
      const used = async (changes: Parameters<typeof rig>[1]) => {
        const { provider } = await open({ env: { HOME: home }, credentials: {}, ...changes });
        stub.says({ body: DETAILED });
        await provider.peerings.get(LINK);
        const { authorization, 'x-bce-security-token': token } = stub.asked[0]!.headers;
        return [authorization?.split('/')[1], token];
      };
      expect(await used({})).toEqual(['ak-main', undefined]);
      expect(await used({ profile: 'sts' })).toEqual(['ak-sts', TOKEN]);
      const given = { accessKeyId: 'ak-env', accessKeySecret: SECRET };
      expect(await used({ credentials: given })).toEqual(['ak-env', undefined]);
      expect(await used({ credentials: given, profile: 'main' })).toEqual(['ak-main', undefined]);

      const refused = async (changes: Parameters<typeof rig>[1]) => {
        const thrown = await caught(rig(stub.endpoint, { env: { HOME: home }, credentials: {}, ...changes }));
        expect(thrown.code).toBe('Unauthenticated');
        expect(thrown.details.remedy).toContain('BCE_ACCESS_KEY_ID');
        return thrown.message;
      };
      expect(await refused({ profile: 'nobody' })).toContain('it has: main, sts, web, half');
      expect(await refused({ profile: 'web' })).toContain('only AK and StsToken can sign');
      expect(await refused({ profile: 'half' })).toContain('secret access key');
      expect(await refused({ credentials: { accessKeyId: 'ak' } })).toContain('secret access key');
      expect(await refused({ credentials: { accessKeyId: 'ak', accessKeySecret: 'x\n' } })).toContain('line break');
      await writeFile(file, `{ "secret": "${SECRET}"`);
      expect(await refused({})).toContain('not a JSON object');
      await rm(file);
      expect(await refused({})).toContain('and no ');
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it.each([
    ['after a minute', 'another key', 'ak-renewed', TOKEN],
    ['after a minute', 'another token of the same key', 'ak-old', 'token-renewed'],
    ['at once when the cloud refused them', 'another key', 'ak-renewed', TOKEN],
    ['at once when the cloud refused them', 'another token of the same key', 'ak-old', 'token-renewed'],
  ])('of a profile renewed on disk are seen, %s: %s', async (when, _, id, token) => {
    const home = await mkdtemp(join(tmpdir(), 'peerway-baidu-'));
    try {
      await mkdir(join(home, '.bce'));
      const write = (access_key_id: string, security_token: string) =>
        writeFile(
          join(home, '.bce', 'config.json'),
          JSON.stringify({
            profiles: [{ name: 'sts', mode: 'StsToken', access_key_id, secret_access_key: SECRET, security_token }],
          }),
        );
      await write('ak-old', TOKEN);
      const { provider, clock } = await open({ env: { HOME: home }, credentials: {}, profile: 'sts' });
      stub.says({ body: DETAILED });
      await provider.peerings.get(LINK);
      const refusal = { status: 403, body: { code: 'InvalidAccessKeyId', message: 'gone' } };
      if (when !== 'after a minute') {
        stub.says(refusal);
        expect((await caught(provider.peerings.get(LINK))).code).toBe('Unauthenticated');
        expect(stub.asked).toHaveLength(1); // nothing else to sign with
        stub.says(refusal, { body: DETAILED });
      }
      await write(id, token);
      if (when === 'after a minute') await clock.sleep(61_000);
      await provider.peerings.get(LINK);
      const { authorization, 'x-bce-security-token': sent } = stub.asked.at(-1)!.headers;
      expect([authorization?.split('/')[1], sent]).toEqual([id, token]);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('options have defaults and bounds', () => {
    const wrong = (changes: object): string[] =>
      validateSync(Object.assign(new BaiduOptions(), changes)).map(({ property }) => property);
    expect(wrong({})).toEqual([]);
    expect(wrong({ defaultBandwidthMbps: 0 })).toEqual(['defaultBandwidthMbps']);
    expect(wrong({ requestTimeoutMs: 'soon', timestampOffsetMinutes: 0.5 })).toEqual([
      'requestTimeoutMs',
      'timestampOffsetMinutes',
    ]);
  });

  it('knows the regions and takes an address for any other', async () => {
    expect(Object.keys(BAIDU_REGIONS).sort()).toEqual([
      'bd',
      'bj',
      'cd',
      'fsh',
      'fwh',
      'gz',
      'hkg',
      'nj',
      'sin',
      'su',
      'yq',
    ]);
    opened.push((await rig(stub.endpoint, { region: regionId('mars') })).provider);
    opened.push((await rig(undefined, { region: regionId('sin') })).provider);
    const thrown = await caught(rig(undefined, { region: regionId('mars') }));
    expect(thrown.code).toBe('InvalidArgument');
    expect(thrown.details.remedy).toContain('bj, gz');
  });
});
