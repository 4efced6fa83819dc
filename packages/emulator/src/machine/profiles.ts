/** How fast and how faithfully the emulated clouds behave, as data. Changeable while running. */
import { demandNumber, demandWhole } from './bounds.js';

export interface Profile {
  /** 0..1,000,000. Every delay of a lifecycle table is multiplied by this. 0: everything has happened by the next request. */
  readonly scale: number;
  /** Share of the delay that is drawn at random, 0..1: a delay d becomes d * (1 - jitter .. 1 + jitter). */
  readonly jitter: number;
  /** Reads that show the past: how many of them (0..1), and how far back at most. */
  readonly staleReads: { readonly probability: number; readonly ms: number };
  /**
   * How long changes take instead of what the delay tables say, in ms, before `scale`: by `alibaba.<delay>`, e.g. `alibaba.vpcPeer.create`,
   * or `baidu.<table>.<delay>`, e.g. `baidu.peerconns.release`. Measured ones come from a live account (`peerway parity`).
   */
  readonly delays?: Readonly<Record<string, number>>;
}

/** A day: no change of a cloud that is watched takes longer. */
const LONGEST_DELAY_MS = 86_400_000;

export type ProfileName = 'instant' | 'documented' | 'slow' | 'chaotic';

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  instant: { scale: 0, jitter: 0, staleReads: { probability: 0, ms: 0 } },
  documented: { scale: 1, jitter: 0, staleReads: { probability: 0, ms: 0 } },
  slow: { scale: 10, jitter: 0.2, staleReads: { probability: 0, ms: 0 } },
  chaotic: { scale: 2, jitter: 0.9, staleReads: { probability: 0.2, ms: 5_000 } },
};

/** A profile by name, or one of the caller's own. Throws a RangeError for a number that no delay can be made of. */
export function resolveProfile(profile: ProfileName | Profile): Profile {
  if (typeof profile === 'string') return PROFILES[profile];
  const { scale, jitter, staleReads, delays = {} } = profile;
  demandNumber('profile.scale', scale, 0, 1_000_000);
  demandNumber('profile.jitter', jitter, 0, 1);
  demandNumber('profile.staleReads.probability', staleReads.probability, 0, 1);
  demandWhole('profile.staleReads.ms', staleReads.ms, 0, Number.MAX_SAFE_INTEGER);
  for (const [name, ms] of Object.entries(delays)) demandWhole(`profile.delays ${name}`, ms, 0, LONGEST_DELAY_MS);
  return profile;
}
