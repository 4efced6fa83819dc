// Facts about the clouds and decisions are cited as `docs/facts/alibaba.md 3.5`: the page, then one section or more, as in
// `docs/facts/baidu.md 1.5, 1.8 and 3 to 5`. A section is a numbered heading, an item of a numbered list under it (2.9 is item 9
// of section 2), or a row of a table under it whose first column is `#`.
import { existsSync, readFileSync } from 'node:fs';

const NUMBER = String.raw`\d+(?:\.\d+)*`;
const CITATION = new RegExp(String.raw`docs/(facts/[\w-]+|design)\.md((?:,? (?:to |and )?${NUMBER}(?![\w%]))*)`, 'g');
const ABSENT = /\bseeds? 00\d|\b[Ff]acts:? (?:alibaba|baidu)\.md/;

/** The sections of a page, e.g. `3`, `3.1`, `3.1.2`, `9.4`. */
function sectionsOf(markdown) {
  const sections = new Set();
  let section = '';
  let numberedTable = false;
  for (const line of markdown.split('\n')) {
    const [, heading] = /^#{2,4} (\d+(?:\.\d+)*)\.? /.exec(line) ?? [];
    if (heading !== undefined) sections.add((section = heading));
    numberedTable = line.startsWith('| # |') || (numberedTable && line.startsWith('|'));
    const [, item] = (numberedTable ? /^\| (\d+) \|/ : /^(\d+)\. /).exec(line) ?? [];
    if (item !== undefined) sections.add(`${section}.${item}`);
  }
  return sections;
}

const pages = new Map();
function sections(page) {
  const path = `docs/${page}.md`;
  if (!pages.has(page)) pages.set(page, existsSync(path) ? sectionsOf(readFileSync(path, 'utf8')) : undefined);
  return pages.get(page);
}

/** Citations in a file of pages or sections that are not there; a citation may go on in the next line of a comment. */
export function citationFindings(file, lines) {
  return lines.flatMap((line, at) => {
    const place = `${file}:${at + 1}`;
    const next = (lines[at + 1] ?? '').replace(/^[ \t]*(?:\*(?!\/)|\/\/|#)?[ \t]*/, '');
    const found = ABSENT.test(line) ? [`${place}: cites what is not in the repository`] : [];
    for (const { 1: page, 2: list, index } of `${line} ${next}`.matchAll(CITATION)) {
      if (index >= line.length) continue;
      const there = sections(page);
      if (there === undefined) found.push(`${place}: cites docs/${page}.md, which is not there`);
      for (const [number] of list.matchAll(new RegExp(NUMBER, 'g'))) {
        if (there?.has(number) === false) found.push(`${place}: docs/${page}.md has no section ${number}`);
      }
    }
    return found;
  });
}

/** Numbers that two sections of a page share, so that a citation means neither. */
export function numberFindings(file, lines) {
  const seen = new Set();
  return lines.flatMap((line, at) => {
    const [, number] = /^#{2,4} (\d+(?:\.\d+)*[a-z]?)\.? /.exec(line) ?? [];
    if (number === undefined) return [];
    const again = seen.has(number);
    seen.add(number);
    return again ? [`${file}:${at + 1}: there is another section ${number}`] : [];
  });
}

/** Emulator rules that a facts page names (`alibaba.vpc.shared`, `.perRegion`) and that docs/emulator/limits.md does not list. */
export function ruleFindings(file, lines) {
  const listed = readFileSync('docs/emulator/limits.md', 'utf8');
  return lines.flatMap((line, at) => {
    let group = '';
    return [...line.matchAll(/`((?:alibaba|baidu)\.[a-z]\w*)?(\.[a-z]\w*)?`/g)].flatMap(([, head, tail = '']) => {
      if (head !== undefined) group = tail === '' ? head.slice(0, head.lastIndexOf('.')) : head;
      const name = head === undefined ? `${group}${tail}` : `${head}${tail}`;
      const named = name !== '' && group !== '';
      return named && !listed.includes(`\`${name}\``) ? [`${file}:${at + 1}: no rule ${name}`] : [];
    });
  });
}
