/** Config text → a Config in which every name is known and every value fits, or one error with all that is wrong. */
import { isAbsolute, relative, resolve } from 'node:path';
import { isPeerwayError, PeerwayError, type Redactor } from '@peerway/core';
import { readTextFile } from '../textFile.js';
import { checkEntry } from './check.js';
import { parseConfigText, type Places, type Plain, type PlainMap, UNFILLED } from './document.js';
import { ConfigFile, ConnectionEntry, LinkEntry, NetworkEntry, ProviderEntry, type Config } from './model.js';
import { refuse, type ConfigProblem, type Path } from './problem.js';
import { checkReferences } from './references.js';
import { quote } from './quote.js';
import { NAME, RULES } from './rules.js';
import { mayBeSecretName } from './secrets.js';
import { BOUNDS } from './syntax.js';
import type { Variables } from './variables.js';

interface ReadConfig {
  readonly config: Config;
  /** As it was read: variables stand in it by their names. */
  readonly text: string;
  /** For checks that come later, when the providers are loaded. */
  readonly places: Places;
}

/**
 * @param file as the user names it; relative names are looked up from `cwd`
 * @throws PeerwayError `NotFound` when there is no such file; ConfigError with every problem of the file
 */
export async function loadConfig(
  file: string,
  options: {
    readonly env: Variables;
    readonly redactor: Redactor;
    readonly cwd?: string;
    readonly stack?: string;
    readonly text?: string;
    readonly networksLater?: boolean;
    readonly signal?: AbortSignal;
  },
): Promise<ReadConfig & { readonly absolute: string }> {
  const cwd = options.cwd ?? process.cwd();
  const absolute = resolve(cwd, file);
  const near = relative(cwd, absolute);
  const shown = near === '' || near.startsWith('..') || isAbsolute(near) ? file : near;
  const text = options.text ?? (await textOf(absolute, shown, options.signal));
  const { config, places } = readConfig(text, shown, options);
  if (options.stack === undefined) return { config, text, places, absolute };
  if (!NAME.test(options.stack)) {
    const [found] = RULES.name.check(options.stack);
    throw new PeerwayError('InvalidArgument', found?.message ?? 'The name of the stack does not fit', {
      place: '--stack',
      remedy: found?.remedy ?? 'Give a name.',
    });
  }
  return { config: { ...config, stack: options.stack }, text, places, absolute };
}

async function textOf(absolute: string, shown: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await readTextFile(absolute, {
      maxBytes: BOUNDS.bytes,
      shown,
      what: 'The config file',
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (!isPeerwayError(error, 'NotFound')) throw error;
    throw new PeerwayError('NotFound', error.message, {
      place: shown,
      remedy: 'Make one with `peerway init`, or name another with --config.',
    });
  }
}

/** @throws ConfigError */
function readConfig(
  text: string,
  file: string,
  {
    env,
    redactor,
    networksLater = false,
  }: { readonly env: Variables; readonly redactor: Redactor; readonly networksLater?: boolean },
): Omit<ReadConfig, 'text'> {
  const { content, places, problems, secrets } = parseConfigText(text, file, env);
  for (const secret of secrets) redactor.add(secret);
  if (content === undefined) refuse(problems);
  for (const secret of credentialValues(content ?? {})) redactor.add(secret);
  const read = new Sections(places, problems);
  const none = networksLater && isNothing(content?.['networks']);
  const { value: top } = read.entry(ConfigFile, none ? { ...content, networks: {} } : (content ?? {}), []);
  const config: Config = {
    file,
    stack: top.stack,
    providers: read.named(ProviderEntry, top.providers, ['providers']),
    networks: none ? new Map() : read.named(NetworkEntry, top.networks, ['networks']),
    connections: read.listed(ConnectionEntry, top.connections, ['connections']),
    links: read.listed(LinkEntry, top.links, ['links']),
  };
  problems.push(...checkReferences(config, content ?? {}, places));
  refuse(problems);
  return { config, places };
}

class Sections {
  constructor(
    readonly places: Places,
    readonly problems: ConfigProblem[],
  ) {}

  entry<T extends object>(type: new () => T, plain: PlainMap, path: Path): { readonly value: T } {
    const { value, problems } = checkEntry(type, plain, path, this.places);
    this.problems.push(...problems);
    return { value };
  }

  named<T extends object>(type: new () => T, section: unknown, path: Path): ReadonlyMap<string, T> {
    const entries = new Map<string, T>();
    if (!isMapping(section)) return entries; // reported by the class of the top level
    for (const [name, plain] of Object.entries(section)) {
      const here = [...path, name];
      if (!NAME.test(name)) {
        for (const { message, remedy } of RULES.name.check(name)) {
          const shown = mayBeSecretName(name) ? 'a key that is not shown is not a name' : message;
          this.problems.push(this.places.problem(here, shown, remedy, 'key'));
        }
      }
      const mapping = this.mapping(plain, here);
      if (mapping !== undefined) entries.set(name, this.entry(type, mapping, here).value);
    }
    if (Object.keys(section).length === 0) {
      this.problems.push(this.places.problem(path, `${path.join('.')} is empty`, 'Name at least one.', 'key'));
    }
    return entries;
  }

  listed<T extends object>(type: new () => T, section: unknown, path: Path): readonly T[] {
    if (section === undefined || section === null || section === UNFILLED) return [];
    if (!Array.isArray(section)) {
      this.problems.push(
        this.places.problem(path, `found ${quote(section)} instead of a list`, 'Start every entry with "- ".'),
      );
      return [];
    }
    return (section as Plain[]).flatMap((plain, index) => {
      const here = [...path, index];
      const mapping = this.mapping(plain, here);
      return mapping === undefined ? [] : [this.entry(type, mapping, here).value];
    });
  }

  mapping(plain: Plain, path: Path): PlainMap | undefined {
    if (isMapping(plain)) return plain;
    if (plain !== UNFILLED) {
      const found = this.places.shown(path, plain);
      this.problems.push(
        this.places.problem(path, `found ${found} instead of a mapping`, 'Write { key: value, … } here.'),
      );
    }
    return undefined;
  }
}

/** Left out, or `{}`; a key without a value is refused as everywhere. */
const isNothing = (section: unknown): boolean =>
  section === undefined || (isMapping(section) && Object.keys(section).length === 0);

const isMapping = (value: unknown): value is PlainMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything that stands under a `credentials:` key, wherever it was put: known to the redactor before any message is made. */
function* credentialValues(value: unknown, inside = false): Generator<string> {
  if (typeof value === 'string' && inside && value !== UNFILLED) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const secret = /^(credentials|.*(secret|token|password).*)$/i.test(key);
    yield* credentialValues(each, inside || (secret && typeof each !== 'number'));
  }
}
