/**
 * Where keys come from: the config or the environment when they give a pair, else the vendor's own chain by @alicloud/credentials
 * (environment, OIDC, ~/.aliyun/config.json, ini file, ECS role, URI; docs/facts/alibaba.md 7). Every secret is registered
 * with the redactor before anything can fail.
 */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PeerwayError, type Clock, type CredentialField, type ProviderContext, type Redactor } from '@peerway/core';
import { PROVIDER } from './errors.js';

interface Keys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface Credentials {
  /** @throws PeerwayError `Unauthenticated` when there are none; the cause's text is never shown, it may quote a file */
  get(): Promise<Keys>;
  /** The cloud refused these: what is remembered is asked for anew. @returns whether that gave other ones */
  renewed(refused: Keys): Promise<boolean>;
}

export const CREDENTIAL_FIELDS: readonly CredentialField[] = [
  {
    key: 'accessKeyId',
    env: ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_ID', 'ALICLOUD_ACCESS_KEY'],
    help: 'AccessKey ID of a RAM user; temporary ones begin with STS.',
    secret: false,
  },
  {
    key: 'accessKeySecret',
    env: ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABACLOUD_ACCESS_KEY_SECRET', 'ALICLOUD_SECRET_KEY'],
    help: 'AccessKey secret of the same user.',
    secret: true,
  },
  {
    key: 'securityToken',
    env: ['ALIBABA_CLOUD_SECURITY_TOKEN', 'ALIBABACLOUD_SECURITY_TOKEN', 'ALICLOUD_SECURITY_TOKEN'],
    help: 'Session token; needed with a temporary AccessKey, else left out.',
    secret: true,
  },
];

export function credentialsOf(context: ProviderContext): Credentials {
  const given = writtenKeys(context);
  if (given !== undefined) {
    register(context.redactor, given);
    return { get: async () => given, renewed: async () => false };
  }
  return new VendorChain(context);
}

/** The keys that the config or the environment gave; undefined when they gave none. */
function writtenKeys({ credentials, name }: ProviderContext): Keys | undefined {
  const find = (key: string): string | undefined => (credentials[key] === '' ? undefined : credentials[key]);
  const accessKeyId = find('accessKeyId');
  const accessKeySecret = find('accessKeySecret');
  const securityToken = find('securityToken');
  if (accessKeyId === undefined && accessKeySecret === undefined) return undefined;
  if (accessKeyId === undefined || accessKeySecret === undefined) {
    throw new PeerwayError('Unauthenticated', `The credentials of ${name} are half given`, {
      provider: PROVIDER,
      remedy:
        'Give both accessKeyId and accessKeySecret, or neither to use the profile files and roles of the machine.',
    });
  }
  return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) };
}

function register(redactor: Redactor, keys: Keys): void {
  redactor.add(keys.accessKeySecret);
  redactor.add(keys.securityToken);
}

interface VendorProvider {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
}

/** How long keys from the chain are used before it is asked again; it renews session keys 15 minutes before they end by itself. */
const ASK_AGAIN_AFTER_MS = 60_000;

/** Where the vendor's chain looks. */
interface Machine {
  readonly profile: string | undefined;
  readonly home: string | undefined;
  /** The endpoint is on this machine: the chain then stays on it too, and asks no metadata service for a role. */
  readonly local: boolean;
}

class VendorChain implements Credentials {
  readonly #machine: Machine;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #redactor: Redactor;
  #provider: VendorProvider | undefined;
  /** When the profile files were written last, as the present provider has read them. */
  #filesOf = '';
  #known: { readonly keys: Promise<Keys>; readonly askedAt: number } | undefined;

  constructor({ profile, name, env, endpoint, clock, redactor }: ProviderContext) {
    // plain http is allowed to loopback only
    this.#machine = { profile, home: env['HOME'], local: endpoint?.startsWith('http://') ?? false };
    this.#name = name;
    this.#clock = clock;
    this.#redactor = redactor;
  }

