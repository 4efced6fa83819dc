/** Where Temporal is, as people write it, and how its payloads are packed. */
import { PeerwayError } from '@peerway/core';
import type { ConnectionOptions } from '@temporalio/client';
import { PackingCodec, PAYLOAD_KEYS_VARIABLE } from './codec.js';

export interface EngineAddress {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  readonly tls: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const API_KEY_VARIABLE = 'TEMPORAL_API_KEY';
const DEFAULT_PORT = '7233';

/**
 * `temporal://host[:port][/namespace]`, or `temporals://…` over TLS.
 * @throws PeerwayError `InvalidArgument`
 */
export function engineAddress(text: string, place = '--engine'): EngineAddress {
  const [, scheme, host, port = DEFAULT_PORT, namespace = 'default'] =
    /^(temporals?):\/\/([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?(?:\/([A-Za-z0-9._-]+))?\/?$/.exec(text) ?? [];
  if (scheme === undefined || host === undefined)
    throw new PeerwayError('InvalidArgument', 'The engine is not an address of Temporal', {
      place,
      remedy: 'Write temporal://host:7233/namespace, or temporals:// for TLS; a key goes into TEMPORAL_API_KEY.',
    });
  return { address: `${host}:${port}`, namespace, tls: scheme === 'temporals' };
}

/** @param env `TEMPORAL_API_KEY` is sent over TLS alone */
export function connectionOptions(
  { address, tls }: EngineAddress,
  env: Variables,
): Pick<ConnectionOptions, 'address' | 'tls'> & { apiKey?: string } {
  const apiKey = env[API_KEY_VARIABLE];
  if (apiKey !== undefined && apiKey !== '' && !tls)
    throw new PeerwayError('InvalidArgument', `${API_KEY_VARIABLE} is set, and the address is not of TLS`, {
      place: '--engine',
      remedy: 'Write temporals:// instead of temporal://, or unset the variable.',
    });
  return { address, tls, ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }) };
}

export const payloadCodec = (env: Variables): PackingCodec => new PackingCodec(env[PAYLOAD_KEYS_VARIABLE]);
