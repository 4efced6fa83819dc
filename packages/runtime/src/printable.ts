/**
 * The one sanitiser of text that somebody else wrote: a cloud, a plugin, the environment. Characters that steer a terminal (ESC,
 * CR, C1), turn its direction (bidi) or cannot be seen at all become `\uXXXX`, which JSON reads back as the same character.
 */

/** Unicode classes: control, format, line and paragraph separators, lone surrogates, and what is ignored when shown. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (found: string): string =>
  Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

/** Text of several lines: line ends and tabs stay. */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, (found) => (found === '\n' || found === '\t' ? found : escaped(found)));

/** Text that must stay on its line: breaks and tabs become one blank. */
export const printableLine = (text: string): string =>
  text.replaceAll(/[\r\n\t]+/g, ' ').replace(INVISIBLE, (found) => escaped(found));

/** Plain data with every text in it (keys left out) as `printableLine` gives it. */
export function printableData<T>(value: T): T {
  if (typeof value === 'string') return printableLine(value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => printableData(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printableData(each as unknown)])) as T;
}

/** The first invisible character as people name it, e.g. `U+200B`, and where it stands, from 1; undefined when all can be seen. */
export function invisibleIn(text: string): { readonly name: string; readonly at: number } | undefined {
  const at = text.search(INVISIBLE);
  if (at < 0) return undefined;
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { name: `U+${code}`, at: at + 1 };
}
