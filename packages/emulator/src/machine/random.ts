/** Seeded randomness: every id, jitter and fault decision of one emulator comes from one seed, so a run can be repeated. */

const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MIXED_ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/** A small fast generator (mulberry32). Its whole state is one 32-bit number, so a snapshot can hold it. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  get state(): number {
    return this.#state;
  }

  set state(value: number) {
    this.#state = value >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** `length` characters of [a-z0-9]. */
  lowerAlphanumeric(length: number): string {
    return this.#pick(LOWER_ALPHANUMERIC, length);
  }

  /** `length` characters of [A-Za-z0-9]. */
  alphanumeric(length: number): string {
    return this.#pick(MIXED_ALPHANUMERIC, length);
  }

  hex(length: number): string {
    return this.#pick(HEX, length);
  }

  /** A version 4 UUID in lower case. */
  uuid(): string {
    const hex = this.hex(32);
    const variant = '89ab'.charAt(Math.floor(this.next() * 4));
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  #pick(alphabet: string, length: number): string {
    let text = '';
    for (let index = 0; index < length; index += 1) text += alphabet.charAt(Math.floor(this.next() * alphabet.length));
    return text;
  }
}
