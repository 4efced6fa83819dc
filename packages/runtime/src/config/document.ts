/**
 * YAML text → plain data in which every scalar is text, plus the place of every key and value.
 *
 * Scalars stay text because the meaning of a word belongs to the field, not to YAML: an unquoted account id of 16 digits is
 * beyond 2^53 and one of 32 hex digits may look like a float. Only below `options:` are numbers and booleans told apart.
 * The messages of the parser are not used: they quote the file, and a file may hold a pasted key.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ErrorCode,
  type Node,
  type Scalar,
} from 'yaml';
import { formatPath, type ConfigProblem, type Path } from './problem.js';
import { interpolate, type Variables } from './variables.js';

export type Plain = string | number | boolean | null | Plain[] | PlainMap;
export interface PlainMap {
  [key: string]: Plain;
}

interface Spot {
  readonly key?: number;
  readonly value: number;
  /** Text of a scalar as it stands in the file, before variables are filled in. */
  readonly raw?: string;
  readonly fromEnvironment: boolean;
}

/** Where things stand in the file. */
export class Places {
  readonly #spots = new Map<string, Spot>();

  constructor(
    readonly file: string,
    readonly lines: LineCounter,
  ) {}

  set(path: Path, spot: Spot): void {
    this.#spots.set(formatPath(path), spot);
  }

  has(path: Path): boolean {
    return this.#spots.has(formatPath(path));
  }

  raw(path: Path): string | undefined {
    return this.#spots.get(formatPath(path))?.raw;
  }

  fromEnvironment(path: Path): boolean {
    return this.#spots.get(formatPath(path))?.fromEnvironment ?? false;
  }

  /** A problem at the value of a path, or at its key; at the nearest thing above when the path itself is not in the file. */
  problem(path: Path, message: string, remedy: string, at: 'key' | 'value' = 'value'): ConfigProblem {
    let offset = 0;
    for (let length = path.length; length >= 0; length--) {
      const spot = this.#spots.get(formatPath(path.slice(0, length)));
      if (spot === undefined) continue;
      // something missing inside a block is shown at the block's key: its value may begin lines below
      const wantsKey = length < path.length || at === 'key';
      offset = (wantsKey ? spot.key : undefined) ?? spot.value;
      break;
    }
    return { ...this.#position(offset), path: formatPath(path), message, remedy };
  }

  /** A problem at an offset of the text. */
  problemAt(offset: number, path: Path, message: string, remedy: string): ConfigProblem {
    return { ...this.#position(offset), path: formatPath(path), message, remedy };
  }

  #position(offset: number): { file: string; line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

interface ParsedDocument {
  /** Undefined when the text cannot be read as a mapping; `problems` then says why. */
  readonly content: PlainMap | undefined;
  readonly places: Places;
  readonly problems: ConfigProblem[];
}

/** A file beyond this is an attack by aliases, or a mistake: 10,000 connections need about 100,000 nodes. */
const MAX_NODES = 2_000_000;

/** Lists that may stand empty (`connections:` with everything below commented out). */
const MAY_BE_EMPTY = new Set(['connections', 'links']);

export function parseConfigText(text: string, file: string, env: Variables): ParsedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const places = new Places(file, lines);
  const problems = [...document.errors, ...document.warnings].map((error) => {
    const [message, remedy] = SYNTAX[error.code];
    return places.problemAt(Math.min(error.pos[0], text.length), [], message, remedy);
  });
  if (problems.length > 0) return { content: undefined, places, problems };

  const reader = new Reader(document, places, env, problems);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    problems.push(places.problemAt(0, [], 'the file is empty', 'Run `peerway init`, or start with `version: 1`.'));
    return { content: undefined, places, problems };
  }
  if (!isMap(root)) {
    problems.push(
      places.problemAt(
        root.range?.[0] ?? 0,
        [],
        'the file is not a mapping',
        'Start with `version: 1`, then `stack: <name>`.',
      ),
    );
    return { content: undefined, places, problems };
  }
  return { content: reader.read(root, []) as PlainMap, places, problems };
}

class Reader {
  #nodes = 0;
  readonly #open = new Set<Node>();

