// Tables of the documents that lead a reader to files: docs/design.md section 2.1 (the way of one connection) and the map of
// CONTRIBUTING.md. Every file and every name in them must be there. Paths are below `packages/`, or else from the root; a bare
// name stands in the folder named before it; a word without a dot or slash is a name in the file named before it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TABLES = [
  { page: 'docs/design.md', heading: '### 2.1 ', names: false },
  { page: 'CONTRIBUTING.md', heading: '## I want to', names: true },
];
const FILE = /^\S+(\.(ts|mjs|md)|\/)$/;

/** @param text of the page, for tests @returns one line per file or name that is not there, or one when the table itself is gone */
export function tableFindings({ page, heading, names }, text = readFileSync(page, 'utf8')) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(heading));
  const to = lines.findIndex((line, at) => at > from && line.startsWith('## '));
  const findings = [];
  let named = 0;
  lines.slice(Math.max(from, 0), to < 0 ? undefined : to).forEach((line, at) => {
    if (!line.startsWith('| ')) return;
    let folder = 'packages';
    let file = '';
    for (const [, word = ''] of line.matchAll(/`([^`]+)`/g)) {
      const missing = (what) => findings.push(`${page}:${from + at + 1}: names ${what}, which is not there`);
      if (FILE.test(word)) {
        named += 1;
        const place = [join('packages', word), join(folder, word), word].find((one) => existsSync(one));
        if (place === undefined) missing(word);
        else folder = word.endsWith('/') ? place : dirname((file = place));
      } else if (names && file !== '' && statSync(file).isFile() && /^\w+$/.test(word)) {
        if (!new RegExp(`\\b${word}\\b`).test(readFileSync(file, 'utf8'))) missing(`${word} of ${file}`);
      }
    }
  });
  if (from < 0 || named === 0) findings.push(`${page}: the table below "${heading.trim()}" names no file`);
  return findings;
}

export const namedFileFindings = () => TABLES.flatMap((table) => tableFindings(table));
