/** Names for what clouds call by free text and by ids: legal in the file, each once, and the same as long as the same things are there. */

/** Room is left for what tells two of the same name apart. */
const LONGEST = 40;
const TAIL = 6;

interface Named {
  /** What the names are asked for by. */
  readonly key: string;
  /** What the cloud calls it; empty: nothing. */
  readonly called: string;
  /** Tells apart what is called alike. */
  readonly id: string;
}

/** Lower-case letters, digits and single dashes; empty when the text holds none of them. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

const shortened = (text: string, length: number): string => text.slice(0, length).replace(/-+$/, '');

/** From the best to read to what is surely unique. */
const FORMS: readonly ((item: Named) => string)[] = [
  ({ called, id }) => shortened(slug(called), LONGEST) || shortened(slug(id), LONGEST),
  ({ called, id }) => joined(shortened(slug(called), LONGEST), slug(id).replaceAll('-', '').slice(-TAIL)),
  ({ called, id }) => joined(shortened(slug(called), 20), slug(id).slice(-LONGEST).replace(/^-+/, '')),
];

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('-');

/**
 * Those that a cloud calls alike are all told apart by their ids, so that no name depends on the order of a listing.
 * @param taken names that are in use; those given are added
 * @returns the names by key
 */
export function namesFor(items: readonly Named[], taken: Set<string>): ReadonlyMap<string, string> {
  const alike = new Map<string, Named[]>();
  for (const item of items) {
    const name = FORMS[0]?.(item) ?? '';
    alike.set(name, [...(alike.get(name) ?? []), item]);
  }
  const names = new Map<string, string>();
  const give = (key: string, name: string): void => {
    taken.add(name);
    names.set(key, name);
  };
  // what is called like nothing else keeps its name before others are told apart
  const groups = [...alike.entries()].sort(([a, one], [b, two]) => one.length - two.length || (a < b ? -1 : 1));
  for (const [, group] of groups) {
    const fitting = FORMS.map((form) => group.map((item) => form(item))).find(
      (made) => new Set(made).size === made.length && made.every((name) => name !== '' && !taken.has(name)),
    );
    group.forEach((item, at) => give(item.key, fitting?.[at] ?? numbered(FORMS[2]?.(item) ?? item.id, taken)));
  }
  return names;
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}
