/** What every Baidu operation works with, and how one is written. */
import type { Call, Services } from '../machine/cloud.js';
import type { RuleDefinition, RuleValue } from '../machine/rules.js';
import type { BaiduTables } from './records.js';
import { parseRange } from './ranges.js';
import type { Range } from './ranges.js';
import { BAIDU_RULES } from './rules.js';
import { bceError } from './errors.js';
import type { BaiduLifecycles } from './lifecycles.js';

/** A call whose region is known: every Baidu request has one, that of the listener or of the Host header. */
export interface BaiduCall extends Call {
  readonly region: string;
  readonly account: string;
}

export interface BaiduContext {
  readonly services: Services;
  readonly tables: BaiduTables;
  readonly lifecycles: BaiduLifecycles;
}

/** Does the work of one operation. Undefined: 200 with an empty body, as updates, actions and deletes answer. */
export type Handler = (context: BaiduContext, call: BaiduCall) => unknown;

export const rule = <V extends RuleValue>(context: BaiduContext, definition: RuleDefinition<V>): V =>
  context.services.rules.value(definition);

/** Ids are a prefix and 12 characters of [0-9a-z] (docs/facts/baidu.md 2). */
export const newId = (context: BaiduContext, prefix: string): string =>
  `${prefix}-${context.services.random.lowerAlphanumeric(12)}`;

/**
 * An IP range from a request, checked and spelled canonically. A malformed one is refused, one with host bits is
 * refused or cleared by rule: what is stored never crashes a later call.
 */
export function readRange(context: BaiduContext, name: string, text: string): Range {
  const parsed = parseRange(text);
  if (parsed === undefined) throw bceError('BadRequest', `${name} is not an IP range: ${text}`);
  const { range, hadHostBits } = parsed;
  if (hadHostBits && rule(context, BAIDU_RULES.hostBits) === 'refuse') {
    throw bceError('BadRequest', `${name} has host bits set: ${text}, did you mean ${range.text}?`);
  }
  return range;
}

/** A range that was stored earlier, and so is well-formed. */
export function storedRange(text: string): Range {
  const parsed = parseRange(text);
  if (parsed === undefined) throw new Error(`a malformed range was stored: ${text}`);
  return parsed.range;
}

/** Refuses when one more would exceed a quota. */
export function demandRoom(context: BaiduContext, count: number, limit: RuleDefinition<number>, what: string): void {
  const most = rule(context, limit);
  if (count >= most) {
    throw bceError(rule(context, BAIDU_RULES.quotaCode), `The quota of ${what} is ${String(most)}.`);
  }
}

/** ISO 8601 in UTC to the second, as VPCs, subnets and gateways print instants. */
export const isoSeconds = (instant: number): string => new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
