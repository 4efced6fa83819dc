/** What a call can see: objects of its own account and, where it names one, of its region. */
import type { Call } from '../../machine/cloud.js';
import type { Place } from '../records.js';

export function reachable<R extends Place>(record: R | undefined, call: Call): R | undefined {
  if (record?.account !== call.caller.account) return undefined;
  return call.region === undefined || record.region === call.region ? record : undefined;
}
