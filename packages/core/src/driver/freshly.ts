/** For drivers: acting on a reading that somebody took a moment ago, without taking it again. */
import type { ErrorCode } from '../errors/codes.js';
import { PeerwayError } from '../errors/error.js';

/** What a cloud says of an object that is no longer as it was read. */
const MAY_BE_STALE: ReadonlySet<ErrorCode> = new Set(['NotFound', 'Conflict', 'FailedPrecondition', 'InvalidArgument']);

/**
 * Acts on what was seen, or else on what it reads; and reads after all when the cloud refuses what came of the first, for that may
 * have been of another moment.
 */
export async function freshly<Seen, Result>(
  seen: Seen | undefined,
  read: () => Promise<Seen>,
  act: (seen: Seen) => Promise<Result>,
): Promise<Result> {
  if (seen !== undefined) {
    try {
      return await act(seen);
    } catch (thrown) {
      if (!(thrown instanceof PeerwayError) || !MAY_BE_STALE.has(thrown.code)) throw thrown;
    }
  }
  return act(await read());
}
