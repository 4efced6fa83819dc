/** `peerway serve`: the API and the page over whatever runs the stacks. Holds no credential of a cloud. */
import type { Clock } from '@peerway/core';
import { TokenFile } from './access/tokenFile.js';
import { Api } from './api/api.js';
import type { RunService } from './runs/service.js';

export interface ServeOptions {
  readonly service: RunService;
  /** The file of tokens, as the user names it. */
  readonly tokens: string;
  /** Where relative file names start. */
  readonly cwd: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly behindProxy: boolean;
  readonly clock: Clock;
  /** The release, for the description of the API. */
  readonly version: string;
  readonly log: (line: string) => void;
}

export interface Serving {
  readonly url: string;
  /** Ends streams and listening; the service stays the caller's. */
  close(): Promise<void>;
}

/** @throws PeerwayError for a file of tokens that cannot be used, or an address where nothing can listen */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { tokens, cwd, clock, host, port, ...rest } = options;
  const api = new Api({ ...rest, clock, tokens: await TokenFile.open(tokens, { cwd, clock }) });
  const url = await api.listen(host, port);
  return { url, close: () => api.close() };
}
