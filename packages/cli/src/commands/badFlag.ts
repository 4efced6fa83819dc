/** A flag whose value a command cannot use. */
import { PeerwayError } from '@peerway/runtime';

export const badFlag = (flag: string, what: string, remedy: string): PeerwayError =>
  new PeerwayError('InvalidArgument', `${flag} ${what}`, { place: flag, remedy });
