/** Requests of Baidu AI Cloud in one line each. */
import type { RawRequest } from '@peerway/core';

export interface RestMore {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const restRequest = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { query, body }: RestMore = {},
): RawRequest => ({
  operation: `${method} ${path.replaceAll(/\/[^/]*[-<][^/]*/g, '/{id}')}`,
  method,
  path,
  ...(query === undefined ? {} : { query }),
  ...(body === undefined ? {} : { body }),
});
