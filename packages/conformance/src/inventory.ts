/**
 * Everything that a driver asks and answers while the kit tries it, by its form: which members, which of the cloud's own words, no names
 * and no numbers. Written to a file beside the adapter's tests, it is what a reviewer reads to know all that the adapter ever sends; and a
 * member that is no longer sent, another word for a state, an error that lost its retry advice is a line that the file does not have.
 */
import { isPeerwayError, type Call, type ProviderDriver } from '@peerway/core';
import type { LoggedRequest } from './harness.js';

/** The known forms of one adapter and mechanism. Its text has a line for each, sorted; the empty text knows none. */
export class Inventory {
  readonly #known: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  /** @param learning whatever is seen is right, and stands in `text()` afterwards */
  constructor(
    text: string,
    readonly learning: boolean = false,
  ) {
    this.#known = new Set(text.split('\n').filter((line) => line !== ''));
  }

  /** Of some forms those that are not known, each once, in order. */
  unknown(forms: Iterable<string>): readonly string[] {
    const found = new Set(forms);
    for (const form of found) this.#seen.add(form);
    return this.learning ? [] : [...found].filter((form) => !this.#known.has(form));
  }

  /** What was seen, to be written to the file: after a whole run of the kit. */
  text(): string {
    return [...this.#seen]
      .sort()
      .map((line) => `${line}\n`)
      .join('');
  }
}

/** `asks CreatePeering {network: net-…, region: here}`; of a backend that does not tell its parameters only the operation. */
export const formOfRequest = ({ operation, parameters }: LoggedRequest): string =>
  `asks ${operation}${parameters === undefined ? '' : ` ${formOf(parameters)}`}`;

/** The same driver; what each of its methods sends is told by the operations, what it answers or throws by its form. */
export function overheard(driver: ProviderDriver, tell: (form: string) => void): ProviderDriver {
  const { networks, peerings, routes, links } = driver;
  const groups = { networks, peerings, routes, ...(links === undefined ? {} : { links }) };
  const listened = Object.entries(groups).map(([name, group]) => [name, listening(group, name, tell)] as const);
  const listeners = new Map<PropertyKey, unknown>(listened);
  return new Proxy(driver, {
    get(target, property) {
      const value: unknown = listeners.get(property) ?? Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The driver's own objects behind those that listen: it is given back what it has made. */
const heard = new WeakMap<object, object>();
const own = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (heard.get(value) ?? value) : value;

/** The same call; its requests are written down. */
function followed(value: unknown, sent: string[]): unknown {
  if (!isCall(value)) return value;
  const admit: Call['admit'] = (request) => {
    sent.push(withoutIds(request.nativeOperation));
    return value.admit(request);
  };
  return { signal: value.signal, admit };
}

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'admit' in value && 'signal' in value;

/** Of a path, the parts that name one thing: `PUT /v1/peerings/…`. */
const withoutIds = (operation: string): string =>
  operation.replace(/(?<=\/)[^/? ]+/g, (part) => (/^v?\d+$/.test(part) || /^[A-Za-z]+$/.test(part) ? part : '…'));

/** Operations in their order, those that follow themselves once: `List…, Create`. */
const inShort = (sent: readonly string[]): string =>
  sent.length === 0
    ? 'nothing'
    : sent
        .filter((one, at) => one !== sent[at - 1])
        .map((one, at, kept) => (sent.length > kept.length && repeats(sent, one) ? `${one}…` : one))
        .join(', ');
const repeats = (sent: readonly string[], operation: string): boolean =>
  sent.some((one, at) => one === operation && sent[at + 1] === operation);

function listening<T extends object>(group: T, name: string, tell: (form: string) => void): T {
  const listener = new Proxy(group, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        const title = `${name}.${String(property)}${kindOf(given)}`;
        const sent: string[] = [];
        const answer: unknown = Reflect.apply(
          value,
          target,
          given.map((one) => followed(own(one), sent)),
        );
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (result: unknown) => {
            tell(`sends ${title} ${inShort(sent)}`);
            for (const one of partsOf(result)) tell(`shows ${title} ${formOf(one)}`);
            return result;
          },
          (error: unknown) => {
            tell(`sends ${title} ${inShort(sent)}, in vain`);
            if (isPeerwayError(error)) tell(`throws ${title} ${formOf({ code: error.code, ...error.details })}`);
            throw error;
          },
        );
      };
    },
  });
  heard.set(listener, group);
  return listener;
}

/** Of a change which one it is: ` labels`. */
const kindOf = (given: readonly unknown[]): string =>
  given.flatMap((one) =>
    typeof one === 'object' && one !== null && 'kind' in one && typeof one.kind === 'string' ? [` ${one.kind}`] : [],
  )[0] ?? '';

/** The items of a list or a page, one by one. */
function partsOf(result: unknown): readonly unknown[] {
  if (Array.isArray(result)) return result;
  if (typeof result !== 'object' || result === null || !('items' in result)) return [result];
  const { items, ...rest } = result;
  return [...(Array.isArray(items) ? (items as unknown[]) : [items]), rest];
}

/** The cloud's own numbers and codes, which are few. */
const EXACT = /^(?:httpstatus|nativecode|nativestate|pagesize|maxresults|maxkeys)$/i;
/** What people choose: their letters are no words of the cloud. */
export const CHOSEN = /^(?:tags?|settags|removetags?|tagkeys?|name|description|.*name|.*description|clienttoken)$/i;

const TEXTS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^$/, () => "''"],
  [/^\d+$/, () => 'digits'],
  [/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/, (text) => (text.includes('/') ? 'prefix' : 'address')],
  [/^[0-9a-f:]*:[0-9a-f:]*(\/\d+)?$/i, (text) => (text.includes('/') ? 'prefix6' : 'address6')],
  [/^\d{4}-\d\d-\d\dT/, () => 'time'],
  // a part of the world and a place are a region, whatever else has this form is an id
  [
    /^(?!(?:af|ap|ca|cn|eu|il|me|mx|na|sa|us)-[a-z]+$)[a-z]+(?:-[a-z]{1,3})?-[a-z0-9]{8,}$/i,
    (text) => `${text.slice(0, text.lastIndexOf('-'))}-…`,
  ],
  [/^[A-Za-z][A-Za-z_.:/-]{0,60}$/, (text) => text],
];

/** Of a value its members and the cloud's own words: no names and no numbers. */
export function formOf(value: unknown, chosen = false): string {
  switch (typeof value) {
    case 'string':
      if (chosen) return value === '' ? "''" : 'text';
      return TEXTS.find(([fits]) => fits.test(value))?.[1](value) ?? 'text';
    case 'number':
      return Number.isFinite(value) ? 'number' : String(value);
    case 'object':
      return value === null ? 'null' : value instanceof Date ? 'time' : formOfMembers(value, chosen);
    default:
      return String(value);
  }
}

function formOfMembers(value: object, chosen: boolean): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map((item) => formOf(item, chosen)))].sort().join(' | ')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (chosen && !members.some(([key]) => /^(?:key|value|tagkey|tagvalue)$/i.test(key)))
    return members.length === 0 ? '{}' : '{…}';
  return `{${members.map(([key, one]) => `${key}: ${EXACT.test(key) ? String(one) : formOf(one, chosen || CHOSEN.test(key))}`).join(', ')}}`;
}
