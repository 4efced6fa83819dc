// Mutation testing: changes the sources of one package, one small change at a time, and looks whether a test fails.
//
//   npm run mutate -- --package core [--sample 200] [--seed 1] [--file part/of/a/path] [--all | --unseen | --again | --planted]
//                     [--kit-only] [--slow 2000] [--budget 60] [--out FILE]
//
// --sample    so many mutants, spread evenly over the sources, drawn by the seed; --all tries every one; --unseen lists those whose place
//             no test executes, or never so that the change could show (a condition that is always true), and tries none: this costs one
//             run of the tests; --again tries what survived the last time, for instance after tests were written
// --planted   those of mutation/planted/NAME.json alone: bugs of the kind that people make, written down by hand; none may survive
// --kit-only  only the shared suite may kill, not the package's own tests, and only what it is there for is broken: drivers, converts, states
// --file      only mutants in files whose path contains this
// --slow      tests that take longer than so many ms are left out (what they alone would kill counts as survived), and of a file that takes
//             fifteen times as long those that come after (with --kit-only none, for the kit is one file)
// --budget    seconds that the tests of one mutant may take together; the quickest are run first, and how many were not is printed
// --out       where the results are written, as JSON
//
// Which tests execute a mutant is found first, by running every test, and remembered; a mutant is tried by these alone, in a process that
// is warm. What is executed when a module loads (tables) is tried in a process of its own. Survivors that were looked at and change
// nothing stand in mutation/equivalent/NAME.json and are not counted.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Trial } from './mutation/trial.mjs';
import { buildTree } from './mutation/tree.mjs';
import { Known } from './mutation/known.mjs';
import { printReport, printSurvivor } from './mutation/report.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Packages whose tests run this one as well: the kit runs core and the engine on the provider in miniature. */
const ALSO = { core: ['provider-template'], engine: ['provider-template', 'runtime'] };
/** What in an adapter is no matter of the kit: how it signs, reads answers and finds credentials, and what it says of itself. */
const NOT_FOR_THE_KIT = /\/src\/(?:wire\/|(?:account|capabilities|index|native|options|permissions|plugin)\.ts$)/;
/** Test files that do their work in another process, where nothing is switched, and what does the same in this one. */
const IN_PROCESS = { 'packages/engine/test/histories.test.ts': 'packages/engine/test/histories/each.ts' };

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
    planted: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    budget: { type: 'string', default: '60' },
    out: { type: 'string' },
  },
});
const name = values.package;
if (name === undefined || !readdirSync(join(ROOT, 'packages')).includes(name)) {
  console.error('--package names a folder of packages/, for example: npm run mutate -- --package core');
  process.exit(2);
}

const tests = [name, ...(ALSO[name] ?? [])]
  .flatMap((one) => readdirSync(join(ROOT, 'packages', one, 'test')).map((file) => `packages/${one}/test/${file}`))
  .filter((file) => (values['kit-only'] ? /\/conformance[^/]*\.test\.ts$/ : /\.test\.ts$/).test(file))
  .map((file) => IN_PROCESS[file] ?? file);
const tree = resolve(ROOT, 'node_modules/.cache/mutate', name);
const out = values.out ?? `${tree}${values.planted ? '-planted' : ''}.json`;
mkdirSync(tree, { recursive: true });
const planted = plantedIn(name);
const { mutants, stampOf } = buildTree(ROOT, tree, name, planted);
const isPlanted = ({ operator }) => operator.startsWith('planted: ');
for (const { what } of planted) {
  const places = mutants.filter(({ operator }) => operator === `planted: ${what}`).length;
  if (places !== 1) console.log(`planted/: ${places} places fit ${JSON.stringify(what)}`);
}
const known = new Known(name);
for (const { file, operator, line = '', original = '' } of known.stale(mutants))
  console.log(`equivalent/: nothing fits any longer: ${file}, ${operator}, ${line || original}`);
const wanted = mutants
  .map((mutant, id) => ({ ...mutant, id }))
  .filter((mutant) => mutant.file.includes(values.file) && isPlanted(mutant) === values.planted)
  .filter(({ file }) => !values['kit-only'] || !NOT_FOR_THE_KIT.test(file));
const before = values.again ? JSON.parse(readFileSync(out, 'utf8')) : [];
const sample = chosen();
console.log(
  `${name}: ${wanted.length} mutants${values.file === '' ? '' : ` in *${values.file}*`}, ${sample.length} tried` +
    `${sample === wanted || values.again ? '' : ` (seed ${values.seed})`}, by ${tests.length} test files${values['kit-only'] ? ' of the kit' : ''}`,
);

const trial = new Trial({
  tree,
  mutants: mutants.map(({ file }, id) => ({ file, id })),
  count: mutants.length,
  tests,
  slowMs: Number(values.slow),
  // the kit is one file by its nature, and all of it counts
  fileMs: Number(values.slow) * (values['kit-only'] ? 100 : 15),
  budgetMs: Number(values.budget) * 1000,
  stampOf,
  memory: `${tree}-tests.json`,
});
await trial.prepare();
const summary = trial.summary();
console.log(summary);
const results = [];
for (const mutant of sample) {
  const because = known.whyEquivalent(mutant);
  if (values.unseen && trial.isSeen(mutant.id)) continue;
  const result = {
    ...mutant,
    ...(because === undefined ? await trial.try(mutant) : { outcome: 'equivalent', because }),
  };
  results.push(result);
  if (results.length % 25 === 0) console.error(`${results.length} of ${sample.length}`);
  if (isAlive(result.outcome)) printSurvivor(result);
}
trial.end();
if (trial.summary() !== summary) console.log(`\nwhen all was done: ${trial.summary()}`);
if (values.unseen)
  console.log(
    `\n${results.filter(({ outcome }) => outcome !== 'equivalent').length} of ${wanted.length} mutants are seen by no test`,
  );
else printReport(merged(), wanted.length);
writeFileSync(out, JSON.stringify(merged(), undefined, 1));
process.exit(0);

/** Changes of somebody's choice in the files of a package. */
function plantedIn(name) {
  const file = new URL(`mutation/planted/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function chosen() {
  if (values.again) {
    const alive = new Set(before.filter(({ outcome }) => isAlive(outcome)).map(placeOf));
    return wanted.filter((mutant) => alive.has(placeOf(mutant)));
  }
  return values.all || values.unseen || values.planted
    ? wanted
    : draw(wanted, Number(values.sample), Number(values.seed));
}

/** What was found, in the place of what was found the last time. */
function merged() {
  const now = results.map(({ text, ...rest }) => ({
    ...rest,
    line: text.slice(0, rest.start).split('\n').length,
    original: text.slice(rest.start, rest.end),
  }));
  const tried = new Map(now.map((result) => [placeOf(result), result]));
  return values.again ? before.map((result) => tried.get(placeOf(result)) ?? result) : now;
}

function isAlive(outcome) {
  return outcome === 'survived' || outcome === 'not executed';
}

function placeOf({ file, start, end, operator, replacement }) {
  return JSON.stringify([file, start, end, operator, replacement]);
}

/** One of each of so many stretches of the list, which is in the order of places; the same for the same seed (mulberry32). */
function draw(from, size, seed) {
  if (size >= from.length) return from;
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const stretch = from.length / size;
  return Array.from({ length: size }, (_, at) => from[Math.floor((at + random()) * stretch)]);
}
