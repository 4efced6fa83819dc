/**
 * Strict CIDR maths for IPv4 and IPv6. Our own because the popular libraries accept `010.0.0.0/8`, `/33` or a leading
 * space (docs/design.md, decision "CIDR"); `ip-address` is the oracle in the tests.
 *
 * A `Cidr` is always canonical: no host bits, no leading zeros, IPv6 lower-case and compressed as RFC 5952 says.
 * Two equal prefixes are therefore equal strings.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { PeerwayError } from '../errors/error.js';

declare const cidrBrand: unique symbol;
/** A canonical prefix such as `10.0.0.0/8` or `2001:db8::/32`. */
export type Cidr = string & { readonly [cidrBrand]: 'Cidr' };

/** IPv4 or IPv6. An IPv4-mapped address (`::ffff:10.0.0.1`) is IPv6. */
export type IpFamily = 4 | 6;

/** A prefix as numbers: first and last address, inclusive. */
export interface CidrRange {
  readonly family: IpFamily;
  readonly prefixLength: number;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS: Record<IpFamily, number> = { 4: 32, 6: 128 };
const FORM = /^[0-9a-fA-F.:]+\/(0|[1-9][0-9]{0,2})$/;

/** Ranges of prefixes seen before: a plan compares the same few prefixes very often. */
const parsed = new Map<string, CidrRange>();
const PARSED_LIMIT = 50_000; // a bound, not a tuning knob: a plan of 10,000 connections names fewer prefixes

/**
 * Reads a prefix written by a person or a cloud.
 *
 * Host bits are refused (`10.0.0.1/8`), because a router would silently use another network than the one written.
 * @throws PeerwayError `InvalidArgument`, with the canonical spelling as remedy where there is one
 */
export function parseCidr(text: string): Cidr {
  const { range, canonical } = read(text);
  const exact = format(range.family, range.first, range.prefixLength);
  if (!canonical) {
    throw invalid(text, 'has host bits set', `Write ${exact}, or the single address ${host(text)}.`);
  }
  remember(exact, range);
  return exact as Cidr;
}

/** Like `parseCidr`, but clears host bits instead of refusing them: for what a cloud answers, never for what a user writes. */
export function canonicalCidr(text: string): Cidr {
  const { range } = read(text);
  const exact = format(range.family, range.first, range.prefixLength);
  remember(exact, range);
  return exact as Cidr;
}

/** True when `parseCidr` would accept the text. */
export function isCidr(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    return read(text).canonical;
  } catch {
    return false;
  }
}

/** Reads a bare address. @throws PeerwayError `InvalidArgument` */
export function parseAddress(text: string): { readonly family: IpFamily; readonly value: bigint } {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  if (isIPv6(text) && !text.includes('%')) return { family: 6, value: ipv6Value(text) };
  throw invalid(text, 'is not an IPv4 or IPv6 address', 'Write an address such as 10.0.0.1 or 2001:db8::1.');
}

/** Numbers of a prefix. Never throws for a `Cidr` that was parsed: it is canonical by construction. */
export function cidrRange(cidr: Cidr): CidrRange {
  const known = parsed.get(cidr);
  if (known !== undefined) return known;
  const { range } = read(cidr);
  remember(cidr, range);
  return range;
}

/** Family of a prefix. */
export const cidrFamily = (cidr: Cidr): IpFamily => (cidr.includes(':') ? 6 : 4);

/** True when the two are the same set of addresses. */
export const cidrEquals = (a: Cidr, b: Cidr): boolean => a === b;

/** True when every address of `inner` is in `outer`; a prefix contains itself; families never mix. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  const a = cidrRange(outer);
  const b = cidrRange(inner);
  return a.family === b.family && a.first <= b.first && b.last <= a.last;
}

/** True when the two share an address. */
export function cidrOverlaps(a: Cidr, b: Cidr): boolean {
  return cidrContains(a, b) || cidrContains(b, a); // prefixes nest or are disjoint, nothing between
}

/** Orders by family, first address, then shorter prefix first: stable output for plans. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  return compareRanges(cidrRange(a), cidrRange(b));
}

function compareRanges(x: CidrRange, y: CidrRange): number {
  if (x.family !== y.family) return x.family - y.family;
  if (x.first !== y.first) return x.first < y.first ? -1 : 1;
  return x.prefixLength - y.prefixLength;
}

/** The item with the most specific prefix that contains all of `destination`, as a router would choose; the first of equals; undefined when none does. */
export function longestMatch<T>(items: Iterable<T>, prefixOf: (item: T) => Cidr, destination: Cidr): T | undefined {
  let best: T | undefined;
  let bestLength = -1;
  for (const item of items) {
    const prefix = prefixOf(item);
    const length = cidrRange(prefix).prefixLength;
    if (length > bestLength && cidrContains(prefix, destination)) {
      best = item;
      bestLength = length;
    }
  }
  return best;
}

