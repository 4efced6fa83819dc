// What becomes of a TypeScript source, for tests, benches and workers alike. What was compiled once is kept, by its content.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync, version } from '@swc/core';

/** Options of swc; the same decisions as tsconfig.base.json's. */
export const COMPILER = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  swcrc: false,
};

const KEPT = fileURLToPath(new URL('../../node_modules/.cache/peerway-typescript/', import.meta.url));
const OPTIONS = `${version} ${JSON.stringify(COMPILER)}`;

/** Where the code of a source is kept; its source map lies beside it, `.map` added. */
export function keptCode(filename, source) {
  return join(
    KEPT,
    `${createHash('sha256').update(OPTIONS).update(`\0${filename}\0`).update(source).digest('hex')}.js`,
  );
}

/** @returns the JavaScript of a source */
export function compile(filename, source = readFileSync(filename, 'utf8')) {
  const path = keptCode(filename, source);
  try {
    return readFileSync(path, 'utf8');
  } catch (missing) {
    if (missing.code !== 'ENOENT') throw missing;
  }
  const { code, map } = transformSync(source, { ...COMPILER, sourceMaps: true, filename });
  mkdirSync(KEPT, { recursive: true });
  keep(`${path}.map`, map);
  keep(path, code); // last: who finds the code finds the map
  return code;
}

/** Whole or not at all: other processes read at the same time. */
function keep(path, text) {
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, text);
  renameSync(whole, path);
}
