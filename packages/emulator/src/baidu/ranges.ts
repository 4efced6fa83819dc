/** IP ranges as the Baidu side takes them: a prefix is demanded, and host bits are seen, so that a rule can decide. */
import { parseV4, parseV6 } from '../machine/cidr.js';
import type { Range } from '../machine/cidr.js';

export { contains, overlap, sameRange } from '../machine/cidr.js';
export type { Range } from '../machine/cidr.js';

interface ParsedRange {
  /** The range without host bits. */
  readonly range: Range;
  /** Whether the address part had bits set beyond the prefix. */
  readonly hadHostBits: boolean;
}

/** Parses `address/prefix`; undefined for anything else (leading zeros, zone ids, a missing prefix). */
export function parseRange(text: string): ParsedRange | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const [, address = '', prefix = ''] = match ?? [];
  const version = address.includes(':') ? 6 : 4;
  const value = version === 4 ? parseV4(address) : parseV6(address);
  const bits = version === 4 ? 32 : 128;
  const length = Number(prefix);
  if (value === undefined || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const first = value - (value % size);
  const hadHostBits = first !== value;
  const canonical = hadHostBits ? `${formatAddress(version, first)}/${prefix}` : text.toLowerCase();
  return { range: { version, first, last: first + size - 1n, length, text: canonical }, hadHostBits };
}

/** 0.0.0.0/0 or ::/0. */
export const isEverything = (range: Range): boolean => range.length === 0;

/** IPv6 without shortening of zero runs. */
function formatAddress(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');
  const group = (index: number): string => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16);
  return Array.from({ length: 8 }, (_, index) => group(index)).join(':');
}
