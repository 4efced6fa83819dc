// Checks that must never break and that no other tool makes: what may stand in the tree, and what may not.
// Prints one line per finding with its place, and exits 1 when there is any.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { adapterShapeFindings } from './adapterShape.mjs';
import { citationFindings, numberFindings, ruleFindings } from './citations.mjs';
import { cloudNameFindings } from './cloudNames.mjs';
import { guardFindings } from './guards.mjs';

import { manifestFindings } from './manifests.mjs';
import { namedFileFindings } from './namedFiles.mjs';
import { importCircles, readSource, sourcesBelow } from './sourceTree.mjs';

const MAX_LINES = 450;
const TOP_LEVEL = new Set([
  'packages', 'docs', 'scripts', 'package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'tsconfig.base.json',
  'tsconfig.json', 'tsconfig.check.json', 'jest.config.js', 'eslint.config.js', 'knip.jsonc', 'README.md', 'CONTRIBUTING.md', 'LICENSE', 'NOTICE',
]); // prettier-ignore

const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n').filter(Boolean);
const findings = [];

// a circle of files can only be read as one; importing no more than a type counts, because the reader follows that too
for (const name of readdirSync('packages')) {
  const sources = sourcesBelow(`packages/${name}/src`).map(readSource);
  for (const circle of importCircles(sources, { types: true })) {
    findings.push(
      `packages/${name}: files import each other in a circle: ${circle.map((path) => relative('.', path)).join(', ')}`,
    );
  }
}

for (const name of new Set(files.map((file) => file.split('/')[0]))) {
  if (!name.startsWith('.') && !TOP_LEVEL.has(name)) findings.push(`${name}: does not belong at the top level`);
}

for (const file of files) {
  if (!/\.(ts|js|mjs|json|yaml|md|py|sh)$/.test(file)) continue;
  const text = readFileSync(file, 'utf8');
  const lines = text.replace(/\n$/, '').split('\n');
  if (file.endsWith('.ts') && lines.length > MAX_LINES)
    findings.push(`${file}: ${lines.length} lines, more than ${MAX_LINES}`);
  if (/(^|\/)(utils?|helpers?|manager)\.ts$/i.test(file)) findings.push(`${file}: a name that says nothing`);
  if (file === 'pnpm-lock.yaml' && /https?:\/\//.test(text)) findings.push(`${file}: holds a registry address`);
  findings.push(...citationFindings(file, lines));
  if (/^docs\/(facts\/|design\.md)/.test(file)) findings.push(...numberFindings(file, lines));
  if (file.startsWith('docs/facts/')) findings.push(...ruleFindings(file, lines));
  lines.forEach((line, at) => {
    const place = `${file}:${at + 1}`;
    if (file === 'scripts/checks.mjs') return;
    if (/\.only\(/.test(line) && file.endsWith('.test.ts')) findings.push(`${place}: a focused test`);
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) findings.push(`${place}: unfinished mark`);
    if (/registry=|registry\.npmjs\.org|registry\.npmmirror/.test(line)) findings.push(`${place}: a registry address`);
  });
}

findings.push(
  ...adapterShapeFindings(files),
  ...cloudNameFindings(files),
  ...namedFileFindings(),
  ...manifestFindings(),
  ...guardFindings(),
);

for (const finding of findings) console.error(finding);
console.log(`checks: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
