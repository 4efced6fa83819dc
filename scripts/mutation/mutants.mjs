// The mutants of one TypeScript source: what each operator would change, and the source with all of them switched in. A switch is
// `(__m(7) ? changed : original)`, so that one compiled tree holds every mutant and one process tries many of them. `__m` notes that the
// place was executed. Where it can be told cheaply, `__v` and `__s` note that the change would have made a difference there: a test in
// which a condition was never true cannot kill the mutant that makes it always false.
import ts from 'typescript';

const K = ts.SyntaxKind;

const COMPARISONS = new Map([
  [K.LessThanToken, ['<=', '>=']],
  [K.LessThanEqualsToken, ['<', '>']],
  [K.GreaterThanToken, ['>=', '<=']],
  [K.GreaterThanEqualsToken, ['>', '<']],
  [K.EqualsEqualsEqualsToken, ['!==']],
  [K.ExclamationEqualsEqualsToken, ['===']],
]);
const ARITHMETIC = new Map([
  [K.PlusToken, '-'],
  [K.MinusToken, '+'],
  [K.AsteriskToken, '/'],
  [K.SlashToken, '*'],
  [K.PercentToken, '*'],
  [K.AmpersandToken, '|'],
  [K.BarToken, '&'],
  [K.LessThanLessThanToken, '>>'],
  [K.GreaterThanGreaterThanToken, '<<'],
]);
const ASSIGNED = new Map([
  [K.PlusEqualsToken, '-='],
  [K.MinusEqualsToken, '+='],
  [K.AsteriskEqualsToken, '/='],
]);
/** Operators of which the original tells whether the change would make a difference. */
const TELLS = new Set(['condition never', 'condition always', '?? left out']);
/** A call of these is left out, what it was called on stays. */
const DROPPED_CALLS = new Set(
  'filter sort toSorted slice reverse toReversed trim trimStart trimEnd toLowerCase toUpperCase flat'.split(' '),
);
const SWAPPED_CALLS = new Map(
  ['some every', 'startsWith endsWith', 'min max', 'indexOf lastIndexOf', 'floor ceil']
    .map((pair) => pair.split(' '))
    .flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ]),
);
/**
 * Members whose texts only people read: the wording of a message is no behaviour, and a test of it would be the text a second time.
 * That there is a message, a remedy and a source is tested elsewhere.
 */
const WORDING = new Set(
  (
    'message remedy reason usually about help note source link docs docsUrl checkedOn description title words because ' +
    'displayName what'
  ).split(' '),
);

/**
 * @param planted changes of somebody's choice in this file, `planted/NAME.json`; each fits an expression or a statement by its text, and
 *   where several have this text by the line on which they begin
 * @returns {{ mutants: { operator: string, start: number, end: number, replacement: string }[], instrumented: string }}
 *   in the order of their places; ids begin with `firstId`
 */
