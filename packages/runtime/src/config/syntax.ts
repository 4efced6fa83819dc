/**
 * YAML text → its document, within bounds of size, nodes and time whatever the text is; or what is wrong with it, in our words. The
 * parser's own messages are not used: they quote the file, and a file may hold a pasted key.
 */
import { CST, Lexer, LineCounter, parseDocument, type Document, type ErrorCode } from 'yaml';

/** What a config file may be at most. 10,000 connections need about 1 MB and 100,000 nodes. */
export const BOUNDS = {
  bytes: 4 * 1024 * 1024,
  /** Values, lists, mappings and keys, aliases written out. */
  nodes: 200_000,
  depth: 32,
  /** Anchors and tags. */
  properties: 1_000,
  /** Found, after which no others are looked for. */
  problems: 10_000,
  /** Backslashes in quoted texts: the parser makes an error of each that it does not know. */
  escapes: 50_000,
  /** Of networks, that all connections together make. */
  pairs: 100_000,
} as const;

interface SyntaxProblem {
  /** Characters from the start of the text. */
  readonly offset: number;
  readonly message: string;
  readonly remedy: string;
}

interface ParsedSyntax {
  /** Undefined when the text is no YAML, or too much of it; then there is at least one problem. */
  readonly document: Document | undefined;
  readonly lines: LineCounter;
  readonly problems: readonly SyntaxProblem[];
}

export function parseSyntax(text: string): ParsedSyntax {
  const lines = new LineCounter();
  const first = scan(text);
  if (first?.final === true) {
    // the parser, which counts lines, is not asked
    for (let at = 0; at >= 0 && at <= first.problem.offset; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at);
    return { document: undefined, lines, problems: [first.problem] };
  }
  // the parser compares every key with every other one; duplicates are found by the reader
  const document = withoutStacks(() =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', uniqueKeys: false }),
  );
  const found = [...document.errors, ...document.warnings]
    .filter(({ code }, at, all) => code !== 'BAD_INDENT' || !INDENTATION.includes(all[at - 1]?.code))
    .map(({ code, pos }): SyntaxProblem => {
      const [message, remedy] = SYNTAX[code];
      return { offset: Math.min(pos[0], text.length), message, remedy };
    });
  if (found.length === 0) return { document, lines, problems: [] };
  if (first === undefined) return { document: undefined, lines, problems: found };
  // whatever the parser says after that is about it
  const before = found.filter(({ offset }) => offset < first.problem.offset);
  return { document: undefined, lines, problems: [...before, first.problem] };
}

/** After one of these the lines below it do not fit either. */
const INDENTATION: readonly (ErrorCode | undefined)[] = ['TAB_AS_INDENT', 'BAD_INDENT'];