/**
 * Every overlapping pair among `items`, in the order of their first addresses; an item is never paired with itself, and
 * `cidrsOf` may return several prefixes of one item. Sorted sweep with a stack of open ranges: O(n log n + pairs).
 */
export function overlaps<T>(items: readonly T[], cidrsOf: (item: T) => readonly Cidr[]): Overlap<T>[] {
  const entries = items.flatMap((item, index) =>
    cidrsOf(item).map((cidr) => ({ item, index, cidr, range: cidrRange(cidr) })),
  );
  entries.sort((a, b) => compareRanges(a.range, b.range));
  const found: Overlap<T>[] = [];
  const open: typeof entries = [];
  for (const entry of entries) {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (top.range.family === entry.range.family && top.range.last >= entry.range.first) break;
      open.pop();
    }
    for (const outer of open) {
      if (outer.index !== entry.index) {
        found.push({ a: outer.item, aCidr: outer.cidr, b: entry.item, bCidr: entry.cidr });
      }
    }
    open.push(entry);
  }
  return found;
}

/** Two items that share addresses: `aCidr` contains `bCidr`, or equals it. */
export interface Overlap<T> {
  readonly a: T;
  readonly aCidr: Cidr;
  readonly b: T;
  readonly bCidr: Cidr;
}

function read(text: string): { readonly range: CidrRange; readonly canonical: boolean } {
  if (typeof text !== 'string' || !FORM.test(text)) {
    throw invalid(text, 'is not a CIDR prefix', 'Write an address, a slash and a length, e.g. 10.8.0.0/16.');
  }
  const slash = text.indexOf('/');
  const { family, value } = parseAddress(text.slice(0, slash));
  const prefixLength = Number(text.slice(slash + 1));
  const bits = BITS[family];
  if (prefixLength > bits) {
    throw invalid(text, `has a length beyond /${bits}`, `An IPv${family} prefix is /0 to /${bits}.`);
  }
  const hostBits = BigInt(bits - prefixLength);
  const first = (value >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { range: { family, prefixLength, first, last }, canonical: first === value };
}

function remember(canonical: string, range: CidrRange): void {
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  parsed.set(canonical, range);
}

const host = (text: string): string => {
  const address = text.slice(0, text.indexOf('/'));
  return `${address}/${address.includes(':') ? 128 : 32}`;
};

// Text is turned into one BigInt at a time, not digit by digit: thousands of prefixes are read for one plan.

const ipv4Number = (text: string): number => text.split('.').reduce((value, part) => value * 256 + Number(part), 0);

const ipv4Value = (text: string): bigint => BigInt(ipv4Number(text));

function ipv6Value(text: string): bigint {
  // an embedded IPv4 tail is two groups
  const groups = text.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const value = ipv4Number(tail);
    return `${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`;
  });
  // an empty part is one group of zeros
  const [head = '', rest] = groups.split('::');
  const left = head.split(':');
  const right = rest?.split(':') ?? [];
  const digits = (part: readonly string[]): string => part.map((group) => group.padStart(4, '0')).join('');
  return BigInt(`0x${digits(left)}${'0000'.repeat(8 - left.length - right.length)}${digits(right)}`);
}

function format(family: IpFamily, first: bigint, prefixLength: number): string {
  return `${family === 4 ? formatIpv4(first) : formatIpv6(first)}/${prefixLength}`;
}

function formatIpv4(value: bigint): string {
  const number = Number(value);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

function formatIpv6(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, at) => parseInt(digits.slice(4 * at, 4 * at + 4), 16).toString(16));
  // RFC 5952: the longest run of two or more zero groups becomes `::`, the first one on a tie
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === '0') length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  if (bestStart < 0) return groups.join(':');
  return `${groups.slice(0, bestStart).join(':')}::${groups.slice(bestStart + bestLength).join(':')}`;
}

function invalid(text: unknown, what: string, remedy: string): PeerwayError {
  return new PeerwayError('InvalidArgument', `${JSON.stringify(text)} ${what}`, { remedy });
}
