// A compiled copy of the workspace in which one package is full of switches. Jest is left out: loading a file by it costs more than most
// tests do, and each of its runs begins from nothing.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from '@swc/core';
import { COMPILER } from '../typescript/compile.mjs';
import { mutate } from './mutants.mjs';

const LEFT_OUT = new Set(['node_modules', 'dist', 'bundle', 'coverage']);
/** Data that code imports or that lies beside it: copied, since node resolves a link to where it leads, and what is compared with may be rewritten. */
const COPIED = /\.(m?js|json|mts|txt)$/;

/**
 * @param mutated name of the package that gets the switches
 * @param planted changes of somebody's choice in its files, beside those of the operators
 * @returns {{ mutants: { operator: string, start: number, end: number, replacement: string, file: string, text: string }[],
 *   stampOf: (testFile: string) => string }} mutants by id; a stamp that changes when the test file does, or what it imports
 */
export function buildTree(root, tree, mutated, planted = []) {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const mutants = [];
  /** file → what it is compiled to */
  const codes = new Map();
  const packages = readdirSync(join(root, 'packages'));
  for (const name of packages) compilePackage(name);
  for (const entry of readdirSync(root)) {
    if (entry === 'packages' || entry === 'node_modules' || entry === '.git') continue;
    symlinkSync(join(root, entry), join(tree, entry));
  }
  linkModules(join(root, 'node_modules'), join(tree, 'node_modules'), () => undefined);
  giveRunner(tree);
  return { mutants, stampOf };

  function stampOf(test) {
    const hash = createHash('sha256').update(process.version);
    for (const file of importedFrom(test, codes)) hash.update(file).update(codes.get(file));
    return hash.digest('hex');
  }

  function compilePackage(name) {
    const from = join(root, 'packages', name);
    const to = join(tree, 'packages', name);
    const walk = (folder) => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        const target = join(to, relative(from, path));
        if (LEFT_OUT.has(entry.name)) continue;
        if (entry.isDirectory()) {
          mkdirSync(target, { recursive: true });
          walk(path);
        } else if (path.endsWith('.ts') && !path.endsWith('.d.ts')) compile(path, target.replace(/\.ts$/, '.js'), name);
        else if (COPIED.test(path)) copyFileSync(path, target);
        else symlinkSync(path, target);
      }
    };
    mkdirSync(to, { recursive: true });
    walk(from);
    writeFileSync(
      join(to, 'package.json'),
      JSON.stringify(fromSources(JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')))),
    );
    if (existsSync(join(from, 'node_modules'))) {
      linkModules(join(from, 'node_modules'), join(to, 'node_modules'), (module) => {
        const inside = relative(join(root, 'packages'), realpathSync(module));
        return packages.includes(inside) ? join(tree, 'packages', inside) : undefined;
      });
    }
  }

  function compile(path, target, name) {
    const file = relative(root, path);
    let text = readFileSync(path, 'utf8');
    if (name === mutated && file.startsWith(join('packages', name, 'src'))) {
      const found = mutate(
        path,
        text,
        mutants.length,
        planted.filter((one) => one.file === file),
      );
      for (const mutant of found.mutants) mutants.push({ ...mutant, file, text });
      text = found.instrumented;
    }
    const { code } = transformSync(text, { ...COMPILER, sourceMaps: false, filename: path });
    writeFileSync(target, code);
    codes.set(file, code);
    symlinkSync(path, target.replace(/\.js$/, '.ts')); // tests read sources as text
  }
}

/** A file and everything that it imports, in order of names; a package is imported as a whole. */
function importedFrom(first, codes) {
  const found = new Set([first]);
  const wanted = [first];
  const add = (file) => {
    if (!codes.has(file) || found.has(file)) return;
    found.add(file);
    wanted.push(file);
  };
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    for (const [, beside, name] of codes
      .get(file)
      .matchAll(/['"](?:(\.{1,2}\/[^'"]+)\.js|@peerway\/([a-z-]+)[^'"]*)['"]/g)) {
      if (beside !== undefined) add(`${join(dirname(file), beside)}.ts`);
      else for (const one of codes.keys()) if (one.startsWith(`packages/${name}/src/`)) add(one);
    }
  }
  return [...found].sort();
}

/** Exports lead to the compiled sources, whatever the condition. */
function fromSources(manifest) {
  const sources = (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const source = value['@peerway/source'];
    if (source !== undefined) return source.replace(/\.ts$/, '.js');
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sources(inner)]));
  };
  return { ...manifest, exports: sources(manifest.exports) };
}

/** Links each module, or what `instead` names for it. */
function linkModules(from, to, instead) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) {
    if (entry.startsWith('.')) continue;
    const path = join(from, entry);
    if (entry.startsWith('@') && !lstatSync(path).isSymbolicLink()) linkModules(path, join(to, entry), instead);
    else symlinkSync(instead(path) ?? path, join(to, entry));
  }
}

/** `@jest/globals` in the tree is what the worker has put on `globalThis`. */
function giveRunner(tree) {
  const folder = join(tree, 'node_modules', '@jest', 'globals');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: '@jest/globals', type: 'module', exports: './index.js' }),
  );
  const names = 'describe it test expect jest beforeAll beforeEach afterAll afterEach'.split(' ');
  writeFileSync(join(folder, 'index.js'), `export const { ${names.join(', ')} } = globalThis.__runner;\n`);
}
