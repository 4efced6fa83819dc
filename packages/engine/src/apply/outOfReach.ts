/** The end of a peering at whose other end stands what nobody here can remove. */
import { isPeerwayError, PeerwayError } from '@peerway/core';
import type { Work } from './stepContext.js';

/** Long enough for a cloud to forget our own routes, which were deleted before; those of the other side stay for good. */
export const HOPELESS_AFTER_MS = 15_000;

/** Our own routes are gone by then: what the cloud still minds stands at the end that nobody here speaks for. */
export const keptByOthers = (error: unknown, { networks }: Work<'peering.delete'>): unknown =>
  isPeerwayError(error, 'Conflict')
    ? new PeerwayError('FailedPrecondition', `${error.message} Nothing of ours is left, so it is the other account’s`, {
        ...error.details,
        retry: 'never',
        remedy: `Ask the owner of the other end (of ${networks.join(' or ')}) to delete the routes that lead over the peering, or to end it, and run again. Where it is yours, a provider entry for its account and region in the file is all that is needed.`,
      })
    : error;
