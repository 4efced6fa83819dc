/** Values of a config file in messages: short, and never a structure. */

import { mayBeSecretValue } from './secrets.js';

const MAX_SHOWN = 60;

/** The value as a message may quote it. */
export function quote(value: unknown): string {
  if (typeof value === 'string' && mayBeSecretValue(value)) return 'a text that looks like a key and is not shown';
  if (typeof value === 'string')
    return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'object' ? 'a mapping' : JSON.stringify(value);
}
