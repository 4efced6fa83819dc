/** Errors as people read them: a line what, a line where, a line what to do, and the request id for the cloud's support. */
import { isConfigError, isPeerwayError, placeOf, toPeerwayError, type PeerwayError } from '@peerway/runtime';
import type { Paint } from './paint.js';

export interface ErrorStyle {
  readonly paint: Paint;
  /** Adds the chain of causes and the stack. */
  readonly verbose: boolean;
}

export function renderError(thrown: unknown, { paint, verbose }: ErrorStyle): string {
  const error = asPeerwayError(thrown);
  const lines = isConfigError(error)
    ? error.problems.flatMap((problem, index) => [
        ...(index > 0 ? [''] : []),
        ...entry(paint, problem.message, placed(placeOf(problem), problem.path), problem.remedy),
      ])
    : entry(paint, error.message, whereOf(error), error.details.remedy);
  const { requestId, nativeCode, httpStatus } = error.details;
  const native = [nativeCode, httpStatus === undefined ? undefined : `HTTP ${httpStatus}`].filter(
    (each) => each !== undefined,
  );
  if (requestId !== undefined)
    lines.push(label(paint, 'id', `${requestId}${native.length > 0 ? ` (${native.join(', ')})` : ''}`));
  else if (native.length > 0) lines.push(label(paint, 'code', native.join(', ')));
  if (verbose) {
    for (let cause = error.details.cause; cause !== undefined; cause = cause.details.cause) {
      lines.push(label(paint, 'cause', `${cause.code}: ${cause.message}`));
    }
    const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
    lines.push(...frames.map((frame) => paint.dim(frame)));
  }
  return lines.join('\n');
}

/** One line of JSON. */
export function renderErrorJson(thrown: unknown, { verbose }: { readonly verbose: boolean }): string {
  const error = asPeerwayError(thrown);
  return JSON.stringify({ error: { ...error.toJSON(), ...(verbose ? { stack: error.stack } : {}) } });
}

const asPeerwayError = (thrown: unknown): PeerwayError => (isPeerwayError(thrown) ? thrown : toPeerwayError(thrown));

const label = (paint: Paint, name: string, text: string): string => `${paint.dim(`${name.padStart(5)}:`)} ${text}`;

const placed = (place: string, path: string): string => (path === '' ? place : `${place} (${path})`);

function entry(paint: Paint, what: string, where: string, remedy: string | undefined): string[] {
  return [
    `${paint.bold(paint.red('error:'))} ${what}`,
    ...(where === '' ? [] : [label(paint, 'at', where)]),
    ...(remedy === undefined ? [] : [label(paint, 'fix', remedy)]),
  ];
}

function whereOf(error: PeerwayError): string {
  const { place, provider, operation, nativeOperation, resource } = error.details;
  const call = [provider, operation, nativeOperation === undefined ? undefined : `(${nativeOperation})`, resource]
    .filter((each) => each !== undefined)
    .join(' ');
  return [place, call].filter((each) => each !== undefined && each !== '').join(', ');
}
