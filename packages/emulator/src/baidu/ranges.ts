/** IP ranges as the Baidu side checks them: strict parsing, containment, overlap. No library: nothing to agree with by accident. */
import { isIPv4, isIPv6 } from 'node:net';

export interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
  /** Whether the address part has bits set beyond the prefix. */
  readonly hasHostBits: boolean;
}

/** Parses `address/prefix`; undefined for anything else (leading zeros, zone ids, missing prefix). */
export function parseRange(text: string): Range | undefined {
  const match = /^([0-9a-fA-F.:]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const [, address = '', length = ''] = match ?? [];
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (version === undefined) return undefined;
  const width = version === 4 ? 32 : 128;
  const prefix = Number(length);
  if (prefix > width) return undefined;
  const value = version === 4 ? fromV4(address) : fromV6(address);
  const size = 1n << BigInt(width - prefix);
  const first = value - (value % size);
  return { version, first, last: first + size - 1n, prefix, hasHostBits: first !== value };
}

export const contains = (outer: Range, inner: Range): boolean =>
  outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;

export const overlaps = (a: Range, b: Range): boolean =>
  a.version === b.version && a.first <= b.last && b.first <= a.last;

/** 0.0.0.0/0 or ::/0. */
export const isEverything = (range: Range): boolean => range.prefix === 0;

/** The range's own spelling, host bits cleared. IPv6 without shortening of zero runs. */
export function formatRange(range: Range): string {
  if (range.version === 4) {
    const bytes = [24n, 16n, 8n, 0n].map((shift) => ((range.first >> shift) & 255n).toString());
    return `${bytes.join('.')}/${String(range.prefix)}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((range.first >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return `${groups.join(':')}/${String(range.prefix)}`;
}

function fromV4(address: string): bigint {
  return address.split('.').reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function fromV6(address: string): bigint {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const tail =
    dotted === undefined
      ? ''
      : ((value) => `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`)(fromV4(dotted));
  const plain = dotted === undefined ? address : address.slice(0, -dotted.length) + tail;
  const [head = '', rest] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const zeros = rest === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}
