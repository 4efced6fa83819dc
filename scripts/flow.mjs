// docs/design.md section 2.1, the way of one connection: every file that its table names is there.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PAGE = 'docs/design.md';
const NAMED = /`([\w./-]+(?:\.ts|\/))`/g;

/** @param text the page @returns one line per file that is named and is not there, or one when the table itself is gone */
export function flowFindings(text = readFileSync(PAGE, 'utf8')) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('### 2.1 '));
  const to = lines.findIndex((line, at) => at > from && line.startsWith('## '));
  const findings = [];
  let named = 0;
  lines.slice(Math.max(from, 0), to).forEach((line, at) => {
    if (!line.startsWith('| ')) return;
    let folder = 'packages';
    for (const [, path = ''] of line.matchAll(NAMED)) {
      named += 1;
      const place = [join('packages', path), join(folder, path)].find((one) => existsSync(one));
      if (place === undefined) findings.push(`${PAGE}:${from + at + 1}: names ${path}, which is not there`);
      else folder = path.endsWith('/') ? place : dirname(place);
    }
  });
  if (from < 0 || named === 0) findings.push(`${PAGE}: section 2.1 names no file`);
  return findings;
}
