// Prints the figures of the source tree, read from its syntax: files and lines per folder, circles of importing files, long
// functions and long parameter lists. `node scripts/figures.mjs [root] [--list]`: the root is a checkout, by default this one;
// --list names the files of each circle and every function above a limit. The limits themselves are lint's (eslint.config.js).
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const MAX_FUNCTION_LINES = 60;
const MAX_PARAMETERS = 5;

const args = process.argv.slice(2);
const list = args.includes('--list');
const root = resolve(args.find((arg) => !arg.startsWith('-')) ?? dirname(dirname(fileURLToPath(import.meta.url))));

/** Every .ts file below a folder, sorted. */
function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourcesBelow(path);
      return entry.name.endsWith('.ts') ? [path] : [];
    })
    .sort();
}

/** What one file says: its lines, its relative imports with whether they vanish in the compiled code, its functions. */
function read(path) {
  const text = readFileSync(path, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = [];
  const functions = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier?.text;
      if (from?.startsWith('.')) imports.push({ target: target(path, from), typeOnly: isTypeOnly(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const from = node.arguments[0]?.text;
      // loaded when asked for: no circle at load time, but the files still know each other
      if (from?.startsWith('.')) imports.push({ target: target(path, from), typeOnly: true });
    } else if (ts.isImportTypeNode(node) && node.argument.literal?.text.startsWith('.')) {
      imports.push({ target: target(path, node.argument.literal.text), typeOnly: true });
    }
    if (ts.isFunctionLike(node) && node.body !== undefined) functions.push(describe(node, tree, text));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, lines: text.replace(/\n$/, '').split('\n').length, imports, functions };
}

const target = (path, from) => resolve(dirname(path), from.replace(/\.js$/, '.ts'));

function isTypeOnly(node) {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

/** Length as lint counts it: from the function's first line to its last, without blank lines and comment lines. */
function describe(node, tree, text) {
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  const last = tree.getLineAndCharacterOfPosition(node.end).line;
  const commented = commentLines(node, tree);
  const lines = text.split('\n');
  let length = 0;
  for (let at = first; at <= last; at += 1) if (lines[at].trim() !== '' && !commented.has(at)) length += 1;
  const parameters = node.parameters.filter((one) => one.name.getText(tree) !== 'this').length;
  const name = node.name?.getText(tree) ?? node.parent?.name?.getText?.(tree) ?? '(unnamed)';
  return { name, line: first + 1, length, parameters };
}

/** Lines that hold nothing but comment. */
function commentLines(node, tree) {
  const found = new Set();
  const text = tree.text;
  const seen = new Set();
  const visit = (inner) => {
    for (const range of ts.getLeadingCommentRanges(text, inner.getFullStart()) ?? []) {
      if (seen.has(range.pos)) continue;
      seen.add(range.pos);
      const from = tree.getLineAndCharacterOfPosition(range.pos);
      const to = tree.getLineAndCharacterOfPosition(range.end);
      const starts = tree.getPositionOfLineAndCharacter(from.line, 0);
      const before = text.slice(starts, range.pos).trim() === '';
      const after = text.slice(range.end).split('\n', 1)[0].trim() === '';
      for (let line = from.line + (before ? 0 : 1); line <= to.line - (after ? 0 : 1); line += 1) found.add(line);
    }
    inner.getChildren(tree).forEach(visit);
  };
  visit(node);
  return found;
}

/** Tarjan's strongly connected components; only those of more than one file, or of a file that imports itself. */
function circles(files, follow) {
  const known = new Map(files.map((file) => [file.path, file]));
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const enter = (path) => {
    index.set(path, index.size);
    low.set(path, index.get(path));
    stack.push(path);
    const targets = known.get(path).imports.filter((one) => follow(one) && known.has(one.target));
    for (const { target: next } of targets) {
      if (!index.has(next)) {
        enter(next);
        low.set(path, Math.min(low.get(path), low.get(next)));
      } else if (stack.includes(next)) low.set(path, Math.min(low.get(path), index.get(next)));
    }
    if (low.get(path) !== index.get(path)) return;
    const members = stack.splice(stack.indexOf(path));
    if (members.length > 1 || targets.some((one) => one.target === path)) found.push(members.sort());
  };
  for (const { path } of files) if (!index.has(path)) enter(path);
  return found;
}

const packages = join(root, 'packages');
const short = (path) => relative(packages, path);
const total = { files: 0, lines: 0, atLoad: 0, all: 0, long: 0, wide: 0 };
const details = [];

console.log(
  'package                files  lines  circles at load  with types (files)  functions > 60 lines  > 5 parameters',
);
for (const name of readdirSync(packages).sort()) {
  const files = sourcesBelow(join(packages, name, 'src')).map(read);
  const atLoad = circles(files, (one) => !one.typeOnly);
  const all = circles(files, () => true);
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
