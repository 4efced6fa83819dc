/** Randomness as a dependency, so that jitter, tokens and generated worlds repeat from a printed seed. */
import { randomBytes } from 'node:crypto';

/** A source of randomness. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Version 4 UUID text, 36 characters. */
  uuid(): string;
}

/** The machine's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => uuidFrom([...randomBytes(16)]),
};

/** Mulberry32: small, fast, good enough for tests; never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, uuid: () => uuidFrom(Array.from({ length: 16 }, () => Math.floor(next() * 256))) };
}

function uuidFrom(bytes: readonly number[]): string {
  const marked = bytes.map((byte, at) => (at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte));
  const hex = marked.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
