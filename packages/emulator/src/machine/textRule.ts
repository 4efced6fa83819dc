/** What a cloud's documents say of a text that its user chooses (a name, a description, a tag): held as data. */

/** Character classes, as a regular expression writes them between brackets. */
export const LETTERS = 'A-Za-z';
export const DIGITS = '0-9';
export const CHINESE = '\\p{Script=Han}';

export interface TextRule {
  /** Least and greatest length, in characters. */
  readonly min: number;
  readonly max: number;
  /** Classes that the first character must come from; absent: any. */
  readonly first?: string;
  /** Classes that every character must come from; absent: any. */
  readonly alphabet?: string;
  /** What the text may not begin with. */
  readonly notAtStart?: readonly string[];
  /** What may stand nowhere in it. */
  readonly nowhere?: readonly string[];
}

/** What is wrong with a text: its length (`range`) or what it consists of (`pattern`); undefined when nothing is. */
export function breachOf(rule: TextRule, text: string): 'range' | 'pattern' | undefined {
  const { length } = [...text];
  if (length < rule.min || length > rule.max) return 'range';
  if (length === 0) return undefined;
  const wellFormed =
    (rule.first === undefined || expression(`^[${rule.first}]`).test(text)) &&
    (rule.alphabet === undefined || expression(`^[${rule.alphabet}]*$`).test(text)) &&
    !(rule.notAtStart ?? []).some((beginning) => text.startsWith(beginning)) &&
    !(rule.nowhere ?? []).some((part) => text.includes(part));
  return wellFormed ? undefined : 'pattern';
}

/** A handful of expressions serves every request. */
const EXPRESSIONS = new Map<string, RegExp>();

function expression(source: string): RegExp {
  const known = EXPRESSIONS.get(source);
  if (known !== undefined) return known;
  const made = new RegExp(source, 'u');
  EXPRESSIONS.set(source, made);
  return made;
}
