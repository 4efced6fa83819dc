/**
 * Where keys come from: the config file or the environment (found by the runtime by way of `CREDENTIAL_FIELDS`), else a
 * profile of the vendor's command line. Source: docs/facts/baidu.md 7, checked 2026-11.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PeerwayError, type CredentialField, type ProviderContext } from '@peerway/core';
import { PROVIDER } from './errors.js';

export interface BaiduCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present for temporary keys (STS). */
  readonly securityToken?: string;
}

export interface Credentials {
  /** @throws PeerwayError `Unauthenticated` */
  get(): Promise<BaiduCredentials>;
  /** The cloud refused these: a profile is read anew. @returns whether that gave other ones */
  renewed(refused: BaiduCredentials): Promise<boolean>;
}

/** How long keys from a profile are used before its file is read again: a person or a tool may renew it meanwhile. */
const READ_AGAIN_AFTER_MS = 60_000;

/** Every secret is registered before anything can fail. @throws PeerwayError `Unauthenticated` when there are none */
export async function credentialsOf(
  context: Sources & Pick<ProviderContext, 'clock' | 'redactor'>,
): Promise<Credentials> {
  const { clock, redactor } = context;
  const read = async (): Promise<BaiduCredentials> => {
    const found = await findCredentials(context);
    redactor.add(found.accessKeySecret);
    redactor.add(found.securityToken);
    return found;
  };
  let known: BaiduCredentials | undefined = await read();
  let readAt = clock.now();
  async function get(): Promise<BaiduCredentials> {
    if (known !== undefined && clock.now() - readAt < READ_AGAIN_AFTER_MS) return known;
    known = await read();
    readAt = clock.now();
    return known;
  }
  return {
    get,
    async renewed(refused) {
      const isOther = ({ accessKeyId, securityToken }: BaiduCredentials): boolean =>
        accessKeyId !== refused.accessKeyId || securityToken !== refused.securityToken;
      if (known !== undefined && isOther(known)) return true; // another request was refused before
      known = undefined;
      return get().then(isOther, () => false);
    },
  };
}

/** `BCE_*` are the vendor's command line's, `BAIDUCLOUD_*` its Terraform provider's. */
export const CREDENTIAL_FIELDS: readonly CredentialField[] = [
  {
    key: 'accessKeyId',
    env: ['BCE_ACCESS_KEY_ID', 'BAIDUCLOUD_ACCESS_KEY'],
    help: 'Access Key (AK) of a Baidu AI Cloud user',
    secret: false,
  },
  {
    key: 'accessKeySecret',
    env: ['BCE_SECRET_ACCESS_KEY', 'BAIDUCLOUD_SECRET_KEY'],
    help: 'Secret Key (SK) that belongs to the access key',
    secret: true,
  },
  {
    key: 'securityToken',
    env: ['BCE_SECURITY_TOKEN', 'BAIDUCLOUD_SESSION_TOKEN'],
    help: 'Session token, only with temporary keys from STS',
    secret: true,
  },
];

type Sources = Pick<ProviderContext, 'profile' | 'credentials' | 'env'>;

/**
 * A profile that the user named wins over everything; keys are never mixed from two sources.
 * @throws PeerwayError `Unauthenticated` saying what is missing and where it was looked for
 */
async function findCredentials(sources: Sources): Promise<BaiduCredentials> {
  const { accessKeyId, accessKeySecret, securityToken } = sources.credentials;
  const given = [accessKeyId, accessKeySecret, securityToken].some((value) => value !== undefined && value !== '');
  if (sources.profile === undefined && given) {
    return complete({ accessKeyId, accessKeySecret, securityToken }, 'the config file or the environment');
  }
  return fromProfile(sources);
}

interface Found {
  readonly accessKeyId: unknown;
  readonly accessKeySecret: unknown;
  readonly securityToken: unknown;
}

function complete(found: Found, where: string): BaiduCredentials {
  const { accessKeyId, accessKeySecret, securityToken } = found;
  for (const [name, value] of [
    ['access key id', accessKeyId],
    ['secret access key', accessKeySecret],
  ] as const) {
    if (typeof value !== 'string' || value === '') {
      throw noKeys(`The ${name} of Baidu AI Cloud is missing in ${where}`);
    }
    // a line break would end up in a header
    if (!/^[\x21-\x7e]+$/.test(value))
      throw noKeys(`The ${name} in ${where} holds a space, line break or other odd character`);
  }
  return {
    accessKeyId: accessKeyId as string,
    accessKeySecret: accessKeySecret as string,
    ...(typeof securityToken === 'string' && securityToken !== '' ? { securityToken } : {}),
  };
}

/** The file of the vendor's `bce` command: `{ current, profiles: [{ name, mode, access_key_id, … }] }`. */
async function fromProfile({ profile, env }: Sources): Promise<BaiduCredentials> {
  const file = join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.bce', 'config.json');
  const settings = await readSettings(file);
  if (settings === undefined) {
    throw noKeys(
      profile === undefined
        ? `No keys for Baidu AI Cloud in the config file or the environment, and no ${file}`
        : `The profile ${JSON.stringify(profile)} was asked for, and there is no ${file}`,
    );
  }
  const wanted = profile ?? (typeof settings.current === 'string' ? settings.current : undefined);
  const profiles = (Array.isArray(settings.profiles) ? settings.profiles : []).filter(isRecord);
  const entry = wanted === undefined ? profiles[0] : profiles.find((candidate) => candidate['name'] === wanted);
  if (entry === undefined) {
    const names = profiles.map((candidate) => candidate['name']).filter((name) => typeof name === 'string');
    throw noKeys(`${file} has no profile ${JSON.stringify(wanted ?? '')}; it has: ${names.join(', ') || 'none'}`);
  }
  const where = `profile ${JSON.stringify(entry['name'])} of ${file}`;
  if (entry['mode'] !== undefined && entry['mode'] !== 'AK' && entry['mode'] !== 'StsToken') {
    throw noKeys(`The ${where} is of a kind that holds no keys; only AK and StsToken can sign`);
  }
  return complete(
    {
      accessKeyId: entry['access_key_id'],
      accessKeySecret: entry['secret_access_key'],
      securityToken: entry['security_token'],
    },
    where,
  );
}

async function readSettings(file: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw noKeys(`${file} cannot be read (${code ?? 'unknown reason'})`);
  }
  try {
    const settings: unknown = JSON.parse(text);
    if (isRecord(settings)) return settings;
  } catch {
    // the parser's message would quote the file, keys included
  }
  throw noKeys(`${file} is not a JSON object`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const noKeys = (message: string): PeerwayError =>
  new PeerwayError('Unauthenticated', message, {
    provider: PROVIDER,
    remedy:
      'Set BCE_ACCESS_KEY_ID and BCE_SECRET_ACCESS_KEY (and BCE_SECURITY_TOKEN for temporary keys), or name a profile of ~/.bce/config.json.',
  });
