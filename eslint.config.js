import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The arrows of docs/design.md section 2, as data: what each package's sources may import of ours. Tests may import
 * more (an adapter's tests drive the emulator); shipped code may not.
 */
const ARROWS = {
  core: [],
  engine: ['@peerway/core'],
  alibaba: ['@peerway/core'],
  baidu: ['@peerway/core'],
  aws: ['@peerway/core'],
  runtime: ['@peerway/core', '@peerway/engine'],
  conformance: ['@peerway/core'],
  emulator: [],
  server: ['@peerway/core', '@peerway/engine', '@peerway/runtime'],
  parity: ['@peerway/core', '@peerway/conformance'],
  cli: ['@peerway/runtime', '@peerway/emulator', '@peerway/parity'],
  'provider-template': ['@peerway/core'],
};

/** The dependency-injection container belongs to the composition root alone. */
const CONTAINER = ['inversify', '@inversifyjs/*', 'reflect-metadata'];
const CONTAINER_ALLOWED = new Set(['runtime']);

const boundaries = Object.entries(ARROWS).map(([name, allowed]) => ({
  files: [`packages/${name}/src/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['@peerway/*', 'peerway', ...allowed.map((target) => `!${target}`)],
            message: `packages/${name} may import of ours only: ${allowed.join(', ') || 'nothing'} (docs/design.md, packages and arrows).`,
          },
          { group: ['**/packages/*', '../../../../*'], message: 'Import another package by its name.' },
          ...(CONTAINER_ALLOWED.has(name)
            ? []
            : [
                { group: CONTAINER, message: 'The container lives in packages/runtime; domain code is plain classes.' },
              ]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/bundle/**', '**/coverage/**', '**/.venv/**'] },
  js.configs.recommended,
  {
    files: ['packages/**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    // one program over all packages, that of `npm run typecheck`: a service would make one for each tsconfig.json, over the same sources
    languageOptions: { parserOptions: { project: ['tsconfig.check.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // an async method without await keeps a driver's signature and turns a throw into a rejection
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['packages/*/test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // what is longer has parts that want a name; what takes more wants an object with named members
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/max-params': ['error', { max: 5 }],
    },
  },
  {
    // `in` finds `constructor` in every object, and keys come from anybody: tags, answers, files
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'BinaryExpression[operator="in"]:not([left.type="Literal"]):not([left.type="PrivateIdentifier"])',
          message: 'Use Object.hasOwn for a key that is not known when this is written.',
        },
      ],
    },
  },
  ...boundaries,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    files: ['packages/server/page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'addEventListener',
          'AbortController',
          'clearTimeout',
          'document',
          'DOMParser',
          'location',
          'sessionStorage',
          'setInterval',
          'TextDecoder',
          'window',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
