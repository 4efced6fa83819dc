/** Engines share what a process has once, and know their process by its clock. */
import type { Clock } from '@peerway/core';

/** The same time, as another process sees it: what runs on it shares nothing with the others. */
export const inNewProcess = (clock: Clock): Clock => ({
  now: () => clock.now(),
  sleep: (ms, signal) => clock.sleep(ms, signal),
  during: (work) => clock.during(work),
});