export function mutate(path, text, firstId, planted = []) {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const source = (node) => text.slice(node.getStart(tree), node.end);

  /** Changes of this node as a whole: [operator, text in its place]; `shape` says how a switch is written here. */
  function add(node, operator, replacement) {
    mutants.push({ operator, start: node.getStart(tree), end: node.end, replacement });
    return firstId + mutants.length - 1;
  }

  /** The text of a node with the switches of everything below it. */
  function below(node) {
    const start = node.getStart(tree);
    let at = start;
    let out = '';
    ts.forEachChild(node, (child) => {
      const from = child.getStart(tree);
      if (from < at) return; // JSDoc
      out += text.slice(at, from) + render(child);
      at = child.end;
    });
    return out + text.slice(at, node.end);
  }

  function render(node) {
    if (isUntouched(node)) return source(node);
    if (isListed(node)) {
      const property = ts.isObjectLiteralExpression(node.parent);
      const id = add(node, property ? 'property left out' : 'element left out', '');
      const inner =
        ts.isSpreadElement(node) || ts.isSpreadAssignment(node) ? `(${render(node.expression)})` : undefined;
      if (inner !== undefined) return `...(__m(${id}) ? ${property ? '{}' : '[]'} : ${inner})`;
      if (property) return `...(__m(${id}) ? {} : { ${own(node)} })`;
      return `...(__m(${id}) ? [] : [${own(node)}])`;
    }
    return own(node);
  }

  function plantedAt(node) {
    if (planted.length === 0) return [];
    const here = flat(source(node));
    const from = text.lastIndexOf('\n', node.getStart(tree)) + 1;
    const line = text.slice(from, text.indexOf('\n', from)).trim();
    return planted.filter((one) => flat(one.original) === here && (one.line === undefined || one.line === line));
  }

  /** A node with its own switches. */
  function own(node) {
    if (!ts.isStatement(node) || ts.isBlock(node) || ts.isVariableStatement(node)) return ownOf(node);
    return plantedAt(node).reduce((original, { what, replacement }) => {
      const id = add(node, `planted: ${what}`, replacement);
      return `{ if (__m(${id})) { ${replacement} } else { ${original} } }`;
    }, ownOf(node));
  }

  function ownOf(node) {
    if (ts.isExpressionStatement(node) && removable(node.expression)) {
      const id = add(node, 'statement left out', ';');
      return `{ if (__m(${id})) {} else { ${below(node)} } }`;
    }
    if (ts.isThrowStatement(node)) {
      const id = add(node, 'throw left out', ';');
      return `{ if (__m(${id})) {} else { ${below(node)} } }`;
    }
    if (!isExpression(node)) return below(node);
    const changes = changesOf(node);
    if (changes.length === 0) return below(node);
    const ids = new Map();
    const switches = changes.map(([operator, replacement]) => {
      const id = add(node, operator, replacement);
      ids.set(operator, id);
      return `${TELLS.has(operator) ? '__n' : '__m'}(${id}) ? (${replacement}) : `;
    });
    const original = ids.has('?? left out')
      ? `(${render(node.left)}) ?? (__s(${ids.get('?? left out')}), (${render(node.right)}))`
      : below(node);
    const [never, always] = [ids.get('condition never'), ids.get('condition always')];
    const told = never === undefined ? original : `__v(${never}, ${always ?? -1}, (${original}))`;
    return `(${switches.join('')}${told})`;
  }

  function changesOf(node) {
    const changes = [...operatorChanges(node), ...literalChanges(node), ...callChanges(node)];
    if (isChainTop(node))
      for (const { what, replacement } of plantedAt(node)) changes.push([`planted: ${what}`, replacement]);
    if (isCondition(node)) {
      const bare = node.kind === K.TrueKeyword || node.kind === K.FalseKeyword;
      if (!bare) changes.push(['condition never', 'false']);
      if (!bare && !isLoopTest(node)) changes.push(['condition always', 'true']);
    }
    if (ts.isReturnStatement(node.parent) && !isTrivial(node)) changes.push(['nothing returned', 'undefined']);
    if (ts.isArrowFunction(node.parent) && node.parent.body === node && !isTrivial(node) && !isCondition(node)) {
      changes.push(['nothing returned', 'undefined']);
    }
    return changes;
  }

  function operatorChanges(node) {
    const changes = [];
    if (ts.isBinaryExpression(node)) {
      const { left, right, operatorToken } = node;
      const kind = operatorToken.kind;
      const with_ = (operator) => `${source(left)} ${operator} ${source(right)}`;
      for (const other of COMPARISONS.get(kind) ?? []) changes.push(['comparison', with_(other)]);
      if (kind === K.AmpersandAmpersandToken) changes.push(['and for or', `(${source(left)}) || (${source(right)})`]);
      if (kind === K.BarBarToken) changes.push(['or for and', `(${source(left)}) && (${source(right)})`]);
      if (kind === K.QuestionQuestionToken) changes.push(['?? left out', source(left)]);
      if (ARITHMETIC.has(kind) && !textual(left) && !textual(right))
        changes.push(['arithmetic', with_(ARITHMETIC.get(kind))]);
      if (ASSIGNED.has(kind) && !textual(right)) changes.push(['arithmetic', with_(ASSIGNED.get(kind))]);
    }
    if (ts.isPrefixUnaryExpression(node)) {
      if (node.operator === K.ExclamationToken) changes.push(['negation left out', source(node.operand)]);
      if (node.operator === K.MinusToken) changes.push(['arithmetic', source(node.operand)]);
    }
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) {
      if (isChainTop(node)) {
        for (const token of questionTokens(node)) {
          const at = token.getStart(tree);
          const dot = text[at + 2] === '[' || text[at + 2] === '(' ? '' : '.';
          changes.push(['?. left out', text.slice(node.getStart(tree), at) + dot + text.slice(at + 2, node.end)]);
        }
      }
    }
    return changes;
  }

  function literalChanges(node) {
    if (node.kind === K.TrueKeyword) return [['boolean', 'false']];
    if (node.kind === K.FalseKeyword) return [['boolean', 'true']];
    if (ts.isNumericLiteral(node)) return [['number', `${source(node)} + 1`]];
    if (ts.isBigIntLiteral(node)) return [['number', `${source(node)} + 1n`]];
    if (ts.isRegularExpressionLiteral(node)) return regexChanges(source(node));
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      if (isWording(node)) return [];
      return [['text', node.text === '' ? "'mutant'" : "''"]];
    }
    return [];
  }

  function regexChanges(regex) {
    const changes = [];
    if (regex.startsWith('/^')) changes.push(['pattern', `/${regex.slice(2)}`]);
    if (/\$\/[a-z]*$/.test(regex) && !/\\\$\/[a-z]*$/.test(regex))
      changes.push(['pattern', regex.replace(/\$(\/[a-z]*)$/, '$1')]);
    if (/(?<!\\)[+*](?!\?)/.test(regex)) changes.push(['pattern', regex.replace(/(?<!\\)[+*](?!\?)/, '')]);
    return changes.filter(([, other]) => other.length > 2 && !other.startsWith('//') && !other.startsWith('/*'));
  }

  function callChanges(node) {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const { expression: on, name, questionDotToken } = node.expression;
    if (questionDotToken !== undefined || !isChainTop(node)) return [];
    const swapped = SWAPPED_CALLS.get(name.text);
    const args = text.slice(name.end, node.end);
    return [
      ...(DROPPED_CALLS.has(name.text) ? [['call left out', source(on)]] : []),
      ...(swapped === undefined ? [] : [['other call', `${source(on)}.${swapped}${args}`]]),
    ];
  }

  /** The tokens `?.` of a chain of accesses and calls. */
  function questionTokens(node) {
    const found = [];
    for (let at = node; isAccess(at); at = at.expression)
      if (at.questionDotToken !== undefined) found.push(at.questionDotToken);
    return found;
  }

  const instrumented =
    text.slice(0, tree.getStart(tree)) +
    tree.statements.reduce(
      (state, statement) => {
        const start = statement.getStart(tree);
        return { at: statement.end, out: state.out + text.slice(state.at, start) + render(statement) };
      },
      { at: tree.getStart(tree), out: '' },
    ).out;
  return { mutants, instrumented };
}

