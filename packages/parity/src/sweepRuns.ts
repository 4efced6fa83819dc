/** Sweeps by a run's marks alone, for whoever has the parties. */
import { PeerwayError, type Clock } from '@peerway/core';
import type { Cloud } from './cloud.js';
import { sweep, type Swept } from './sweep.js';
import { LiveWire } from './wire/live.js';
import { partyKeysOf, type Parties, type PartyKey } from './wire/parties.js';

export const regionsOf = (parties: Parties): Readonly<Partial<Record<PartyKey, string>>> =>
  Object.fromEntries(partyKeysOf(parties).map((key) => [key, parties[key]?.region]));

/** What parity changes in an account, from the keys of an evidence file alone. */
export async function sweepRuns(
  cloud: Cloud,
  parties: Parties,
  options: { readonly clock: Clock; readonly run?: string },
): Promise<Swept> {
  const sweeper = cloud.sweeper(new LiveWire(parties, options.clock), regionsOf(parties));
  return sweep(sweeper, options.run === undefined ? {} : { run: options.run }, options.clock);
}

/** The failure that ended the run is the one to tell; what could not be removed then is for `clean`. */
export async function lastSweep(
  { cloud, parties, clock }: { readonly cloud: Cloud; readonly parties: Parties; readonly clock: Clock },
  run: string,
): Promise<Swept> {
  try {
    return await sweepRuns(cloud, parties, { clock, run });
  } catch (error) {
    return { removed: 0, left: [error instanceof PeerwayError ? error.message : 'the account could not be read'] };
  }
}
