// Prints the figures of the source tree, read from its syntax: files and lines per folder, circles of importing files, long
// functions and long parameter lists. `node scripts/figures.mjs [root] [--list]`: the root is a checkout, by default this one;
// --list names the files of each circle and every function above a limit. The limits themselves are lint's (eslint.config.js).
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCircles, readSource, sourcesBelow } from './sourceTree.mjs';

const MAX_FUNCTION_LINES = 60;
const MAX_PARAMETERS = 5;

const args = process.argv.slice(2);
const list = args.includes('--list');
const root = resolve(args.find((arg) => !arg.startsWith('-')) ?? dirname(dirname(fileURLToPath(import.meta.url))));

const packages = join(root, 'packages');
const short = (path) => relative(packages, path);
const total = { files: 0, lines: 0, atLoad: 0, all: 0, long: 0, wide: 0 };
const details = [];

console.log(
  'package                files  lines  circles at load  with types (files)  functions > 60 lines  > 5 parameters',
);
for (const name of readdirSync(packages).sort()) {
  const files = sourcesBelow(join(packages, name, 'src')).map(readSource);
  const atLoad = importCircles(files, { types: false });
  const all = importCircles(files, { types: true });
  const functions = files.flatMap((file) =>
    file.functions.map((one) => ({ ...one, place: `${short(file.path)}:${one.line}` })),
  );
  const long = functions.filter((one) => one.length > MAX_FUNCTION_LINES);
  const wide = functions.filter((one) => one.parameters > MAX_PARAMETERS);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const inCircles = all.reduce((sum, members) => sum + members.length, 0);
  console.log(
    [
      name.padEnd(20),
      String(files.length).padStart(7),
      String(lines).padStart(6),
      String(atLoad.length).padStart(16),
      `${all.length} (${inCircles})`.padStart(19),
      String(long.length).padStart(21),
      String(wide.length).padStart(15),
    ].join(' '),
  );
  total.files += files.length;
  total.lines += lines;
  total.atLoad += atLoad.length;
  total.all += all.length;
  total.long += long.length;
  total.wide += wide.length;
  details.push({ name, files, all, long, wide });
}
console.log(
  `all: ${total.files} files, ${total.lines} lines, ${total.atLoad} circles at load, ${total.all} with types, ` +
    `${total.long} functions over ${MAX_FUNCTION_LINES} lines, ${total.wide} over ${MAX_PARAMETERS} parameters`,
);

console.log('\nfiles per folder');
for (const { files } of details) {
  const folders = new Map();
  for (const file of files) folders.set(dirname(short(file.path)), (folders.get(dirname(short(file.path))) ?? 0) + 1);
  for (const [folder, count] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(count).padStart(5)}  ${folder}`);
  }
}

if (list) {
  for (const { name, all, long, wide } of details) {
    for (const members of all) console.log(`\ncircle in ${name}:\n  ${members.map(short).join('\n  ')}`);
    for (const one of long) console.log(`${one.place} ${one.name}: ${one.length} lines`);
    for (const one of wide) console.log(`${one.place} ${one.name}: ${one.parameters} parameters`);
  }
}
