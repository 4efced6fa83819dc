/** The vendor documents that the product starts from, read where they lie beside the repository; absent on most machines. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const FOLDER = join(ROOT, '../shared/seeds');

/** Why nothing can be read, or undefined. */
export const seedsMissing = existsSync(FOLDER) ? undefined : `no folder ${FOLDER}`;

/** Text of the document whose number this is, e.g. `000`. */
export function seed(number: string): string {
  const name = readdirSync(FOLDER).find((file) => file.startsWith(`${number}_`));
  if (name === undefined) throw new Error(`no seed ${number} in ${FOLDER}`);
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

/** Every key path of an answer; lists are looked into by their first item. */
export function fieldPaths(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : fieldPaths(value[0], `${prefix}[]`);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...fieldPaths(inner, path)];
  });
}

/** What a document says that its program prints. */
export const listedAnswers = (number: string): Printed[] => printedAnswers(codeBlocks(seed(number)).at(-1) ?? '');
