/** Module hooks: workspace packages are read from their sources, and what is TypeScript is compiled on the way in. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import jest from '../../../jest.config.js';

const [, options] = jest.transform['^.+\\.ts$'];
let replacements = [];

export function initialize(data) {
  replacements = data.replacements;
}

export function resolve(specifier, context, next) {
  const source = { ...context, conditions: ['@peerway/source', ...context.conditions] };
  // NodeNext sources say './x.js'; on disk it is './x.ts'
  const local = specifier.startsWith('.') && context.parentURL?.endsWith('.ts') === true;
  return next(local ? specifier.replace(/\.js$/, '.ts') : specifier, source);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  let source = await readFile(filename, 'utf8');
  for (const { file, text, by } of replacements) {
    if (!filename.endsWith(file)) continue;
    if (source.split(text).length !== 2) throw new Error(`${file} does not hold this once: ${text}`);
    source = source.replace(text, () => by);
  }
  const { code } = await transform(source, { ...options, filename });
  return { format: 'module', shortCircuit: true, source: code };
}
