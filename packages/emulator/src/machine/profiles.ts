/** How fast and how faithfully the emulated clouds behave, as data. Changeable while running. */

export interface Profile {
  /** Every delay of a lifecycle table is multiplied by this. 0: everything has happened by the next request. */
  readonly scale: number;
  /** Share of the delay that is drawn at random, 0..1: a delay d becomes d * (1 - jitter .. 1 + jitter). */
  readonly jitter: number;
  /** Reads that show the past: how many of them (0..1), and how far back at most. */
  readonly staleReads: { readonly probability: number; readonly ms: number };
}

export type ProfileName = 'instant' | 'documented' | 'slow' | 'chaotic';

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  instant: { scale: 0, jitter: 0, staleReads: { probability: 0, ms: 0 } },
  documented: { scale: 1, jitter: 0, staleReads: { probability: 0, ms: 0 } },
  slow: { scale: 10, jitter: 0.2, staleReads: { probability: 0, ms: 0 } },
  chaotic: { scale: 2, jitter: 0.9, staleReads: { probability: 0.2, ms: 5_000 } },
};
