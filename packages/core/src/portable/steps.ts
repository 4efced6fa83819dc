/** What handshakes and deletions of several steps have in common, for peerings and links alike. */
import type { BeforeDelete, DeleteProgress } from '../driver/driver.js';
import { isPeerwayError, PeerwayError } from '../errors/error.js';
import { movesByItself, type LifecycleState } from '../model/lifecycle.js';
import { DEFAULT_TIMEOUT_MS } from '../wait/waiter.js';
import type { WaitingOptions } from './environment.js';
import type { Invoker } from './invoker.js';

/** How long a reading may lag behind what was done; clouds answer reads from copies. */
export const STALE_FOR_MS = 10_000;

/** More steps than any cloud needs to take a thing down; beyond it the driver repeats itself. */
const MOST_STEPS = 20;

/** What the options of a deletion say of what was read before it, and nothing else of them. */
export const beforeDelete = <T>({ seen, unrouted }: BeforeDelete<T>): BeforeDelete<T> => ({
  ...(seen === undefined ? {} : { seen }),
  ...(unrouted === undefined ? {} : { unrouted }),
});

/**
 * What one request to delete came to: what the driver says, or `missing` where the cloud answered that there is no such object. The
 * object is gone, then, or that answer is not true: only a look tells.
 */
export type DeletionStep = DeleteProgress | 'missing';

/** What is left of a thing that is being deleted. */
interface Remains {
  readonly state: LifecycleState;
  readonly nativeState: string;
  readonly next?: unknown;
}

/**
 * Makes a step tolerant of readings that lag: a stale one asks for a step that was taken already, which the cloud refuses
 * with `FailedPrecondition`. Such a refusal counts as "something moved" until it has lasted for `STALE_FOR_MS`.
 * @returns a function with the result of the step: true when something was done
 */
export function tolerateStaleReadings(invoker: Invoker): (step: () => Promise<boolean>) => Promise<boolean> {
  const { clock } = invoker.environment;
  let refusedSince: number | undefined;
  return async (step) => {
    try {
      const moved = await step();
      refusedSince = undefined;
      return moved;
    } catch (error) {
      if (invoker.readOnly || !isPeerwayError(error, 'FailedPrecondition')) throw error;
      refusedSince ??= clock.now();
      if (clock.now() - refusedSince >= STALE_FOR_MS) throw error;
      return true;
    }
  };
}

/**
 * Repeats `step` until nothing is left; all waits together stay within the timeout.
 * @throws PeerwayError `DeadlineExceeded`; `Internal` when the driver says `continue` for ever
 */
export async function deleteInSteps<T extends Remains>(
  invoker: Invoker,
  options: WaitingOptions,
  thing: {
    readonly kind: 'peering' | 'link';
    readonly id: string;
    /** @param seen the last reading; undefined before the first */
    readonly step: (seen: T | undefined) => Promise<DeletionStep>;
    readonly find: () => Promise<T | undefined>;
  },
): Promise<void> {
  const { clock, wait } = invoker.environment;
  const deadline = clock.now() + (options.timeoutMs ?? wait?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const what = `${thing.kind} ${thing.id} to go`;
  let left: T | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const progress = await thing.step(left);
    if (progress === 'gone') return;
    const timeoutMs = Math.max(0, deadline - clock.now());
    left = await invoker.wait(
      { ...options, timeoutMs },
      {
        what,
        resource: thing.id,
        look: thing.find,
        judge: (seen) => {
          if (seen === undefined) return { kind: 'success' };
          return progress === 'continue' && !movesByItself(seen) ? { kind: 'success' } : { kind: 'retry' };
        },
        describe: (seen) => seen?.nativeState ?? 'gone',
      },
    );
    if (left === undefined) return;
  }
  throw new PeerwayError('Internal', `Waiting for ${what}: ${MOST_STEPS} steps did not end it`, {
    provider: invoker.provider,
    resource: thing.id,
    remedy: 'This is a defect of the provider package; delete the rest in the cloud by hand.',
  });
}
