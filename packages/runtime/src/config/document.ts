/**
 * YAML text → plain data in which every scalar is text, plus the place of every key and value.
 *
 * Scalars stay text because the meaning of a word belongs to the field, not to YAML: an unquoted account id of 16 digits is
 * beyond 2^53 and one of 32 hex digits may look like a float. Only below `options:` are numbers and booleans told apart.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type LineCounter,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { invisibleIn } from '../printable.js';
import { formatPath, refuse, shownPath, type ConfigProblem, type Path } from './problem.js';
import { mayBeCredential } from './secrets.js';
import { BOUNDS, parseSyntax } from './syntax.js';
import { quote } from './quote.js';
import { interpolate, shownRaw, type Variables } from './variables.js';

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

/** How many problems get a remedy that has to be looked for. */
const MOST_REMEDIES = 50;

/** Where things stand in the file. */
export class Places {
  readonly #spots = new Map<string, Spot>();
  readonly #filled: { readonly path: Path; readonly raw: string }[] = [];
  readonly #problems: ConfigProblem[] = [];

  constructor(
    readonly file: string,
    readonly lines: LineCounter,
  ) {}

  set(path: Path, spot: Spot): void {
    this.#spots.set(formatPath(path), spot);
    if (spot.fromEnvironment && spot.raw !== undefined) this.#filled.push({ path, raw: spot.raw });
  }

  /** The values that hold variables, in the order of the file, as they are written there. */
  get filled(): readonly { readonly path: Path; readonly raw: string }[] {
    return this.#filled;
  }

  has(path: Path): boolean {
    return this.#spots.has(formatPath(path));
  }

  raw(path: Path): string | undefined {
    return this.#spots.get(formatPath(path))?.raw;
  }

  /** A value as a message may show it: what comes from the environment only as the variables' names. */
  shown(path: Path, value: unknown): string {
    return this.fromEnvironment(path) ? shownRaw(this.raw(path) ?? '') : quote(value);
  }

  fromEnvironment(path: Path): boolean {
    return this.#spots.get(formatPath(path))?.fromEnvironment ?? false;
  }

  /**
   * A problem at the value of a path, or at its key; at the nearest thing above when the path itself is not in the file. A remedy
   * that costs time to find is only looked for while few problems are known: nobody reads more of them.
   */
  problem(path: Path, message: string, remedy: string | (() => string), at: 'key' | 'value' = 'value'): ConfigProblem {
    let offset = 0;
    for (let length = path.length; length >= 0; length--) {
      const spot = this.#spots.get(formatPath(path.slice(0, length)));
      if (spot === undefined) continue;
      // something missing inside a block is shown at the block's key: its value may begin lines below
      const wantsKey = length < path.length || at === 'key';
      offset = (wantsKey ? spot.key : undefined) ?? spot.value;
      break;
    }
    return this.problemAt(offset, path, message, remedy);
  }

