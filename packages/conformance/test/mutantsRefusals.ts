/** Broken drivers that read a code of the cloud wrongly. */
import { isPeerwayError, PeerwayError } from '@peerway/core';
import { failures, type Mutant } from './broken.js';

/** Errors with this code of the cloud, or with any, otherwise. */
const about = (nativeCode: string | undefined, change: (error: PeerwayError) => PeerwayError) =>
  failures((error) =>
    isPeerwayError(error) &&
    error.details.nativeCode !== undefined &&
    (nativeCode ?? error.details.nativeCode) === error.details.nativeCode
      ? change(error)
      : error,
  );

export const REFUSALS: readonly Mutant[] = [
  {
    name: 'reads one code of many as another',
    topics: ['errors'],
    driver: about('BuiltIn', (error) =>
      error.details.nativeOperation?.startsWith('Get') === true
        ? new PeerwayError('InvalidArgument', error.message, error.details)
        : error,
    ),
  },
  {
    name: 'takes a code that it does not know for something missing',
    topics: ['errors'],
    driver: about(undefined, (error) =>
      error.code === 'Unknown' ? new PeerwayError('NotFound', error.message, error.details) : error,
    ),
  },
  {
    name: 'leaves a refused creation in doubt',
    topics: ['errors'],
    driver: about('RouteExists', (error) =>
      error.details.nativeOperation === 'CreatePeering'
        ? new PeerwayError(error.code, error.message, { ...error.details, outcome: 'unknown' })
        : error,
    ),
  },
];
