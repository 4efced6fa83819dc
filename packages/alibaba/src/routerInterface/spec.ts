/** Megabits per second and the service's words for them (the table is in capabilities.ts). */
import { PeerwayError } from '@peerway/core';
import { SPECS } from '../capabilities.js';
import type { AlibabaOptions } from '../options.js';
import { PROVIDER } from '../wire/errors.js';

const MBPS: ReadonlyMap<string, number> = new Map([...SPECS].map(([mbps, spec]) => [spec, mbps]));

/** What the vendor's programs use (docs/facts/alibaba.md 11), and what the service prescribes, inside one region. */
const SAME_REGION_SPEC = 'Large.2';

/** @throws PeerwayError `InvalidArgument` for a bandwidth that is not sold */
export function specOf(bandwidthMbps: number): string {
  const spec = SPECS.get(bandwidthMbps);
  if (spec !== undefined) return spec;
  throw new PeerwayError('InvalidArgument', `Router interfaces do not come with ${bandwidthMbps} Mbit/s`, {
    provider: PROVIDER,
    remedy: `Give bandwidthMbps as one of ${[...SPECS.keys()].join(', ')}.`,
  });
}

/** Where the caller names no bandwidth: inside one region what the service prescribes, between regions what the options say. */
export const chosenSpec = (
  bandwidthMbps: number | undefined,
  sameRegion: boolean,
  { defaultBandwidthMbps }: AlibabaOptions,
): string =>
  bandwidthMbps === undefined && sameRegion ? SAME_REGION_SPEC : specOf(bandwidthMbps ?? defaultBandwidthMbps);

/** By the word, not by the number beside it: `Large.2` is sold as 2000 and answered as 2048. */
export function mbpsOf(spec: string | undefined, answered: number | undefined): number | undefined {
  const listed = spec === undefined ? undefined : MBPS.get(spec);
  return listed ?? (answered === undefined || Number(answered) === 0 ? undefined : Number(answered));
}