  get(): Promise<Keys> {
    const now = this.#clock.now();
    if (this.#known !== undefined && now - this.#known.askedAt < ASK_AGAIN_AFTER_MS) return this.#known.keys;
    const keys = this.#ask();
    this.#known = { keys, askedAt: now };
    keys.catch(() => {
      // the vendor's chain remembers its last provider even when that one failed: a new chain is the only retry
      this.#known = undefined;
      this.#provider = undefined;
    });
    return keys;
  }

  async #ask(): Promise<Keys> {
    let found: Awaited<ReturnType<VendorProvider['getCredentials']>>;
    try {
      // the vendor's chain reads a profile once: renewed on disk, it takes a new chain to see it
      const files = await writtenAt(this.#machine.home);
      if (files !== this.#filesOf) this.#provider = undefined;
      this.#filesOf = files;
      this.#provider ??= await vendorProvider(this.#machine);
      found = await this.#provider.getCredentials();
    } catch (thrown) {
      // its message may quote the profile file, keys included
      throw this.#refused(thrown) ?? this.#none();
    }
    const { accessKeyId, accessKeySecret, securityToken } = found;
    if (accessKeyId === undefined || accessKeyId === '' || accessKeySecret === undefined || accessKeySecret === '')
      throw this.#none();
    const keys = {
      accessKeyId,
      accessKeySecret,
      ...(securityToken === undefined || securityToken === '' ? {} : { securityToken }),
    };
    register(this.#redactor, keys);
    return keys;
  }

  async renewed(refused: Keys): Promise<boolean> {
    const isOther = ({ accessKeyId, securityToken }: Keys): boolean =>
      accessKeyId !== refused.accessKeyId || securityToken !== refused.securityToken;
    const known = await this.#known?.keys.catch(() => undefined);
    if (known !== undefined && isOther(known)) return true; // another request was refused before
    this.#known = undefined;
    this.#provider = undefined;
    return this.get().then(isOther, () => false);
  }

  /** A role that the token service does not give, or is not there to give: its code, and nothing else of what the vendor's library says. */
  #refused(thrown: unknown): PeerwayError | undefined {
    const { profile } = this.#machine;
    const whose = profile === undefined ? 'that the credentials name' : `of the profile ${JSON.stringify(profile)}`;
    const cause = outOfReach(thrown);
    if (cause !== undefined)
      return new PeerwayError('Unavailable', `AssumeRole got no answer (${cause}) for the role ${whose}`, {
        provider: PROVIDER,
        nativeOperation: 'AssumeRole',
        resource: this.#name,
        remedy: 'Check the network: the vendor’s library asks sts.aliyuncs.com by itself, and through no proxy.',
      });
    const nativeCode = refusalOf(thrown);
    if (nativeCode === undefined) return undefined;
    return new PeerwayError('Unauthenticated', `AssumeRole was refused (${nativeCode}) for the role ${whose}`, {
      provider: PROVIDER,
      nativeOperation: 'AssumeRole',
      nativeCode,
      resource: this.#name,
      remedy:
        'Allow the user sts:AssumeRole on the role, and let the role trust the user’s account; check the role’s ARN.',
    });
  }

  #none(): PeerwayError {
    const { profile } = this.#machine;
    const where = profile === undefined ? '' : ` in the profile ${JSON.stringify(profile)}`;
    return new PeerwayError('Unauthenticated', `No usable Alibaba Cloud credentials${where} for ${this.#name}`, {
      provider: PROVIDER,
      remedy:
        'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, write credentials with ${VARIABLE} in the config, or make a profile with `aliyun configure`.',
    });
  }
}

/** The code in what the vendor's library says of a refused AssumeRole; undefined for any other failure. */
function refusalOf(thrown: unknown): string | undefined {
  const message = thrown instanceof Error ? thrown.message : '';
  if (!message.includes('refresh session token failed')) return undefined;
  return /"Code"\s*:\s*"([A-Za-z][\w.]{0,80})"/.exec(message)?.[1];
}

/** The cause of a request that the vendor's library sent for keys and that was not answered; undefined for any other failure. */
function outOfReach(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name.startsWith('RequestTimeout')) return 'no answer in time';
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  const isOfNetwork = ['getaddrinfo', 'connect'].includes(syscall ?? '') || code === 'ECONNRESET' || code === 'EPIPE';
  return isOfNetwork ? code : undefined;
}

/** When the files that a profile may stand in were written last; empty where there are none. */
async function writtenAt(home: string | undefined): Promise<string> {
  const folder = home ?? homedir();
  const files = ['.aliyun/config.json', '.alibabacloud/credentials'].map((file) => join(folder, file));
  const times = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return times.map((time) => time?.mtimeMs ?? '').join(' ');
}

/** Loaded only here: a config with keys of its own never pays for it. */
async function vendorProvider({ profile, home, local }: Machine): Promise<VendorProvider> {
  const vendor = await import('@alicloud/credentials');
  if (profile === undefined && !local) return vendor.DefaultCredentialsProvider.builder().build();
  // the same order as the vendor's: environment, the command line tool's file, the SDKs' ini file
  const builders =
    profile === undefined
      ? [
          vendor.EnvironmentVariableCredentialsProvider.builder(),
          vendor.CLIProfileCredentialsProvider.builder(),
          vendor.ProfileCredentialsProvider.builder(),
        ]
      : [
          vendor.CLIProfileCredentialsProvider.builder().withProfileName(profile),
          vendor.ProfileCredentialsProvider.builder().withProfileName(profile),
        ];
  return {
    getCredentials: async () => {
      for (const builder of builders) {
        try {
          // a builder refuses what is switched off; its provider looks below the home directory of the operating system, and
          // ours is the one in the environment that the caller handed in
          const provider = builder.build();
          return await Object.assign(provider, home === undefined ? {} : { homedir: home }).getCredentials();
        } catch (thrown) {
          // a role that is refused is the answer; where another file could not be read the next one is tried
          if (refusalOf(thrown) !== undefined || outOfReach(thrown) !== undefined) throw thrown;
        }
      }
      return {};
    },
  };
}
