/** The rule sheet: every limit, quota, lock and open question of the emulated clouds as a named switch. */
import { demandWhole } from './bounds.js';

/** The largest number that a rule takes: in milliseconds 31 years, which can be added to any instant of the clock. */
const LARGEST = 1_000_000_000_000;

export type RuleValue = number | boolean | string;

export interface RuleDefinition<V extends RuleValue = RuleValue> {
  /** '<cloud>.<concept>.<what>', e.g. 'alibaba.vpcPeer.acceptWindowMs'. */
  readonly name: string;
  readonly default: V;
  /** The positions of a choice; absent for numbers and booleans. */
  readonly values?: readonly V[];
  /** Where the default is written, or 'unverified' with the reason for the guess. */
  readonly source: string;
  readonly note: string;
  /** Codes that another position than the default brings about. Where a position is a code itself, `values` says so. */
  readonly codes?: readonly string[];
}

/** An on/off rule that refuses with its code when it is not in its default position. */
export interface RefusingRule<C extends string = string> extends RuleDefinition<boolean> {
  readonly code: C;
}

type Sheet = Readonly<Record<string, RuleDefinition>>;

/** A numeric limit: a whole number from 0 to 10^12. */
export const limit = (name: string, value: number, source: string, note: string): RuleDefinition<number> => ({
  name,
  default: value,
  source,
  note,
});

/** An on/off rule. */
export const toggle = (name: string, value: boolean, source: string, note: string): RuleDefinition<boolean> => ({
  name,
  default: value,
  source,
  note,
});

/** An on/off rule that refuses what it is about (`subject`, e.g. 'Modify: ') when it is not in its default position. */
export const refusing = <C extends string>(
  name: string,
  value: boolean,
  code: C,
  source: string,
  subject = '',
): RefusingRule<C> => ({
  name,
  default: value,
  source,
  note: `${value ? 'Off' : 'On'}: ${subject}${code}.`,
  code,
  codes: [code],
});

/** One of several named positions. */
export const choice = <V extends string>(
  name: string,
  values: readonly V[],
  value: V,
  source: string,
  note: string,
): RuleDefinition<V> => ({ name, default: value, values, source, note });

export class Rules {
  readonly #definitions = new Map<string, RuleDefinition>();
  readonly #values = new Map<string, RuleValue>();

  constructor(sheets: readonly Sheet[]) {
    for (const definition of sheets.flatMap((sheet) => Object.values(sheet))) {
      if (this.#definitions.has(definition.name)) throw new Error(`two rules named '${definition.name}'`);
      this.#definitions.set(definition.name, definition);
    }
  }

  /** The position of a rule, by its definition: what operations use. */
  value<V extends RuleValue>(definition: RuleDefinition<V>): V {
    return (this.#values.get(definition.name) ?? definition.default) as V;
  }

  /** The position of a rule by name; an unknown name throws a RangeError. */
  get(name: string): RuleValue {
    return this.value(this.#definition(name));
  }

  /** Changes some rules; an unknown name, a wrong type, a position that does not exist or a number out of range throws a RangeError and changes nothing. */
  set(values: Readonly<Record<string, RuleValue>>): void {
    for (const [name, value] of Object.entries(values)) {
      const definition = this.#definition(name);
      const wrongType = typeof value !== typeof definition.default;
      if (wrongType || (definition.values !== undefined && !definition.values.includes(value))) {
        const expected = definition.values?.join(' | ') ?? typeof definition.default;
        throw new RangeError(`rule '${name}' takes ${expected}, not ${JSON.stringify(value)}`);
      }
      if (typeof value === 'number') demandWhole(`rule '${name}'`, value, 0, LARGEST);
    }
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
  }

  /** Back to the defaults. */
  reset(): void {
    this.#values.clear();
  }

  /** The whole sheet with the present positions, sorted by name. */
  list(): readonly (RuleDefinition & { readonly value: RuleValue })[] {
    return [...this.#definitions.values()]
      .map((definition) => ({ ...definition, value: this.value(definition) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What differs from the defaults. */
  snapshot(): Readonly<Record<string, RuleValue>> {
    return Object.fromEntries(this.#values);
  }

  restore(values: Readonly<Record<string, RuleValue>>): void {
    this.#values.clear();
    this.set(values);
  }

  #definition(name: string): RuleDefinition {
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new RangeError(`no rule named '${name}'; see rules.list()`);
    return definition;
  }
}
