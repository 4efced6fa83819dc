/**
 * Runs the TypeScript sources as they are, without a build: `runTypeScript()` before the first import of a `.ts` file, which is then
 * imported by `await import(…)`. Tests, benches and workers run the same program by it.
 */
import { register } from 'node:module';

/**
 * @param replacements what to read instead of a piece of a source: `file` is the end of its path, `text` must stand in it once
 */
export const runTypeScript = (replacements = []) =>
  register('./hooks.mjs', import.meta.url, { data: { replacements } });
