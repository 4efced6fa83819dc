/**
 * Where keys come from: the config or the environment when they give a pair, else the vendor's own chain by @alicloud/credentials
 * (environment, OIDC, ~/.aliyun/config.json, ini file, ECS role, URI; docs/facts/alibaba.md 7). Every secret is registered
 * with the redactor before anything can fail.
 */
import { PeerwayError, type Clock, type CredentialField, type ProviderContext, type Redactor } from '@peerway/core';
import { PROVIDER } from './errors.js';

export interface Keys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface Credentials {
  /** @throws PeerwayError `Unauthenticated` when there are none; the cause's text is never shown, it may quote a file */
  get(): Promise<Keys>;
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
    return { get: async () => given };
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
      this.#provider ??= await vendorProvider(this.#machine);
      found = await this.#provider.getCredentials();
    } catch {
      // its message may quote the profile file, keys included
      throw this.#none();
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
        } catch {
          continue;
        }
      }
      return {};
    },
  };
}
