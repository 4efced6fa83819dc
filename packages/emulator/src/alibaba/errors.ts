/** Refusals in Alibaba's words. */
import type { RefusingRule, Rules } from '../machine/rules.js';
import { WireError } from '../machine/wireError.js';
import { CODES } from './errorCodes.js';
import type { Code } from './errorCodes.js';
import { MESSAGES } from './errorMessages.js';

export type { Code } from './errorCodes.js';

const STATUS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
);

/** Every code the emulator can answer, for the evidence ledger. */
export const alibabaCodes: readonly string[] = [...STATUS.keys()];

function text(code: string, slots: readonly string[]): string {
  const template = MESSAGES[code as Code] ?? `The request was refused: ${code}.`;
  let next = 0;
  return template.replaceAll('%s', () => slots[next++] ?? '');
}

/** The error of a code, its message template filled in. */
export function refusal(code: Code, ...slots: readonly string[]): WireError {
  return new WireError(code, STATUS.get(code) ?? 400, text(code, slots));
}

/** The error of any code that docs/facts/alibaba.md lists, by name; undefined for others. */
export function refusalNamed(code: string): WireError | undefined {
  const status = STATUS.get(code);
  return status === undefined ? undefined : new WireError(code, status, text(code, []));
}

/** Refuses with the code of a rule that is not in its default position. */
export function refuseByRule(rules: Rules, rule: RefusingRule<Code>, ...slots: readonly string[]): void {
  if (rules.value(rule) !== rule.default) throw refusal(rule.code, ...slots);
}

/** `Missing<Param>`: the gateway's check of required parameters (docs/facts/alibaba.md 1.8). */
export function missing(parameter: string): WireError {
  return new WireError(`Missing${parameter}`, 400, `${parameter} is mandatory for this action.`);
}
