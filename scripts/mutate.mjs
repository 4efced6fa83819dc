// Mutation testing: changes the sources of one package, one small change at a time, and looks whether a test fails.
//
//   npm run mutate -- --package core [--sample 200] [--seed 1] [--kit-only] [--file part/of/a/path] [--slow 2000] [--all | --unseen]
//
// --sample    so many mutants, drawn by the seed; --all tries every one; --unseen lists those whose place no test executes, or never so that
//             the change could show (a condition that is always true), and tries none: this costs one run of the tests
// --kit-only  only the shared suite may kill, not the package's own tests
// --file      only mutants in files whose path contains this
// --slow      tests that take longer than so many ms are left out (what they alone would kill counts as survived)
//
// Which tests execute a mutant is found first, by running every test once; a mutant is tried by these alone, in a process that is warm.
// What is executed when a module loads (tables) is tried in a process of its own. Survivors that were looked at and change nothing
// stand in mutation/equivalent/NAME.json and are not counted.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Trial } from './mutation/trial.mjs';
import { buildTree } from './mutation/tree.mjs';
import { Known } from './mutation/known.mjs';
import { printReport, printSurvivor } from './mutation/report.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TEMPLATE = 'packages/provider-template/test/conformance.test.ts';
/** The kit runs core and the engine as well, on the provider in miniature. */
const ALSO = { core: [TEMPLATE], engine: [TEMPLATE] };

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'kit-only': { type: 'boolean', default: false },
    file: { type: 'string', default: '' },
    slow: { type: 'string', default: '2000' },
    all: { type: 'boolean', default: false },
    unseen: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const name = values.package;
if (name === undefined || !readdirSync(join(ROOT, 'packages')).includes(name)) {
  console.error('--package names a folder of packages/, for example: npm run mutate -- --package core');
  process.exit(2);
}

const tests = [
  ...readdirSync(join(ROOT, 'packages', name, 'test'))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `packages/${name}/test/${file}`),
  ...(ALSO[name] ?? []),
].filter((file) => !values['kit-only'] || /\/conformance[^/]*\.test\.ts$/.test(file));
const tree = resolve(ROOT, 'node_modules/.cache/mutate', name);
mkdirSync(tree, { recursive: true });
const { mutants, stampOf } = buildTree(ROOT, tree, name);
const wanted = mutants.map((mutant, id) => ({ ...mutant, id })).filter(({ file }) => file.includes(values.file));
const known = new Known(name);
for (const { file, operator, line = '', original = '' } of known.stale(mutants))
  console.log(`equivalent/: nothing fits any longer: ${file}, ${operator}, ${line || original}`);
const sample = values.all || values.unseen ? wanted : draw(wanted, Number(values.sample), Number(values.seed));
console.log(
  `${name}: ${wanted.length} mutants${values.file === '' ? '' : ` in *${values.file}*`}, ${sample.length} tried` +
    `${sample === wanted ? '' : ` (seed ${values.seed})`}, by ${tests.length} test files${values['kit-only'] ? ' of the kit' : ''}`,
);

const trial = new Trial({
  tree,
  count: mutants.length,
  tests,
  slowMs: Number(values.slow),
  stampOf,
  memory: `${tree}-tests.json`,
});
await trial.prepare();
console.log(trial.summary());
const results = [];
for (const mutant of sample) {
  const because = known.whyEquivalent(mutant);
  if (values.unseen && trial.isSeen(mutant.id)) continue;
  const result = {
    ...mutant,
    ...(because === undefined ? await trial.try(mutant) : { outcome: 'equivalent', because }),
  };
  results.push(result);
  if (result.outcome === 'survived' || result.outcome === 'not executed') printSurvivor(result);
}
trial.end();
if (values.unseen)
  console.log(
    `\n${results.filter(({ outcome }) => outcome !== 'equivalent').length} of ${wanted.length} mutants are seen by no test`,
  );
else printReport(results, wanted.length);
const plain = results.map(({ text, ...rest }) => ({
  ...rest,
  line: text.slice(0, rest.start).split('\n').length,
  original: text.slice(rest.start, rest.end),
}));
writeFileSync(values.out ?? `${tree}.json`, JSON.stringify(plain, undefined, 1));
process.exit(0);

/** A sample without repetition, in the order of places; the same for the same seed (mulberry32). */
function draw(from, size, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const rest = [...from];
  const drawn = [];
  while (drawn.length < size && rest.length > 0) drawn.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return drawn.sort((a, b) => a.id - b.id);
}
