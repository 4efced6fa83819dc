// The source tree read from its syntax: which file imports which, and how long the functions are. What figures.mjs counts and
// checks.mjs refuses is found here once.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** Every .ts file below a folder, sorted. */
export function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = resolve(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourcesBelow(path);
      return entry.name.endsWith('.ts') ? [path] : [];
    })
    .sort();
}

/** What one file says: its lines, its relative imports with whether they vanish in the compiled code, its functions. */
export function readSource(path) {
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

/**
 * Circles of files that import each other: Tarjan's strongly connected components of more than one file, or of one that
 * imports itself. With `types: false` only what is imported when the program loads counts.
 */
export function importCircles(files, { types }) {
  const known = new Map(files.map((file) => [file.path, file]));
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const enter = (path) => {
    index.set(path, index.size);
    low.set(path, index.get(path));
    stack.push(path);
    const targets = known.get(path).imports.filter((one) => (types || !one.typeOnly) && known.has(one.target));
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
