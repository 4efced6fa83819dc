/** Where keys come from: profile files, the vendor's chain, and what is said when there are none. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { networkId } from '@peerway/core';
import { FakeCloud, providerAt, type Reply, type Seen } from './fakeCloud.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function cloudWith(answer: (request: Seen, index: number) => Reply, more: Parameters<typeof providerAt>[1] = {}) {
  const cloud = await FakeCloud.start(answer);
  const made = await providerAt(cloud.endpoint, more);
  open.push(cloud, made.provider);
  return { cloud, ...made };
}

const failing = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const ok = { RequestId: 'R-1' };

describe('credentials', () => {
  const home = async (files: Record<string, string>): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'peerway-alibaba-'));
    open.push({ close: () => rm(directory, { recursive: true }) });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(directory, path, '..'), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return directory;
  };
  const cliFile = JSON.stringify({
    current: 'default',
    profiles: [
      { name: 'default', mode: 'AK', access_key_id: 'id-default', access_key_secret: 'secret-of-default' },
      {
        name: 'partner',
        mode: 'StsToken',
        access_key_id: 'STS.partner',
        access_key_secret: 'secret-of-partner',
        sts_token: 'token-of-partner',
      },
    ],
  });
  const keyIdSent = async (more: Parameters<typeof providerAt>[1]): Promise<(string | undefined)[]> => {
    const { cloud, provider, redactor } = await cloudWith(() => ({ body: { ...ok, Vpcs: { Vpc: [] } } }), more);
    await provider.networks.getMany([networkId('vpc-1')]);
    expect(redactor.redact('secret-of-partner')).toBe(more?.profile === 'partner' ? '[secret]' : 'secret-of-partner');
    return [cloud.seen[0]?.parameters['AccessKeyId'], cloud.seen[0]?.parameters['SecurityToken']];
  };
  const environment = (values: Record<string, string>): void => {
    const before = { ...process.env };
    for (const name of Object.keys(process.env)) if (/^ALI/.test(name)) delete process.env[name];
    Object.assign(process.env, {
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
      ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
      ...values,
    });
    open.push({
      close: async () => {
        for (const name of Object.keys(process.env)) if (/^ALI/.test(name)) delete process.env[name];
        Object.assign(process.env, before);
      },
    });
  };

  it('come from a profile of ~/.aliyun/config.json, session token included', async () => {
    const HOME = await home({ '.aliyun/config.json': cliFile });
    expect(await keyIdSent({ credentials: {}, env: { HOME }, profile: 'partner' })).toEqual([
      'STS.partner',
      'token-of-partner',
    ]);
  });

  it.each(['after a minute', 'at once when the cloud refused them'])('renewed on disk are seen, %s', async (when) => {
    const directory = await home({ '.aliyun/config.json': cliFile });
    let refuses = '';
    const { cloud, provider, clock } = await cloudWith(
      ({ parameters }) =>
        parameters['AccessKeyId'] === refuses
          ? { status: 400, body: { RequestId: 'R', Code: 'InvalidSecurityToken.Expired', Message: 'gone' } }
          : { body: { ...ok, Vpcs: { Vpc: [] } } },
      { credentials: {}, profile: 'partner', env: { HOME: directory } },
    );
    const look = () => provider.networks.getMany([networkId('vpc-1')]);
    await look();
    if (when !== 'after a minute') {
      refuses = 'STS.partner';
      const before = cloud.seen.length;
      await expect(look()).rejects.toMatchObject({ code: 'Unauthenticated' });
      expect(cloud.seen.length - before).toBe(1); // nothing else to sign with
    }
    await writeFile(join(directory, '.aliyun/config.json'), cliFile.replaceAll('STS.partner', 'STS.renewed'));
    if (when === 'after a minute') await clock.sleep(61_000);
    await look();
    expect(cloud.seen.at(-1)?.parameters['AccessKeyId']).toBe('STS.renewed');
  });

  // the vendor's own words of 2.4.7 (dist/src/providers/ram_role_arn.js, @alicloud/tea-util), which always asks sts.aliyuncs.com
  it.each([
    [
      'refuses',
      new Error('refresh session token failed: {"RequestId":"R","Code":"NoPermission","Message":"secret-of-partner"}'),
      {
        code: 'Unauthenticated',
        message: 'AssumeRole was refused (NoPermission) for the role of the profile "partner"',
        details: { nativeCode: 'NoPermission', nativeOperation: 'AssumeRole' },
      },
    ],
    [
      'cannot be asked for',
      Object.assign(
        new Error('getaddrinfo ENOTFOUND sts.aliyuncs.comPOST https://…Signature=secret-of-partner failed.'),
        {
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
        },
      ),
      {
        code: 'Unavailable',
        message: 'AssumeRole got no answer (ENOTFOUND) for the role of the profile "partner"',
        details: { nativeOperation: 'AssumeRole' },
      },
    ],
  ])('of a role that the token service %s: that is reported, and nothing else of what was said', async (...row) => {
    const [, thrown, expected] = row;
    const { CLIProfileCredentialsProvider } = await import('@alicloud/credentials');
    const original = CLIProfileCredentialsProvider.prototype.getCredentials;
    CLIProfileCredentialsProvider.prototype.getCredentials = async () => {
      throw thrown;
    };
    open.push({ close: async () => void (CLIProfileCredentialsProvider.prototype.getCredentials = original) });
    const directory = await home({ '.aliyun/config.json': cliFile });
    const { cloud, provider } = await cloudWith(() => ({ body: ok }), {
      credentials: {},
      profile: 'partner',
      env: { HOME: directory },
    });
    const work = provider.networks.getMany([networkId('vpc-1')]);
    const error: unknown = await work.catch((refusal: unknown) => refusal);
    expect(error).toMatchObject(expected);
    expect(JSON.stringify(error)).not.toContain('secret-of-partner');
    expect(cloud.seen).toHaveLength(0);
  });

  it('come from a section of the ini file when the command line tool knows no such profile', async () => {
    const ini = '[team]\ntype = access_key\naccess_key_id = id-team\naccess_key_secret = secret-of-team\n';
    const HOME = await home({ '.aliyun/config.json': cliFile, '.alibabacloud/credentials': ini });
    expect(await keyIdSent({ credentials: {}, env: { HOME }, profile: 'team' })).toEqual(['id-team', undefined]);
  });

  it('come from the vendor’s chain when nothing is written: environment first, then the ini file', async () => {
    environment({ ALIBABA_CLOUD_ACCESS_KEY_ID: 'id-env', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret-of-env' });
    expect(await keyIdSent({ credentials: {} })).toEqual(['id-env', undefined]);
    const ini = '[default]\ntype = access_key\naccess_key_id = id-ini\naccess_key_secret = secret-of-ini\n';
    const directory = await home({ credentials: ini });
    environment({ ALIBABA_CLOUD_CREDENTIALS_FILE: join(directory, 'credentials') });
    expect(await keyIdSent({ credentials: {} })).toEqual(['id-ini', undefined]);
  });

  it('missing, half given or unreadable are Unauthenticated before any request, and no file is quoted', async () => {
    const HOME = await home({ '.aliyun/config.json': '{ "secret": "canaryInBrokenFile" ' });
    const { cloud, provider } = await cloudWith(() => ({ body: ok }), {
      credentials: {},
      env: { HOME },
      profile: 'partner',
    });
    const error = await failing(provider.networks.getMany([networkId('vpc-1')]));
    expect(error).toMatchObject({ code: 'Unauthenticated' });
    expect(`${JSON.stringify(error)}${(error as Error).stack ?? ''}`).not.toContain('canaryInBrokenFile');
    expect(cloud.seen).toHaveLength(0);
    await expect(providerAt(cloud.endpoint, { credentials: { accessKeyId: 'x' } })).rejects.toMatchObject({
      code: 'Unauthenticated',
    });
  });

  it('for an endpoint on this machine come from this machine: no metadata service is asked for a role', async () => {
    environment({});
    delete process.env['ALIBABA_CLOUD_ECS_METADATA_DISABLED'];
    const { provider } = await cloudWith(() => ({ body: ok }), { credentials: {}, env: { HOME: await home({}) } });
    const connect = jest.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('a test never leaves this machine');
    });
    const error = await failing(provider.networks.getMany([networkId('vpc-1')]));
    expect(error).toMatchObject({ code: 'Unauthenticated' });
    expect(connect).not.toHaveBeenCalled();
    connect.mockRestore();
  });
});