const flat = (text) => text.replace(/\s+/g, ' ').trim();

const isAccess = (node) =>
  ts.isPropertyAccessExpression(node) ||
  ts.isElementAccessExpression(node) ||
  ts.isCallExpression(node) ||
  ts.isNonNullExpression(node);

/** Whether nothing is accessed or called on the node: a switch below that would lose `this`, or what `?.` skips. */
const isChainTop = (node) => !(isAccess(node.parent) && node.parent.expression === node);

/** Types, imports, names and declarations without a value. */
function isUntouched(node) {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeParameterDeclaration(node))
    return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isHeritageClause(node)) return true;
  if (ts.canHaveModifiers(node) && node.modifiers?.some((one) => one.kind === K.DeclareKeyword)) return true;
  // a type predicate or an assertion of a literal: `'a' as const` is touched, `as 'a'` is a type node
  return false;
}

/** An element of an array or a member of an object that is a value, and no pattern. */
function isListed(node) {
  const list = node.parent;
  if (ts.isStringLiteralLike(node) && isWording(node)) return false;
  if (ts.isArrayLiteralExpression(list))
    return list.elements.includes(node) && node.kind !== K.OmittedExpression && !isPattern(list);
  if (!ts.isObjectLiteralExpression(list) || isPattern(list)) return false;
  return (
    (ts.isPropertyAssignment(node) && !WORDING.has(node.name.getText())) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isSpreadAssignment(node)
  );
}

