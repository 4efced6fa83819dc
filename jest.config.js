/** @type {import('jest').Config} */
export default {
  // node's own modules in the worker's own process, packages loaded once (docs/design.md 3.104)
  runtime: '<rootDir>/scripts/jest/runtime.mjs',
  testEnvironment: '<rootDir>/scripts/jest/environment.mjs',
  testSequencer: '<rootDir>/scripts/jest/sequencer.mjs',
  transform: {},
  roots: ['<rootDir>/packages'],
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  // generous: no test waits, so only a busy machine ever comes near it
  testTimeout: 60_000,
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
