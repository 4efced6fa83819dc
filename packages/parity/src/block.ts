/** Sixteen bits of address space that no network of the account uses. */
import { canonicalCidr, cidrOverlaps, parseCidr, PeerwayError } from '@peerway/core';

const CANDIDATES: readonly string[] = [
  ...Array.from({ length: 256 }, (_, index) => `10.${255 - index}`),
  ...Array.from({ length: 16 }, (_, index) => `172.${31 - index}`),
  '192.168',
];

/** @returns its first two numbers, e.g. `10.255` @throws PeerwayError `FailedPrecondition` when everything is taken */
export function freeBlock(taken: readonly string[]): string {
  const known = taken.map((text) => canonicalCidr(text));
  const free = CANDIDATES.find((block) => {
    const candidate = parseCidr(`${block}.0.0/16`);
    return !known.some((cidr) => cidrOverlaps(cidr, candidate));
  });
  if (free !== undefined) return free;
  throw new PeerwayError('FailedPrecondition', 'The networks of the account use every private address there is', {
    remedy: 'Run it in a region or an account that has room.',
  });
}
