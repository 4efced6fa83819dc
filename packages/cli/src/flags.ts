/** Typed access to what commander parsed. A wrong type here is a defect of the option table, not of the user. */

export class Flags {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  is(name: string): boolean {
    return this.values[name] === true;
  }

  list(name: string): readonly string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }
}
