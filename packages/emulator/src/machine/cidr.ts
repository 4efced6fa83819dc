/** Address ranges, just enough to enforce the clouds' rules. Shares no code with the product that is tested against it. */

export interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** Prefix length. */
  readonly length: number;
  /** Canonical text: bare addresses get their full prefix length, IPv6 is kept as written. */
  readonly text: string;
}

/** Reads a CIDR or a bare address; undefined when it is malformed or has host bits set. */
export function parseRange(text: string): Range | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const version = address.includes(':') ? 6 : 4;
  const bits = version === 4 ? 32 : 128;
  const value = version === 4 ? parseV4(address) : parseV6(address);
  if (value === undefined || (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix))) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  if (value % size !== 0n) return undefined;
  return { version, first: value, last: value + size - 1n, length, text: `${address}/${String(length)}` };
}

/** An IPv4 address as a number; undefined when malformed. */
export function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

export function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = (half: string | undefined): string[] => (half === undefined || half === '' ? [] : half.split(':'));
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<string>(Math.max(gap, 0)).fill('0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

export const overlap = (a: Range, b: Range): boolean =>
  a.version === b.version && a.first <= b.last && b.first <= a.last;

/** Whether `outer` contains `inner` or equals it. */
export const contains = (outer: Range, inner: Range): boolean =>
  outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;

/** Whether two ranges are the same range, however they are written. */
export const sameRange = (a: Range, b: Range): boolean =>
  a.version === b.version && a.first === b.first && a.last === b.last;
