/** What the vendor documents of docs/facts/alibaba.md 11 say, read from docs/facts/alibaba-documents.json. */
import { readFileSync } from 'node:fs';
import { at } from './alibabaWire.js';

interface Look {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the status stands in the answer. */
  readonly status: string;
}

export interface Step {
  readonly heading: string;
  readonly action: string;
  /** Values may name, in braces, what the test gives or an earlier step kept. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names for members of the answer that later steps use. */
  readonly keep?: Readonly<Record<string, string>>;
  /** The status that is waited for; empty: until it is listed no more. */
  readonly until?: { readonly look: string; readonly of: string; readonly status: string };
  /** Paths of all members of the answer. */
  readonly answer: readonly string[];
}

interface Documents {
  readonly looks: Readonly<Record<string, Look>>;
  readonly programs: Readonly<Record<'11.1' | '11.2', { readonly title: string; readonly steps: readonly Step[] }>>;
  readonly references: {
    readonly '11.3': { readonly errorStatus: number; readonly errors: Readonly<Record<string, string>> };
  };
}

export const DOCUMENTS = JSON.parse(
  readFileSync(new URL('../../../docs/facts/alibaba-documents.json', import.meta.url), 'utf8'),
) as Documents;

/** Paths of an answer's members, the innermost only, sorted; a list counts by its first item, `[]` when it has none. */
export function membersOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${path}[]`] : membersOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value)
    .flatMap(([name, member]) => membersOf(member, path === '' ? name : `${path}.${name}`))
    .sort();
}

type Ask = (action: string, parameters: object) => Promise<Record<string, unknown>>;

/** Makes a program's steps one after the other; `pause` lets time go by between two looks at a status. */
export async function follow(
  steps: readonly Step[],
  given: Readonly<Record<string, string>>,
  ask: Ask,
  pause: () => void,
): Promise<{ readonly step: Step; readonly answer: Record<string, unknown> }[]> {
  const known: Record<string, string> = { ...given };
  const filled = (parameters: Readonly<Record<string, string>>, names = known) =>
    Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [
        key,
        value.replace(/\{([\w.]+)\}/g, (_, name: string) => {
          const found = names[name];
          if (found === undefined) throw new Error(`nothing is known of ${name}`);
          return found;
        }),
      ]),
    );
  const answers = [];
  for (const step of steps) {
    const answer = await ask(step.action, filled(step.parameters));
    for (const [name, path] of Object.entries(step.keep ?? {})) known[name] = String(at(answer, path));
    answers.push({ step, answer });
    if (step.until === undefined) continue;
    const { look, of, status } = step.until;
    const { action, parameters, status: path } = DOCUMENTS.looks[look]!;
    const names = { ...known, ...filled({ of }) };
    for (let looks = 0; (at(await ask(action, filled(parameters, names)), path) ?? '') !== status; looks++) {
      if (looks === 60) throw new Error(`${step.heading}: not ${status === '' ? 'gone' : status} after a minute`);
      pause();
    }
  }
  return answers;
}
