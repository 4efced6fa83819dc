/** A request in the cloud's own words as the vendor's library takes it, and its answer as it came. */
import { PeerwayError, type RawAnswer, type RawRequest } from '@peerway/core';
import type { Product } from './regions.js';
import { PROVIDER } from './errors.js';
import { plain } from './plainJson.js';
import type { PopEntry } from './popCore.js';

interface RawCall {
  readonly product: Product;
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** @throws PeerwayError `InvalidArgument` for an operation of no product that is known here */
export function rawCall({ operation, query = {} }: RawRequest): RawCall {
  const [product, action = ''] = operation.split('.', 2);
  if ((product === 'Vpc' || product === 'VpcPeer') && action !== '') return { product, action, parameters: query };
  throw new PeerwayError('InvalidArgument', `${JSON.stringify(operation)} names no operation of Alibaba Cloud`, {
    provider: PROVIDER,
    remedy: 'Write Vpc.<action> or VpcPeer.<action>.',
  });
}

export function rawAnswer(body: unknown, { response }: PopEntry): RawAnswer {
  const headers = Object.entries(response?.headers ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return { status: response?.statusCode ?? 0, headers: Object.fromEntries(headers), body: plain(body) };
}
