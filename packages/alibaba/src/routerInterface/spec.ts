/** Megabits per second and the service's words for them (the table is in capabilities.ts). */
import { PeerwayError } from '@peerway/core';
import { SPECS } from '../capabilities.js';
import { PROVIDER } from '../convert.js';

const MBPS: ReadonlyMap<string, number> = new Map([...SPECS].map(([mbps, spec]) => [spec, mbps]));

/** What the seeds use, and what the service prescribes, inside one region. */
const SAME_REGION_SPEC = 'Large.2';

/** @throws PeerwayError `InvalidArgument` when it is not sold, or when it is left out between regions, where it costs money */
export function specOf(bandwidthMbps: number | undefined, sameRegion: boolean): string {
  const spec = bandwidthMbps === undefined ? (sameRegion ? SAME_REGION_SPEC : undefined) : SPECS.get(bandwidthMbps);
  if (spec !== undefined) return spec;
  const what = bandwidthMbps === undefined ? 'No bandwidth' : `${bandwidthMbps} Mbit/s`;
  throw new PeerwayError('InvalidArgument', `${what} cannot be had for router interfaces between regions`, {
    provider: PROVIDER,
    remedy: `Give bandwidthMbps as one of ${[...SPECS.keys()].join(', ')}.`,
  });
}

/** By the word, not by the number beside it: `Large.2` is sold as 2000 and answered as 2048. */
export function mbpsOf(spec: string | undefined, answered: number | undefined): number | undefined {
  const listed = spec === undefined ? undefined : MBPS.get(spec);
  return listed ?? (answered === undefined || answered === 0 ? undefined : answered);
}
