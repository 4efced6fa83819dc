/** Descriptions of operations, held as data: what a request may contain, where that is written, and who proves it. */
import { breachOf } from './textRule.js';
import type { TextRule } from './textRule.js';

/**
 * Type of a parameter. `digits` is an integer that may exceed 2^53 (account ids): it stays text. `value` is anything.
 */
type ParameterType = 'text' | 'integer' | 'boolean' | 'digits' | 'list' | 'object' | 'value';

type ViolationKind = 'missing' | 'type' | 'range' | 'value' | 'pattern' | 'unknown';

export interface ParameterDescription {
  readonly name: string;
  readonly type: ParameterType;
  readonly required?: true;
  /** Integers: least and greatest value. Text: least and greatest length. Lists: least and greatest number of items. */
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  /** Compare `values` without regard to case. */
  readonly anyCase?: true;
  readonly pattern?: RegExp;
  /** Text that the caller chooses: the documented rule for it, in place of `min`, `max` and `pattern`. */
  readonly rule?: TextRule;
  /** Members of an object. */
  readonly fields?: readonly ParameterDescription[];
  /** What a list consists of; its `name` is not used. */
  readonly item?: ParameterDescription;
  /** The cloud's code for a violation where it is not the general one. */
  readonly codes?: Readonly<Partial<Record<ViolationKind, string>>>;
  /** Taken and ignored: a legacy or client-side parameter without effect here. */
  readonly ignored?: true;
}

/** Which clients outside this project have driven an operation in our tests, and which tests of ours refuse bad calls. */
export interface Evidence {
  readonly clients: readonly string[];
  readonly negativeTested: boolean;
}

export interface OperationDescription {
  /** As it appears in the request log, e.g. 'CreateVpcPeerConnection'. */
  readonly name: string;
  /** Part of the cloud that serves it, e.g. 'VpcPeer'. */
  readonly product: string;
  /** Changes the cloud; a dry run still counts as mutating. */
  readonly mutating: boolean;
  readonly parameters: readonly ParameterDescription[];
  /** Name of the permission that a policy must allow, e.g. 'vpc:CreateVpcPeerConnection'. */
  readonly permission: string;
  /** Parameter that carries the idempotency token, where the operation has one. */
  readonly token?: string;
  /** Where the parameters and rules are written, with date. */
  readonly source: string;
  readonly evidence: Evidence;
}

export interface Violation {
  readonly kind: ViolationKind;
  /** Path, e.g. 'Tag.1.Key' or 'billing.paymentTiming'. */
  readonly parameter: string;
  readonly description?: ParameterDescription;
  readonly value?: unknown;
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Values = Readonly<Record<string, Value>>;

/** How values arrive: `text` (all are strings, Alibaba) or `json` (typed, Baidu). Decides how types are checked. */
export type Wire = 'text' | 'json';

const INTEGER = /^[+-]?\d{1,15}$/;
const DIGITS = /^\d{1,38}$/;

/**
 * Checks an input against its description and gives the typed values. Violations are returned, not thrown: which code
 * a cloud answers is the cloud's business. An empty text counts as absent when `wire` is 'text' and a minimum is set
 * or the parameter is not free text.
 */
export function validate(
  fields: readonly ParameterDescription[],
  input: Readonly<Record<string, unknown>>,
  wire: Wire,
): { readonly values: Values; readonly violations: readonly Violation[] } {
  const violations: Violation[] = [];
  const values = checkFields(fields, input, wire, '', violations);
  return { values, violations };
}

function checkFields(
  fields: readonly ParameterDescription[],
  input: Readonly<Record<string, unknown>>,
  wire: Wire,
  prefix: string,
  violations: Violation[],
): Values {
  const values: Record<string, Value> = {};
  for (const field of fields) {
    const path = prefix + field.name;
    const raw = Object.hasOwn(input, field.name) ? input[field.name] : undefined;
    const absent =
      raw === undefined || (raw === null && wire === 'json') || (raw === '' && wire === 'text' && !mayBeEmpty(field));
    if (absent || (raw === '' && field.required === true)) {
      if (field.required === true) violations.push({ kind: 'missing', parameter: path, description: field });
      continue;
    }
    // what has no effect is not looked at: the cloud takes a number where its documents show a text
    if (field.ignored === true) {
      values[field.name] = raw as Value;
      continue;
    }
    const value = checkValue(field, raw, wire, path, violations);
    if (value !== undefined) values[field.name] = value;
  }
  const known = new Set(fields.map((field) => field.name));
  for (const name of Object.keys(input)) {
    if (!known.has(name)) violations.push({ kind: 'unknown', parameter: prefix + name, value: input[name] });
  }
  return values;
}

function checkValue(
  field: ParameterDescription,
  raw: unknown,
  wire: Wire,
  path: string,
  violations: Violation[],
): Value | undefined {
  const refuse = (kind: ViolationKind): undefined => {
    violations.push({ kind, parameter: path, description: field, value: raw });
    return undefined;
  };
  const inRange = (size: number): boolean =>
    (field.min === undefined || size >= field.min) && (field.max === undefined || size <= field.max);
  switch (field.type) {
    case 'text':
    case 'digits': {
      const text = field.type === 'digits' && typeof raw === 'number' ? String(raw) : raw;
      if (typeof text !== 'string' || (field.type === 'digits' && !DIGITS.test(text))) return refuse('type');
      if (field.type === 'text' && !inRange([...text].length)) return refuse('range');
      const breach = field.rule === undefined ? undefined : breachOf(field.rule, text);
      if (breach !== undefined) return refuse(breach);
      return allowed(field, text) ? text : refuse(field.values === undefined ? 'pattern' : 'value');
    }
    case 'integer': {
      const number = wire === 'text' && typeof raw === 'string' && INTEGER.test(raw) ? Number(raw) : raw;
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) return refuse('type');
      if (!inRange(number)) return refuse('range');
      return allowed(field, String(number)) ? number : refuse('value');
    }
    case 'boolean': {
      if (typeof raw === 'boolean') return raw;
      if (wire === 'text' && typeof raw === 'string') {
        const lower = raw.toLowerCase();
        if (lower === 'true' || lower === 'false') return lower === 'true';
      }
      return refuse('type');
    }
    case 'list': {
      if (!Array.isArray(raw)) return refuse('type');
      if (!inRange(raw.length)) return refuse('range');
      const { item } = field;
      if (item === undefined) return raw as Value[];
      return raw.flatMap((entry: unknown, index) => {
        const value = checkValue(item, entry, wire, `${path}.${String(index + 1)}`, violations);
        return value === undefined ? [] : [value];
      });
    }
    case 'object': {
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refuse('type');
      return checkFields(field.fields ?? [], raw as Record<string, unknown>, wire, `${path}.`, violations);
    }
    case 'value':
      return raw as Value;
  }
}

function allowed(field: ParameterDescription, text: string): boolean {
  if (field.pattern !== undefined && !field.pattern.test(text)) return false;
  if (field.values === undefined) return true;
  if (field.anyCase !== true) return field.values.includes(text);
  return field.values.some((value) => value.toLowerCase() === text.toLowerCase());
}

/** Whether '' is a value of its own: free text may be empty, an enumeration or a name may not. */
const mayBeEmpty = ({ type, values, min, rule }: ParameterDescription): boolean =>
  type === 'text' && values === undefined && min === undefined && (rule === undefined || rule.min === 0);