/** The parser makes an Error of every mistake, and the stack of each takes longer and holds more than all the rest of it. */
function withoutStacks<T>(parse: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parse();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** `final`: nothing else is to be looked at. */
type Scan = { readonly problem: SyntaxProblem; readonly final: boolean } | undefined;

const PROPERTIES: readonly (string | null)[] = ['anchor', 'tag'];
const SPACE: readonly (string | null)[] = ['space', 'comment', 'doc-mode', 'byte-order-mark'];
/** What makes a node: a scalar announces itself before its text. */
const NODES: readonly (string | null)[] = [
  ...['scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'block-scalar-header', 'alias'],
  ...['flow-map-start', 'flow-seq-start'],
];
const CLOSING: Readonly<Record<string, string>> = { '}': '{', ']': '[' };

/** One cheap pass over the lexemes: too many of anything, a variable that wants quotes, or a bracket that is never closed. */
function scan(text: string): Scan {
  if (text.length > BOUNDS.bytes) return tooMuch(0, `the file is larger than ${BOUNDS.bytes / 1024 / 1024} MB`);
  const counts = new Map<string | null, number>();
  const open: { readonly bracket: string; readonly offset: number }[] = [];
  let unclosed: (typeof open)[number] | undefined;
  let nodes = 0;
  let escapes = 0;
  let offset = 0;
  let isContent = false;
  /** `${` of a plain value between brackets, where YAML begins a mapping at its `{`. */
  let variable: number | undefined;
  let afterDollar = false;
  for (const lexeme of new Lexer().lex(text)) {
    // the text of a scalar follows its mark and may look like anything
    const type: string | null = isContent ? null : CST.tokenType(lexeme);
    isContent = type === 'scalar';
    // three lexemes are marks of the lexer and not in the text
    const length = type === 'doc-mode' || type === 'scalar' || type === 'flow-error-end' ? 0 : lexeme.length;
    if (!SPACE.includes(type) && type !== null) {
      const count = (counts.get(type) ?? 0) + 1;
      counts.set(type, count);
      if (NODES.includes(type)) nodes++;
      if (nodes > BOUNDS.nodes || count > BOUNDS.nodes)
        return tooMuch(offset, `the file has more than ${BOUNDS.nodes.toLocaleString('en')} values`);
      if (type === 'double-quoted-scalar') {
        escapes += lexeme.split('\\').length - 1;
        if (escapes > BOUNDS.escapes)
          return tooMuch(offset, `the file has more than ${BOUNDS.escapes.toLocaleString('en')} escapes in quotes`);
      }
      if (PROPERTIES.includes(type) && count > BOUNDS.properties)
        return tooMuch(offset, `the file has more than ${BOUNDS.properties.toLocaleString('en')} anchors or tags`);
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') {
      if (afterDollar && lexeme === '{' && open.length > 0) variable ??= offset - 1;
      open.push({ bracket: lexeme, offset });
    } else if (type === 'flow-error-end') {
      unclosed ??= open.at(-1);
      open.length = 0;
    } else if (type === 'flow-map-end' || type === 'flow-seq-end') {
      const last = open.pop();
      if (last !== undefined && last.bracket !== CLOSING[lexeme]) unclosed ??= last;
    }
    afterDollar = type === null && lexeme.endsWith('$');
    offset += length;
  }
  unclosed ??= open.at(-1);
  if (variable !== undefined && (unclosed === undefined || variable < unclosed.offset))
    return { final: false, problem: { offset: variable, ...UNQUOTED_VARIABLE } };
  if (unclosed === undefined) return undefined;
  const { bracket, offset: at } = unclosed;
  const closing = bracket === '{' ? '}' : ']';
  return {
    final: false,
    problem: {
      offset: at,
      message: `this ${bracket} is not closed`,
      remedy: `Write the ${closing} that belongs to it.`,
    },
  };
}

const UNQUOTED_VARIABLE = {
  message: 'a variable stands between brackets without quotes',
  remedy: 'Put every value with ${…} between { } or [ ] in quotes: "${NAME}".',
} as const;

const tooMuch = (offset: number, message: string): Scan => ({
  final: true,
  problem: { offset, message, remedy: 'Split it into several files, one stack each.' },
});

const SYNTAX: Record<ErrorCode, readonly [message: string, remedy: string]> = {
  ALIAS_PROPS: ['an alias has a tag or an anchor', 'Remove what stands before the alias.'],
  BAD_ALIAS: ['an alias is malformed', 'Write `*name`.'],
  BAD_DIRECTIVE: ['a YAML directive is not understood', 'Remove the line that starts with %.'],
  BAD_DQ_ESCAPE: ['a quoted text has an unknown escape', 'Write \\\\ for a backslash, or use single quotes.'],
  BAD_INDENT: [
    'the indentation does not fit, or a bracket is not closed',
    'Indent with two spaces per level and close every [ and {.',
  ],
  BAD_PROP_ORDER: ['tags and anchors stand in the wrong order', 'Remove them.'],
  BAD_SCALAR_START: ['a value starts with a character that YAML reserves', 'Put the value in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second "key:" stands where only a value can',
    'Put it on a line of its own, or quote the value.',
  ],
  BLOCK_IN_FLOW: ['a block stands inside brackets', 'Use either brackets or indentation.'],
  DUPLICATE_KEY: ['the same key stands here a second time', 'Remove or rename one of the two.'],
  IMPOSSIBLE: ['this is not YAML', 'Check the lines around it.'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1024 characters', 'Check for a missing line break.'],
  MISSING_CHAR: [
    'a quote, bracket, comma or space is missing',
    'Close what was opened, and put a space after every ":".',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key does not end on its line', 'Check for a missing ":" or wrong indentation.'],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'Keep one.'],
  MULTIPLE_DOCS: ['the file holds more than one document', 'Keep one; remove the line `---` between them.'],
  MULTIPLE_TAGS: ['a value has two tags', 'Remove them.'],
  NON_STRING_KEY: ['a key is not text', 'Write `key: value`.'],
  RESOURCE_EXHAUSTION: ['the file is too deep', 'Write it out with less nesting.'],
  TAB_AS_INDENT: ['a tab is used for indentation', 'Use spaces.'],
  TAG_RESOLVE_FAILED: ['a tag (!…) is not understood', 'Remove the tag.'],
  UNEXPECTED_TOKEN: ['this does not belong here', 'Check quotes, commas and brackets around it.'],
  BAD_COLLECTION_TYPE: ['a tag does not fit its value', 'Remove the tag.'],
};
