/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // workspace packages resolve to their TypeScript sources: no build before testing
  testEnvironmentOptions: { customExportConditions: ['@peerway/source', 'node', 'node-addons'] },
  roots: ['<rootDir>/packages'],
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  // NodeNext sources say './x.js'; on disk it is './x.ts'
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/scripts/jestProcess.mjs'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  // generous: no test waits, so only a busy machine ever comes near it
  testTimeout: 60_000,
  maxWorkers: '100%',
  workerIdleMemoryLimit: '512MB',
};