function isPattern(node) {
  for (let at = node; ts.isExpression(at) || ts.isPropertyAssignment(at); at = at.parent) {
    const { parent } = at;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === K.EqualsToken && parent.left === at) return true;
    if (ts.isForOfStatement(parent) && parent.initializer === at) return true;
    if (
      !ts.isArrayLiteralExpression(parent) &&
      !ts.isObjectLiteralExpression(parent) &&
      !ts.isPropertyAssignment(parent)
    )
      return false;
  }
  return false;
}

/** Whether the node is an expression that stands where a value is wanted. */
function isExpression(node) {
  if (!ts.isExpression(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isEnumMember(parent) || ts.isComputedPropertyName(parent)) return false;
  if (ts.isExpressionStatement(parent)) return false; // a value that nobody takes
  if (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= K.FirstAssignment &&
    parent.operatorToken.kind <= K.LastAssignment
  )
    return false;
  if (ts.isPrefixUnaryExpression(parent) && parent.operator === K.MinusToken && ts.isNumericLiteral(node)) return false;
  if (
    ts.isPostfixUnaryExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) && parent.operator >= K.PlusPlusToken && parent.operator <= K.MinusMinusToken)
  )
    return false;
  if (ts.isDeleteExpression(parent) || ts.isTaggedTemplateExpression(parent)) return false;
  if (ts.isMethodDeclaration(parent) || ts.isFunctionDeclaration(parent)) return false;
  return true;
}

const isLoopTest = (node) =>
  ((ts.isWhileStatement(node.parent) || ts.isDoStatement(node.parent)) && node.parent.expression === node) ||
  (ts.isForStatement(node.parent) && node.parent.condition === node);

function isCondition(node) {
  const { parent } = node;
  if (ts.isStringLiteralLike(node)) return false; // what stands for something missing
  return (
    isLoopTest(node) ||
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node) ||
    // an operand of a chain of conditions, or a predicate
    (ts.isBinaryExpression(parent) &&
      (parent.operatorToken.kind === K.AmpersandAmpersandToken || parent.operatorToken.kind === K.BarBarToken))
  );
}

const isTrivial = (node) =>
  node.kind === K.TrueKeyword ||
  node.kind === K.FalseKeyword ||
  (ts.isIdentifier(node) && node.text === 'undefined') ||
  ts.isObjectLiteralExpression(node) ||
  ts.isVoidExpression(node);

const textual = (node) =>
  ts.isStringLiteral(node) ||
  ts.isTemplateExpression(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  (ts.isBinaryExpression(node) &&
    node.operatorToken.kind === K.PlusToken &&
    (textual(node.left) || textual(node.right)));

function isWording(node) {
  for (let at = node; at !== undefined && !ts.isStatement(at); at = at.parent) {
    const { parent } = at;
    if (ts.isPropertyAssignment(parent) && parent.initializer === at && WORDING.has(parent.name.getText())) return true;
    if (ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText()) && parent.arguments?.indexOf(at) !== 0)
      return /\s/.test(node.getText());
    if (ts.isThrowStatement(parent)) return true;
    if (ts.isFunctionLike(at)) return false;
  }
  // several words: for people, wherever they stand
  return /[A-Za-z]{2,}[,;:]? [a-z]{2,}/.test(node.getText());
}

function removable(expression) {
  const inner =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression) ? expression.expression : expression;
  if (ts.isCallExpression(inner)) return inner.expression.kind !== K.SuperKeyword;
  if (ts.isDeleteExpression(inner)) return true;
  if (ts.isPostfixUnaryExpression(inner)) return true;
  return (
    ts.isBinaryExpression(inner) &&
    inner.operatorToken.kind >= K.FirstAssignment &&
    inner.operatorToken.kind <= K.LastAssignment
  );
}
