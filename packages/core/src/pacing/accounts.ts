/**
 * Which provider entries of a process ask as one: flow control is counted per account, so entries of one account share one
 * limiter, whatever their regions, and whichever application object they belong to.
 */
import type { AccountId } from '../model/ids.js';
import type { Clock } from '../wait/clock.js';
import { RequestLimiter } from './requestLimiter.js';

/** Whose requests they are. */
export interface Requester {
  /** Plugin id. */
  readonly plugin: string;
  /** The cloud's address where the user replaced it. */
  readonly endpoint?: string;
  /** When the user wrote it down. */
  readonly account?: AccountId;
  /** Equal for equal credentials, see `ProviderSettings`. */
  readonly credentials: string;
}

/** By clock: a process has one, each test has its own. */
const limiters = new WeakMap<Clock, Map<string, RequestLimiter>>();

/** The limiter of an account: the one that its id or these credentials already have in this process, else a new one. */
export function limiterOf(clock: Clock, { plugin, endpoint = '', account, credentials }: Requester): RequestLimiter {
  let known = limiters.get(clock);
  if (known === undefined) limiters.set(clock, (known = new Map<string, RequestLimiter>()));
  const names = [`credentials ${credentials}`, ...(account === undefined ? [] : [`account ${account}`])].map(
    (name) => `${plugin} ${endpoint} ${name}`,
  );
  const found = names.map((name) => known.get(name)).find((limiter) => limiter !== undefined);
  const limiter = found ?? new RequestLimiter(clock);
  for (const name of names) if (!known.has(name)) known.set(name, limiter);
  return limiter;
}
