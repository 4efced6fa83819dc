/**
 * What went wrong, as people read it, the same in every command: a line what, a line where, a line what to do, and the ids for
 * the cloud's support. Errors thrown, errors in a report and findings of a check all come through here.
 */
import {
  isConfigError,
  isPeerwayError,
  omittedText,
  placeOf,
  printableLine,
  toPeerwayError,
  type ErrorData,
  type PeerwayError,
} from '@peerway/runtime';
import type { Paint } from './paint.js';

interface ErrorStyle {
  readonly paint: Paint;
  /** Adds the chain of causes and the stack. */
  readonly verbose: boolean;
}

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Where: a place in a file, the object, the call. */
  readonly at?: string;
  readonly remedy?: string;
  /** The request id with the cloud's own words for the error. */
  readonly id?: string;
  /** The cloud's own words where it gave no request id. */
  readonly code?: string;
}

/** What an error says. `object` is what the caller was working on, where the error's own place is the call alone. */
export function findingOf(error: ErrorData, object?: string): Finding {
  const { message, remedy, requestId, nativeCode, httpStatus } = error;
  const at = whereOf(error, object);
  const native = [nativeCode, httpStatus === undefined ? undefined : `HTTP ${httpStatus}`]
    .filter((each) => each !== undefined)
    .join(', ');
  return {
    severity: 'error',
    message,
    remedy,
    ...(at === '' ? {} : { at }),
    ...(requestId === undefined ? {} : { id: native === '' ? requestId : `${requestId} (${native})` }),
    ...(requestId === undefined && native !== '' ? { code: native } : {}),
  };
}

export function findingLines(finding: Finding, paint: Paint): string[] {
  const head = finding.severity === 'error' ? paint.red('error:') : paint.yellow('warning:');
  return [`${paint.bold(head)} ${printableLine(finding.message)}`, ...detailLines(finding, paint)];
}

/** All but the first line, for where something else heads the finding. */
export function detailLines({ at, remedy, id, code }: Omit<Finding, 'severity' | 'message'>, paint: Paint): string[] {
  const lines = [
    ['at', at],
    ['fix', remedy],
    ['id', id],
    ['code', code],
  ] as const;
  return lines.flatMap(([name, text]) => (text === undefined ? [] : [label(paint, name, text)]));
}

export function renderError(thrown: unknown, { paint, verbose }: ErrorStyle): string {
  const error = asPeerwayError(thrown);
  const data = error.toJSON();
  const findings = isConfigError(thrown)
    ? thrown.problems.map((problem): Finding => ({
        severity: 'error',
        message: problem.message,
        at: problem.path === '' ? placeOf(problem) : `${placeOf(problem)} (${problem.path})`,
        remedy: problem.remedy,
      }))
    : [findingOf(data)];
  const lines = findings.flatMap((finding, index) => [...(index > 0 ? [''] : []), ...findingLines(finding, paint)]);
  if (isConfigError(thrown) && thrown.omitted > 0) lines.push('', omittedText(thrown));
  if (verbose) {
    for (let cause = data.cause; cause !== undefined; cause = cause.cause)
      lines.push(label(paint, 'cause', `${cause.code}: ${cause.message}`));
    const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
    lines.push(...frames.map((frame) => paint.dim(frame)));
  }
  return lines.join('\n');
}

/** One line of JSON. */
export function renderErrorJson(thrown: unknown, { verbose }: Pick<ErrorStyle, 'verbose'>): string {
  const error = asPeerwayError(thrown);
  return JSON.stringify({ error: { ...error.toJSON(), ...(verbose ? { stack: error.stack } : {}) } });
}

/** Itself where it is one: a ConfigError keeps its list of problems. */
const asPeerwayError = (thrown: unknown): PeerwayError => (isPeerwayError(thrown) ? thrown : toPeerwayError(thrown));

const label = (paint: Paint, name: string, text: string): string =>
  `${paint.dim(`${name.padStart(5)}:`)} ${printableLine(text)}`;

function whereOf({ place, provider, operation, nativeOperation, resource }: ErrorData, object?: string): string {
  const call = [
    provider,
    operation,
    nativeOperation === undefined ? undefined : `(${nativeOperation})`,
    object === undefined ? resource : undefined,
  ];
  const named = call.filter((each) => each !== undefined).join(' ');
  return [object, place, named].filter((each) => each !== undefined && each !== '').join(', ');
}