  /** A problem at an offset of the text. @throws ConfigError with what was found so far, when that is more than anybody would read */
  problemAt(offset: number, path: Path, message: string, remedy: string | (() => string)): ConfigProblem {
    const found =
      typeof remedy === 'string'
        ? remedy
        : this.#problems.length >= MOST_REMEDIES
          ? 'Correct the others first.'
          : remedy();
    const problem = { ...this.#position(offset), path: shownPath(path), message, remedy: found };
    if (this.#problems.push(problem) > BOUNDS.problems) refuse(this.#problems, true);
    return problem;
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
  /** Words of the file that look like keys pasted where a name belongs; never to be shown. */
  readonly secrets: readonly string[];
}

/** Lists that may stand empty (`connections:` with everything below commented out). */
const MAY_BE_EMPTY = new Set(['connections', 'links']);

export function parseConfigText(text: string, file: string, env: Variables): ParsedDocument {
  const { document, lines, problems: found } = parseSyntax(text);
  const places = new Places(file, lines);
  const problems = found.map(({ offset, message, remedy }) => places.problemAt(offset, [], message, remedy));
  const nothing = { content: undefined, places, secrets: [] };
  if (document === undefined) return { ...nothing, problems };
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    const empty = places.problemAt(0, [], 'the file is empty', 'Run `peerway init`, or start with `version: 1`.');
    return { ...nothing, problems: [empty] };
  }
  if (!isMap(root)) {
    const at = root.range?.[0] ?? 0;
    const remedy = 'Start with `version: 1`, then `stack: <name>`.';
    return { ...nothing, problems: [places.problemAt(at, [], 'the file is not a mapping', remedy)] };
  }
  const reader = new Reader(document, places, env);
  try {
    const content = reader.read(root, []) as PlainMap;
    return { content, places, problems: reader.problems, secrets: reader.secrets };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { ...nothing, problems: [error.problem], secrets: reader.secrets };
  }
}

/** Ends the reading: what else is wrong with such a file does not matter. */
class TooMuch extends Error {
  constructor(readonly problem: ConfigProblem) {
    super('too much');
  }
}

class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly secrets: string[] = [];
  #nodes = 0;
  readonly #open = new Set<Node>();
  readonly #targets: ReadonlyMap<Alias, Node>;

  constructor(
    document: Document,
    readonly places: Places,
    readonly env: Variables,
  ) {
    this.#targets = aliasTargets(document);
  }

  read(node: Node | null | undefined, path: Path, key?: number): Plain {
    const value = node?.range?.[0] ?? key ?? 0;
    const here = (extra: Partial<Spot> = {}): void =>
      this.places.set(path, { value, fromEnvironment: false, ...(key === undefined ? {} : { key }), ...extra });
    if (isAlias(node)) return this.#alias(this.#targets.get(node), value, path, key);
    if (++this.#nodes > BOUNDS.nodes) {
      const most = BOUNDS.nodes.toLocaleString('en');
      throw new TooMuch(
        this.places.problemAt(
          value,
          [],
          `the file has more than ${most} values when its aliases are written out`,
          'Write it with fewer aliases, or split it into several files, one stack each.',
        ),
      );
    }
    if (isMap(node)) {
      here();
      return this.#inside(node, value, path, () => this.#map(node, path, value));
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
      const at = key === undefined ? 'value' : 'key';
      this.problems.push(this.places.problem(path, 'there is no value', 'Give a value, or remove the key.', at));
      return UNFILLED;
    }
    return this.#scalar(node, path, here);
  }

  #map(node: YAMLMap, path: Path, value: number): PlainMap {
    const map: PlainMap = {};
    for (const pair of node.items) {
      const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined;
      const at = (pair.key as Node | null)?.range?.[0] ?? value;
      if (name === undefined) {
        this.problems.push(this.places.problemAt(at, path, 'a key is not a plain word', 'Write `key: value`.'));
        continue;
      }
      if (path.at(-1) === 'credentials' && mayBeCredential(name)) this.secrets.push(name);
      const hidden = invisibleIn(name);
      if (hidden !== undefined) {
        this.problems.push(this.places.problemAt(at, path, `a key holds the invisible ${hidden.name}`, RETYPE));
        continue;
      }
      if (Object.hasOwn(map, name)) {
        const remedy = 'Remove or rename one of the two.';
        this.problems.push(this.places.problemAt(at, [], 'the same key stands here a second time', remedy));
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
  }

  #scalar(node: Scalar, path: Path, here: (extra: Partial<Spot>) => void): Plain {
    const raw = node.source ?? String(node.value);
    const filled = interpolate(raw, this.env);
    this.secrets.push(...filled.secrets);
    here({ raw, fromEnvironment: filled.fromEnvironment });
    for (const { message, remedy } of filled.problems) this.problems.push(this.places.problem(path, message, remedy));
    // an unfilled value is absent for everything that follows, or one mistake would be reported twice
    if (filled.problems.length > 0) return UNFILLED;
    const hidden = isFreeText(path) ? undefined : invisibleIn(filled.text);
    if (hidden !== undefined) {
      const { name, at } = hidden;
      this.problems.push(
        this.places.problem(path, `the invisible ${name} stands at character ${at} of the value`, RETYPE),
      );
      return UNFILLED;
    }
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
    if (path.length > BOUNDS.depth) {
      const remedy = 'Nothing in this file needs so many levels.';
      this.problems.push(
        this.places.problemAt(at, path.slice(0, 3), `there are more than ${BOUNDS.depth} levels`, remedy),
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

/** A text that is there: what is missing has been reported. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== UNFILLED;

const RETYPE = 'Type it by hand: it was probably copied with it.';

/** Texts for people and the plugin's own settings may hold what a language needs; ids, names and addresses may not. */
const isFreeText = (path: Path): boolean =>
  path.includes('tags') || path.includes('options') || path.at(-1) === 'description';

/** What each alias means: the anchor of its name that stands before it and nearest. */
function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function typedScalar(text: string): Plain {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text;
}
