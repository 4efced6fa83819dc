// Stacks of compiled modules as places in their sources. Jest's own formatter copies every frame of every stack that is read, which in
// tests full of errors is a tenth of their time.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { keptCode } from '../typescript/compile.mjs';

const COMPILED = /(file:[^\s()]+?\.ts)(?:\?[^\s():]*)?:(\d+):(\d+)/;
const maps = new Map();

/** For `Error.prepareStackTrace`. */
export function formatStack(error, frames) {
  return `${headOf(error)}${frames.map((frame) => `\n    at ${String(frame).replace(COMPILED, inSource)}`).join('')}`;
}

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error'; // its own `name` or `message` throws
  }
}

function inSource(_, url, line, column) {
  const filename = fileURLToPath(url);
  if (!maps.has(filename)) maps.set(filename, mapOf(filename));
  const { originalLine, originalColumn } = maps.get(filename)?.findEntry(line - 1, column - 1) ?? {};
  return originalLine === undefined
    ? `${filename}:${line}:${column}`
    : `${filename}:${originalLine + 1}:${originalColumn + 1}`;
}

function mapOf(filename) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${keptCode(filename, readFileSync(filename, 'utf8'))}.map`, 'utf8')));
  } catch {
    return undefined; // the source has gone or changed since
  }
}
