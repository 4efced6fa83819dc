// Mutants that were looked at and change nothing that anybody could see: `equivalent/NAME.json` for the package of that name, `any.json`
// for every package. Of `file`, `line` and `original` those that are given must fit.
import { existsSync, readFileSync } from 'node:fs';

/** The line, without its indentation, on which the mutant begins. */
const lineOf = ({ text, start }) => {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', start);
  return text.slice(from, to === -1 ? undefined : to).trim();
};

const originalOf = ({ text, start, end }) => text.slice(start, end).replace(/\s+/g, ' ');

/** What is known of the mutants of one package. */
export class Known {
  #entries;
  #used = new Set();

  constructor(name) {
    this.#entries = ['any', name].flatMap((list) => {
      const path = new URL(`equivalent/${list}.json`, import.meta.url);
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
    });
  }

  /** Why the mutant changes nothing, or undefined. */
  whyEquivalent(mutant) {
    const entry = this.#entries.find(
      ({ file, line, operator, original, replacement }) =>
        (file === undefined || file === mutant.file) &&
        operator === mutant.operator &&
        (line === undefined || line === lineOf(mutant)) &&
        (original === undefined || original === originalOf(mutant)) &&
        (replacement === undefined || replacement === mutant.replacement),
    );
    if (entry !== undefined) this.#used.add(entry);
    return entry?.because;
  }

  /** Entries of a file that fit none of these mutants: the source has changed since they were written. */
  stale(mutants) {
    for (const mutant of mutants) this.whyEquivalent(mutant);
    return this.#entries.filter((entry) => entry.file !== undefined && !this.#used.has(entry));
  }
}
