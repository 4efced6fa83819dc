/**
 * Where keys come from: the config file or the environment (found by the runtime by way of `CREDENTIAL_FIELDS`), else the vendor's
 * own chain, which the SDK walks (profile files, SSO, web identity, processes, container and instance roles). Source:
 * docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html, checked 2026-11.
 */
import { PeerwayError, type CredentialField, type ProviderContext } from '@peerway/core';
import { PROVIDER } from './errors.js';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for temporary keys (STS). */
  readonly sessionToken?: string;
}

export const CREDENTIAL_FIELDS: readonly CredentialField[] = [
  {
    key: 'accessKeyId',
    env: ['AWS_ACCESS_KEY_ID'],
    help: 'Access key ID of a user or role; temporary ones begin with ASIA.',
    secret: false,
  },
  {
    key: 'secretAccessKey',
    env: ['AWS_SECRET_ACCESS_KEY'],
    help: 'Secret access key that belongs to it.',
    secret: true,
  },
  {
    key: 'sessionToken',
    env: ['AWS_SESSION_TOKEN'],
    help: 'Session token; needed with temporary keys, else left out.',
    secret: true,
  },
];

/**
 * The keys that the config or the environment gave, registered as secrets; undefined: the vendor's chain is to be walked. A profile that
 * the user named wins over everything; keys are never mixed from two places.
 * @throws PeerwayError `Unauthenticated` for half of a pair, for odd characters, and for an address on this machine that
 *   nothing names keys for: the chain would ask services elsewhere
 */
export function writtenKeys(
  { credentials, name, profile, redactor }: Pick<ProviderContext, 'credentials' | 'name' | 'profile' | 'redactor'>,
  endpoint: string,
): Keys | undefined {
  const find = (key: string): string | undefined => (credentials[key] === '' ? undefined : credentials[key]);
  const accessKeyId = find('accessKeyId');
  const secretAccessKey = find('secretAccessKey');
  const sessionToken = find('sessionToken');
  redactor.add(secretAccessKey);
  redactor.add(sessionToken);
  if (profile !== undefined) return undefined;
  if (accessKeyId === undefined && secretAccessKey === undefined) {
    if (!endpoint.startsWith('http://')) return undefined;
    throw noKeys(`The provider ${name} answers on this machine and has no keys`);
  }
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw noKeys(`The credentials of ${name} are half given`);
  for (const [what, value] of [
    ['accessKeyId', accessKeyId],
    ['secretAccessKey', secretAccessKey],
    ['sessionToken', sessionToken ?? '-'],
  ] as const) {
    // a line break would end up in a header
    if (!/^[\x21-\x7e]+$/.test(value))
      throw noKeys(`The ${what} of ${name} holds a space, line break or odd character`);
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

export const noKeys = (what: string): PeerwayError =>
  new PeerwayError('Unauthenticated', what, {
    provider: PROVIDER,
    remedy:
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile: of ~/.aws, or sign in with `aws sso login`.',
  });
