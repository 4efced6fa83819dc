/** Bearer tokens: 256 random bits, of which the server keeps a hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from './scope.js';

/** `pwt_` and 43 characters: easy to find in a leaked text, and nothing else is hashed at all. */
const FORM = /^pwt_[A-Za-z0-9_-]{43}$/;

/** A token as the file has it. */
export interface TokenEntry {
  /** SHA-256 of the token. With 256 random bits in it a slow hash would protect nothing more. */
  readonly hash: Buffer;
  readonly caller: Caller;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

export const hashOf = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** @param bytes 32 that nobody can predict */
export const newToken = (bytes: Buffer = randomBytes(32)): string => `pwt_${bytes.toString('base64url')}`;

/**
 * The caller whose token it is; undefined for an unknown or expired one. Every entry is compared, each in constant time, so that
 * the time taken says nothing about which ones there are.
 */
export function callerOf(token: string, entries: readonly TokenEntry[], now: number): Caller | undefined {
  if (!FORM.test(token)) return undefined;
  const hash = hashOf(token);
  let found: TokenEntry | undefined;
  for (const entry of entries) if (timingSafeEqual(entry.hash, hash)) found = entry;
  return found === undefined || (found.expiresAt !== undefined && found.expiresAt <= now) ? undefined : found.caller;
}
