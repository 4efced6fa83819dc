/**
 * Module hooks: workspace packages are read from their sources, and what is TypeScript is compiled on the way in. A module that was
 * imported with a query hands it on to what it imports from its own folder of a package (`src`, `test`): so a test file, its support
 * files and `@jest/globals` are new for each run of it, while the sources of the packages are loaded once.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

/** The `src` or `test` that a module of a package stands in. */
const FOLDER = /\/packages\/[^/]+\/([^/]+)\//;
/** Imported modules with it share nothing with others, sources neither. */
const ALONE = 'alone';
let replacements = [];

export function initialize(data) {
  replacements = data?.replacements ?? [];
}

export async function resolve(specifier, context, next) {
  const parent = context.parentURL === undefined ? undefined : new URL(context.parentURL);
  if (specifier === '@jest/globals') return { url: `jest:globals${parent.search}`, shortCircuit: true };
  // NodeNext sources say './x.js'; on disk it is './x.ts'
  const source =
    specifier.startsWith('.') && specifier.endsWith('.js') && parent?.pathname.endsWith('.ts') === true
      ? specifier.replace(/\.js$/, '.ts')
      : specifier;
  const local = source !== specifier && existsSync(new URL(source, parent)) ? source : specifier;
  const conditions = ['@peerway/source', ...context.conditions];
  const found = await next(local, { ...context, conditions });
  if (!parent?.search || !FOLDER.test(found.url) || found.url.includes('/node_modules/')) return found;
  const together = FOLDER.exec(found.url)[1] === FOLDER.exec(parent.pathname)?.[1];
  return together || parent.searchParams.has(ALONE) ? { ...found, url: `${found.url}${parent.search}` } : found;
}

export async function load(url, context, next) {
  if (url.startsWith('jest:'))
    return {
      format: 'module',
      shortCircuit: true,
      source:
        'export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis[Symbol.for("jest:globals")];',
    };
  const { pathname } = new URL(url);
  if (!pathname.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  let source = readFileSync(filename, 'utf8');
  for (const { file, text, by } of replacements) {
    if (!filename.endsWith(file)) continue;
    if (source.split(text).length !== 2) throw new Error(`${file} does not hold this once: ${text}`);
    source = source.replace(text, () => by);
  }
  return { format: 'module', shortCircuit: true, source: compile(filename, source) };
}