  constructor(
    readonly document: Document,
    readonly places: Places,
    readonly env: Variables,
    readonly problems: ConfigProblem[],
  ) {}

  read(node: Node | null | undefined, path: Path, key?: number): Plain {
    const value = node?.range?.[0] ?? key ?? 0;
    const here = (extra: Partial<Spot> = {}): void =>
      this.places.set(path, { value, fromEnvironment: false, ...(key === undefined ? {} : { key }), ...extra });
    if (isAlias(node)) return this.#alias(node.resolve(this.document), value, path, key);
    if (++this.#nodes > MAX_NODES) return UNFILLED;
    if (isMap(node)) {
      here();
      return this.#inside(node, value, path, () => {
        const map: PlainMap = {};
        for (const pair of node.items) {
          const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined;
          const at = (pair.key as Node).range?.[0] ?? value;
          if (name === undefined) {
            this.problems.push(this.places.problemAt(at, path, 'a key is not a plain word', 'Write `key: value`.'));
            continue;
          }
          // defined, not assigned: a key named __proto__ must stay an ordinary (and unknown) key
          Object.defineProperty(map, name, {
            value: this.read(pair.value as Node | null, [...path, name], at),
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        return map;
      });
    }
    if (isSeq(node)) {
      here();
      return this.#inside(node, value, path, () =>
        node.items.map((item, index) => this.read(item as Node, [...path, index])),
      );
    }
    if (!isScalar(node) || (node.value === null && node.type === 'PLAIN')) {
      here();
      if (path.length === 1 && MAY_BE_EMPTY.has(String(path[0]))) return null;
      this.problems.push(
        this.places.problem(
          path,
          'there is no value',
          'Give a value, or remove the key.',
          key === undefined ? 'value' : 'key',
        ),
      );
      return UNFILLED;
    }
    return this.#scalar(node, path, here);
  }

  #scalar(node: Scalar, path: Path, here: (extra: Partial<Spot>) => void): Plain {
    const raw = node.source ?? String(node.value);
    const filled = interpolate(raw, this.env);
    here({ raw, fromEnvironment: filled.fromEnvironment });
    for (const { message, remedy } of filled.problems) this.problems.push(this.places.problem(path, message, remedy));
    // an unfilled value is absent for everything that follows, or one mistake would be reported twice
    if (filled.problems.length > 0) return UNFILLED;
    const typed = path[0] === 'providers' && path[2] === 'options' && node.type === 'PLAIN';
    return typed ? typedScalar(filled.text) : filled.text;
  }

  #alias(target: Node | undefined, at: number, path: Path, key: number | undefined): Plain {
    const bad = (message: string, remedy: string): string => {
      this.places.set(path, { value: at, fromEnvironment: false });
      this.problems.push(this.places.problemAt(at, path, message, remedy));
      return UNFILLED;
    };
    if (target === undefined)
      return bad('an alias names no anchor', 'Define it before with `&name`, or write the value here.');
    if (this.#open.has(target)) return bad('an alias refers to what it stands in', 'Write the value out.');
    return this.read(target, path, key ?? at);
  }

  #inside(node: Node, at: number, path: Path, work: () => Plain): Plain {
    if (this.#nodes > MAX_NODES || path.length > 32) {
      this.problems.push(
        this.places.problemAt(at, path, 'the file is too large or too deep', 'Write it out without aliases.'),
      );
      return UNFILLED;
    }
    this.#open.add(node);
    const value = work();
    this.#open.delete(node);
    return value;
  }
}

/** Stands for a value that is missing or whose variable is not set; already reported, so every later check skips it. */
export const UNFILLED = '\u0000unfilled';

function typedScalar(text: string): Plain {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text;
}

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
