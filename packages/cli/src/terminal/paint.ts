/** Colours, or none: piped output, NO_COLOR and dumb terminals get plain text. */
import picocolors from 'picocolors';
import type { Sink } from './io.js';

export type Paint = Pick<
  ReturnType<typeof picocolors.createColors>,
  'isColorSupported' | 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta'
>;

export function newPaint(env: Readonly<Record<string, string | undefined>>, sink: Sink): Paint {
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const forced = (env['FORCE_COLOR'] ?? '0') !== '0';
  return picocolors.createColors(!refused && (forced || sink.isTTY === true));
}
