/**
 * Runs the TypeScript sources as they are, without a build: `await import('./_typescript.mjs')` before the first import of a `.ts` file.
 * What jest does to a source (jest.config.js) is done here as well, so both run the same program.
 */
import { register } from 'node:module';

/**
 * @param replacements what to read instead of a piece of a source: `file` is the end of its path, `text` must stand in it once
 */
export const runTypeScript = (replacements = []) =>
  register('./_typescriptHooks.mjs', import.meta.url, { data: { replacements } });
