// Mutants that were looked at and change nothing that anybody could see. Of `file`, `line` and `original` those that are given must fit.
import { readFileSync } from 'node:fs';

const ENTRIES = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'));

/** The line, without its indentation, on which the mutant begins. */
export const lineOf = ({ text, start }) => {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', start);
  return text.slice(from, to === -1 ? undefined : to).trim();
};

export const originalOf = ({ text, start, end }) => text.slice(start, end).replace(/\s+/g, ' ');

/** Why the mutant changes nothing, or undefined. */
export function whyEquivalent(mutant) {
  const entry = ENTRIES.find(
    ({ file, line, operator, original }) =>
      (file === undefined || file === mutant.file) &&
      operator === mutant.operator &&
      (line === undefined || line === lineOf(mutant)) &&
      (original === undefined || original === originalOf(mutant)),
  );
  return entry?.because;
}
