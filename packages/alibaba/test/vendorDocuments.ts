/**
 * The vendor documents of docs/facts/alibaba.md 11: as data, which are always there, and as the documents themselves, which
 * lie beside the repository on few machines.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

export interface Step {
  /** What the program prints above the answer. */
  readonly heading: string;
  readonly action: string;
  /** Values may name, in braces, what the test gives or an earlier step kept. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names for members of the answer that later steps use. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Paths of all members of the answer. */
  readonly answer: readonly string[];
}

interface Reference {
  readonly required: readonly string[];
  readonly answer: readonly string[];
  readonly errorStatus: number;
  readonly errors: Readonly<Record<string, string>>;
}

export const DOCUMENTS = JSON.parse(readFileSync(join(ROOT, 'docs/facts/alibaba-documents.json'), 'utf8')) as {
  readonly programs: Readonly<Record<'11.1' | '11.2', { readonly title: string; readonly steps: readonly Step[] }>>;
  readonly references: { readonly '11.3': Reference };
};

const FOLDER = join(ROOT, '../shared/seeds');

/** Why no document can be read, or undefined. */
export const documentsMissing = existsSync(FOLDER) ? undefined : `no folder ${FOLDER}`;

/** Text of the document whose number this is, e.g. `000`. */
export function documentText(number: string): string {
  const name = readdirSync(FOLDER).find((file) => file.startsWith(`${number}_`));
  if (name === undefined) throw new Error(`no document ${number} in ${FOLDER}`);
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** Fenced code blocks of a document, without their indent. */
export function codeBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)``` ?\{#codeblock[^}]*\}\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', body = '']) =>
    body
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
      .join('\n'),
  );
}

export interface Printed {
  readonly heading: string;
  readonly answer: Record<string, unknown>;
}

/** What a vendor program prints: headings, each with a JSON answer. */
export function printedAnswers(text: string): Printed[] {
  return [...text.matchAll(/^-{20,}(\w+)-{20,}\n(\{[\s\S]*?^\})/gm)].map(([, heading = '', json = '']) => ({
    heading,
    answer: JSON.parse(json) as Record<string, unknown>,
  }));
}

/** What a document says that its program prints. */
export const listedAnswers = (number: string): Printed[] =>
  printedAnswers(codeBlocks(documentText(number)).at(-1) ?? '');

/** Paths of an answer's members, the innermost only; a list counts by its first item, `[]` when it has none. */
export function membersOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [`${path}[]`] : [...new Set(value.flatMap((item) => membersOf(item, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => membersOf(inner, path === '' ? name : `${path}.${name}`));
}
