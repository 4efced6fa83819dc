/** Assertions that say what they mean, over node:assert/strict. Codes are asserted, never messages. */
import assert from 'node:assert/strict';
import { isPeerwayError, type ErrorCode, type PeerwayError } from '@peerway/core';
import type { CaseContext, Traffic } from './caseContext.js';

/** The promise must reject with a PeerwayError of one of the codes. Returns the error. */
export async function refused(promise: Promise<unknown>, ...codes: readonly ErrorCode[]): Promise<PeerwayError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    assert.ok(isPeerwayError(error), `Expected a PeerwayError, got ${describe(error)}`);
    assert.ok(codes.includes(error.code), `Expected ${codes.join(' or ')}, got ${spoken(error)}`);
    return error;
  }
  assert.fail(`Expected ${codes.join(' or ')}, but it succeeded with ${JSON.stringify(value)}`);
}

/** As `refused`, and the backend must not have been asked anything. */
export async function refusedUnasked(
  context: CaseContext,
  work: () => Promise<unknown>,
  ...codes: readonly ErrorCode[]
): Promise<PeerwayError> {
  const { value, requests } = await context.traffic(() => refused(work(), ...codes));
  assert.deepEqual(
    requests.map((request) => request.operation),
    [],
    'Requests were sent before the refusal',
  );
  return value;
}

export function unchanged(traffic: Traffic<unknown>): void {
  assert.deepEqual(
    traffic.mutating.map((request) => request.operation),
    [],
    'Something that may change the cloud was sent',
  );
}

export function present<T>(value: T | undefined | null, what: string): T {
  assert.ok(value !== undefined && value !== null, `${what} is missing`);
  return value;
}

/** Exactly one element that fits. */
export function only<T>(items: readonly T[], fits: (item: T) => boolean, what: string): T {
  const found = items.filter(fits);
  assert.equal(found.length, 1, `Expected ${what} exactly once, found it ${found.length} times`);
  return present(found[0], what);
}

/** An error with the cloud's own code, by which an author finds the row of the table that is wrong. */
export function spoken({ code, message, details: { nativeCode, nativeOperation } }: PeerwayError): string {
  return `${code}${nativeCode === undefined ? '' : ` (${nativeOperation ?? 'the cloud'} answered ${nativeCode})`}: ${message}`;
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown;
}
