/** How the workers of an engine keep `callsPerSecond:` together: exactly where there is a database for it, else by equal shares. */
import type { Clock, SharedRate } from '@peerway/core';
import { SharesOfRate } from './sharesOfRate.js';

export interface WorkersRateOptions {
  /** `postgres://…`; absent: shares. */
  readonly url: string | undefined;
  readonly clock: Clock;
  /** Workers that have asked for work lately. */
  readonly count: () => Promise<number>;
  readonly log: (line: string) => void;
}

export interface WorkersRate {
  readonly rate: SharedRate;
  close(): Promise<void>;
}

/** @throws PeerwayError `Unavailable` when there is to be a database and it cannot be used */
export async function workersRate({ url, clock, count, log }: WorkersRateOptions): Promise<WorkersRate> {
  const ended = new AbortController();
  const shares = new SharesOfRate(clock, count);
  const counting = shares.keepCounting(ended.signal);
  const close = async (): Promise<void> => {
    ended.abort();
    await counting;
  };
  if (url === undefined || url === '') return { rate: shares, close };
  try {
    const { PostgresRate } = await import('./postgresRate.js');
    const rate = await PostgresRate.connect({
      url,
      meanwhile: shares,
      now: () => clock.now(),
      onChange: (reachable) =>
        log(
          reachable
            ? 'The database of the rates answers again.'
            : 'The database of the rates does not answer; this worker keeps to its share of each rate meanwhile.',
        ),
    });
    return {
      rate,
      close: async () => {
        await rate.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
