// Jest's module system (`runtime` in jest.config.js), replaced by node's own. Jest's links every module of every package anew for each
// test file, in a context where each global costs a call and no code is warm; here a worker loads the packages once, and only the
// test files and their support files anew.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, keptCode } from '../typescript/compile.mjs';
import { runTypeScript } from '../typescript/run.mjs';

const require = createRequire(import.meta.url);
const { ModuleMocker } = createRequire(require.resolve('@jest/globals'))('jest-mock');

const GLOBALS = Symbol.for('jest:globals');
/** jest-circus keeps its handlers and its state there. */
const CIRCUS = [Symbol.for('EVENT_HANDLERS'), 'JEST_STATE_SYMBOL'];

/** What `--coverage` counts. */
const SOURCE = /^file:.*\/packages\/[^/]+\/src\/.*\.ts(\?|$)/;

runTypeScript();
let files = 0;

export default class NodeRuntime {
  #mocker = new ModuleMocker(globalThis);
  #query;
  #profiler;
  #covered = [];

  /** V8 counts what is loaded while it counts, so with `--coverage` each file has the sources to itself. */
  constructor(config, environment, resolver, transformer, sources, { collectCoverage }) {
    files += 1;
    const alone = collectCoverage || process.env['PEERWAY_ALONE'] === '1';
    this.#query = `?file=${files}${alone ? '&alone' : ''}`;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    await import(`${pathToFileURL(path)}${this.#query}`);
  }

  requireModule(path) {
    return require(path);
  }

  /** jest-circus, which holds the tests of one file: a new copy for each. */
  requireInternalModule(path) {
    delete require.cache[path];
    for (const key of Object.getOwnPropertySymbols(globalThis))
      if (CIRCUS.includes(key) || CIRCUS.includes(key.description)) delete globalThis[key];
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    const mocker = this.#mocker;
    const mocks = [
      'fn',
      'spyOn',
      'replaceProperty',
      'isMockFunction',
      'clearAllMocks',
      'resetAllMocks',
      'restoreAllMocks',
    ];
    const jest = Object.fromEntries(mocks.map((name) => [name, mocker[name].bind(mocker)]));
    globalThis[GLOBALS] = { ...globals, jest };
  }

  clearAllMocks() {
    this.#mocker.clearAllMocks();
  }

  resetAllMocks() {
    this.#mocker.resetAllMocks();
  }

  restoreAllMocks() {
    this.#mocker.restoreAllMocks();
  }

  enterTestCode() {}
  leaveTestCode() {}

  /** None: the environment formats stacks (stacks.mjs). */
  getSourceMaps() {
    return new Map();
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  /** `--coverage`: what V8 counted of the sources while this file ran. */
  async collectV8Coverage() {
    this.#profiler = new Session();
    this.#profiler.connect();
    await this.#profiler.post('Profiler.enable');
    await this.#profiler.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  async stopCollectingV8Coverage() {
    const { result } = await this.#profiler.post('Profiler.takePreciseCoverage');
    this.#profiler.disconnect();
    this.#covered = result
      .filter(({ url }) => SOURCE.test(url))
      .map((script) => ({ ...script, url: fileURLToPath(script.url) }));
  }

  getAllV8CoverageInfoCopy() {
    return this.#covered.map((result) => {
      const originalCode = readFileSync(result.url, 'utf8');
      const code = compile(result.url, originalCode);
      return {
        codeTransformResult: { code, originalCode, sourceMapPath: `${keptCode(result.url, originalCode)}.map` },
        result,
      };
    });
  }

  teardown() {
    this.#mocker.restoreAllMocks();
    delete globalThis[GLOBALS];
  }
}
