/** Data as users choose it, drawn: the same for the same seed, which the title of the run names. */
import { parseCidr, type Cidr, type Random } from '@peerway/core';

const PLAIN = [...'abcdefghijkmnpqrstuvwxyz0123456789'];

export class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A whole number, both bounds included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random.next() * (most - least + 1));
  }

  /** Letters and digits of ASCII. */
  plain(length: number): string {
    return this.#text(PLAIN, length);
  }

  /** Letters out of a text that holds each once. */
  lettersOf(alphabet: string, length: number): string {
    return this.#text([...alphabet], length);
  }

  /** Some prefix inside the IPv4 block that starts at the address, of a length between the two. */
  prefix4(start: number, block: number, longest: number): Cidr {
    const length = this.between(block, longest);
    const address = start + this.between(0, 2 ** (length - block) - 1) * 2 ** (32 - length);
    const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
    return parseCidr(`${bytes.join('.')}/${length}`);
  }

  /** A prefix of 48 to 64 bits inside `2001:db8:<block>::/48`, the block between 0 and 65,535. */
  prefix6(block: number): Cidr {
    const length = 48 + 4 * this.between(0, 4);
    const part = this.between(0, 2 ** (length - 48) - 1) * 2 ** (64 - length);
    return parseCidr(`2001:db8:${block.toString(16)}${part === 0 ? '' : `:${part.toString(16)}`}::/${length}`);
  }

  #text(letters: readonly string[], length: number): string {
    return Array.from({ length }, () => letters[this.between(0, letters.length - 1)] ?? '').join('');
  }
}

/** An id of the same form, of letters and digits of the same kinds, that nothing has. */
export function unusedIdLike(id: string): string {
  const from = Math.max(id.search(/[0-9A-Za-z]+$/) + 1, id.length - 8);
  const hex = /^[0-9a-f]*$/.test(id.slice(from));
  const turned = (letter: string, first: string, count: number): string =>
    String.fromCharCode(first.charCodeAt(0) + ((letter.charCodeAt(0) - first.charCodeAt(0) + 5) % count));
  return (
    id.slice(0, from) +
    id
      .slice(from)
      .replace(/[0-9]|[a-z]|[A-Z]/g, (one) =>
        one <= '9' ? turned(one, '0', 10) : one >= 'a' ? turned(one, 'a', hex ? 6 : 26) : turned(one, 'A', 26),
      )
  );
}
