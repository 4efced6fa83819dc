/** How often a place may show a wrong token. Guessing 256 bits is hopeless; this keeps it from costing anybody else anything. */

/** So many at once, and one more every so often. */
const BURST = 10;
const REFILL_MS = 6_000;
/** More places than this are not remembered; the one that failed longest ago is forgotten first. */
const MOST_PLACES = 10_000;

export class AuthFailures {
  /** When a place's allowance is whole again, by place: the instants move on by one refill a failure. */
  readonly #wholeAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** How long the place has to wait before its next token is looked at; 0 when it need not. */
  waitMs(place: string): number {
    const wholeAt = this.#wholeAt.get(place) ?? 0;
    return Math.max(0, wholeAt - this.now() - (BURST - 1) * REFILL_MS);
  }

  add(place: string): void {
    const wholeAt = Math.max(this.now(), this.#wholeAt.get(place) ?? 0) + REFILL_MS;
    this.#wholeAt.delete(place);
    this.#wholeAt.set(place, wholeAt);
    if (this.#wholeAt.size <= MOST_PLACES) return;
    for (const oldest of this.#wholeAt.keys()) {
      this.#wholeAt.delete(oldest);
      return;
    }
  }
}

/** IPv6 addresses come by the /64: one host has them all. */
export function placeOfAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  if (tail !== undefined) groups.push(...Array.from({ length: 8 - groups.length }, () => '0'));
  return groups.slice(0, 4).join(':');
}
