/** What an operation reads its validated parameters through. */
import type { ParameterDescription, Value, Values } from './description.js';

/**
 * Typed access to validated values. Asking for a parameter that the description does not declare, or as another type
 * than it declares, is a crash: that is how descriptions stay complete.
 */
export class Input {
  readonly #values: Values;
  readonly #fields: readonly ParameterDescription[];

  constructor(fields: readonly ParameterDescription[], values: Values) {
    this.#fields = fields;
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#read(name) !== undefined;
  }

  /** A required text. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new Error(`parameter ${name} is read as required but was absent`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw new Error(`parameter ${name} is not text`);
    return value;
  }

  integer(name: string): number {
    const value = this.optionalInteger(name);
    if (value === undefined) throw new Error(`parameter ${name} is read as required but was absent`);
    return value;
  }

  optionalInteger(name: string): number | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw new Error(`parameter ${name} is not an integer`);
    return value;
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'boolean') throw new Error(`parameter ${name} is not a boolean`);
    return value;
  }

  /** A boolean; false when absent. */
  flag(name: string): boolean {
    return this.optionalFlag(name) ?? false;
  }

  /** A list of texts; empty when absent. */
  texts(name: string): readonly string[] {
    return this.#list(name).map((value) => {
      if (typeof value !== 'string') throw new Error(`parameter ${name} is not a list of texts`);
      return value;
    });
  }

  /** A list of objects; empty when absent. */
  objects(name: string): readonly Input[] {
    const fields = this.#field(name).item?.fields ?? [];
    return this.#list(name).map((value) => new Input(fields, value as Values));
  }

  /** An object; undefined when absent. */
  object(name: string): Input | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : new Input(this.#field(name).fields ?? [], value as Values);
  }

  /** As it came, for a parameter that has more than one form. */
  value(name: string): Value | undefined {
    return this.#read(name);
  }

  #list(name: string): readonly Value[] {
    const value = this.#read(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw new Error(`parameter ${name} is not a list`);
    return value as Value[];
  }

  #read(name: string): Value | undefined {
    this.#field(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #field(name: string): ParameterDescription {
    const field = this.#fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`parameter ${name} is read but not described`);
    return field;
  }
}
