/**
 * Items of a listing that are there and that no table can read: a state word that nobody knows, say. What belongs to a stranger
 * must not stop a command that has nothing to do with it, so a listing names such items beside those that it could read; it is
 * an error to whom it concerns, and never a guess.
 */
import { isPeerwayError, type PeerwayError } from '../errors/error.js';
import type { NetworkId } from '../model/ids.js';
import type { Tags } from '../model/peering.js';

/** One such item, as far as its record can be read: enough to tell whose business it is. */
export interface Unreadable {
  readonly id: string;
  /** The networks that it joins or stands in, as far as they are known. */
  readonly networks: readonly NetworkId[];
  readonly description: string;
  /** Empty where the record shows none. */
  readonly tags: Tags;
  /** `Unknown`, naming the word. */
  readonly error: PeerwayError;
}

/**
 * Reads every record by itself. What is thrown with the code `Unknown` becomes an unreadable item; everything else is thrown on.
 * @param read undefined leaves the record out @param about told of a record that could not be read
 */
export function readEach<R, T>(
  records: readonly R[],
  read: (record: R) => T | undefined,
  about: (record: R) => Omit<Unreadable, 'error'>,
): { readonly items: readonly T[]; readonly unreadable?: readonly Unreadable[] } {
  const items: T[] = [];
  const unreadable: Unreadable[] = [];
  for (const record of records) {
    try {
      const item = read(record);
      if (item !== undefined) items.push(item);
    } catch (error) {
      if (!isPeerwayError(error, 'Unknown')) throw error;
      unreadable.push({ ...about(record), error });
    }
  }
  return { items, ...(unreadable.length === 0 ? {} : { unreadable }) };
}
