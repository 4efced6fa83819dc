/** The pages of docs/ that repeat what stands in core: a stale page fails here, and the failure shows what to paste. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_RETRY,
  DEFAULT_RETRY_POLICY as POLICY,
  PATIENT_RETRY_POLICY as PATIENT,
  ERROR_CODES,
  isTransitional,
  LIFECYCLE_STATES,
  type RetryAdvice,
} from '@peerway/core';

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const seconds = (ms: number): string => `${ms / 1_000}`;

const HOW: Record<RetryAdvice, string> = {
  never: 'the answer will not change',
  backoff: `up to ${POLICY.maxTries} tries, pauses from ${seconds(POLICY.backoffMs)} s doubling to ${seconds(POLICY.maxBackoffMs)} s`,
  settle: `every ${seconds(POLICY.settleMs)} to ${seconds(2 * POLICY.settleMs)} s, for up to ${seconds(POLICY.settleForMs)} s`,
  once: 'one time, at once',
};

describe('docs/errors.md', () => {
  const text = page('errors.md');

  it('has the retry advice of every code', () => {
    const table = /<!-- retry-advice[^>]*-->\n([\s\S]*?)<!-- \/retry-advice -->/.exec(text)?.[1];
    const rows = ERROR_CODES.map((code) => `| \`${code}\` | ${DEFAULT_RETRY[code]} | ${HOW[DEFAULT_RETRY[code]]} |\n`);
    expect(table).toBe(`| code | repeated | how |\n|---|---|---|\n${rows.join('')}`);
  });

  it('says how an apply differs', () => {
    expect(text).toContain(
      `begin at ${seconds(PATIENT.backoffMs)} s and\ndouble to ${seconds(PATIENT.maxBackoffMs)} s`,
    );
    expect(text).toContain(`one throttled write is ${PATIENT.maxTries} requests and no more`);
    expect({ ...PATIENT, backoffMs: POLICY.backoffMs, maxBackoffMs: POLICY.maxBackoffMs }).toEqual(POLICY);
  });

  it('explains every code, in order, each with something to do', () => {
    const sections = text.split('\n### ').slice(1);
    expect(sections.map((section) => /^`(\w+)`\n/.exec(section)?.[1])).toEqual([...ERROR_CODES]);
    for (const section of sections) expect(section).toContain('*Do:*');
  });
});

describe('docs/concepts.md', () => {
  it('has a row for every state of the lifecycle', () => {
    const section = /\n## Lifecycle\n([\s\S]*?)\n## /.exec(page('concepts.md'))?.[1] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const named = new Map(
      rows.flatMap((row) =>
        [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map((match) => [match[1] ?? '', row]),
      ),
    );
    expect([...named.keys()]).toEqual(LIFECYCLE_STATES);
    for (const state of LIFECYCLE_STATES) {
      expect([state, named.get(state)?.includes('leaves by itself')]).toEqual([state, isTransitional(state)]);
    }
  });
});
