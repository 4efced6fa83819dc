/** Keys by which a client that heard no answer orders the same run again, and not a second one. Kept with the run that they began. */
import { createHash } from 'node:crypto';
import { PeerwayError } from '@peerway/core';

/**
 * The key as the service gets it: one caller's says nothing about another's.
 * @throws PeerwayError `InvalidArgument` for a key of another form
 */
export function keyOf(caller: string, stack: string, key: string): string {
  if (!/^[!-~]{1,100}$/.test(key)) {
    throw new PeerwayError('InvalidArgument', 'The idempotency key is not 1 to 100 visible characters', {
      place: 'Idempotency-Key',
      remedy: 'Send a UUID, for example.',
    });
  }
  return createHash('sha256')
    .update(JSON.stringify([caller, stack, key]))
    .digest('hex');
}
