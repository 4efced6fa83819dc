/** The `--interval` of commands that look again and again. */
import { PeerwayError } from '@peerway/runtime';
import type { Flags } from '../flags.js';

/** Milliseconds. @throws PeerwayError `InvalidArgument` for anything but a number of seconds from 0.2 to 3,600 */
export function intervalOf(flags: Flags): number {
  const text = flags.text('interval') ?? '2';
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0.2 && seconds <= 3_600)) {
    throw new PeerwayError('InvalidArgument', `--interval ${JSON.stringify(text)} is not a pause in seconds`, {
      place: '--interval',
      remedy: 'Give 0.2 to 3600, e.g. --interval 5.',
    });
  }
  return seconds * 1_000;
}
