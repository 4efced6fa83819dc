/** Errors as RFC 9457 problems: our code, place and remedy, and nothing of a stack. */
import { isPeerwayError, PeerwayError, toPeerwayError, type ErrorCode, type ErrorData } from '@peerway/core';
import { printableData } from '@peerway/runtime';

/** What a client hears by HTTP; what it acts on is `code`. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  NotFound: 404,
  AlreadyExists: 409,
  InvalidArgument: 400,
  FailedPrecondition: 409,
  Unauthenticated: 401,
  PermissionDenied: 403,
  QuotaExceeded: 409,
  PaymentRequired: 409,
  Throttled: 429,
  Conflict: 409,
  Unsupported: 422,
  Unavailable: 503,
  DeadlineExceeded: 504,
  Canceled: 503,
  Internal: 500,
  Unknown: 500,
};

export interface Problem extends Omit<ErrorData, 'message'> {
  readonly type: string;
  readonly title: ErrorCode;
  readonly status: number;
  readonly detail: string;
  /** The run that is in the way, where one is. */
  readonly run?: string;
}

/** An error of the API's own with more to say than code and remedy. */
export class Refusal extends PeerwayError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly said: { readonly remedy: string; readonly run?: string; readonly status?: number },
  ) {
    super(code, message, { remedy: said.remedy });
  }
}

export function problemOf(thrown: unknown): Problem {
  const error = isPeerwayError(thrown) ? thrown : (fromFramework(thrown) ?? toPeerwayError(thrown));
  const { message, ...rest } = error.toJSON();
  const said = error instanceof Refusal ? error.said : undefined;
  return printableData({
    type: `urn:peerway:error:${error.code}`,
    title: error.code,
    status: said?.status ?? STATUS_OF[error.code],
    detail: message,
    ...rest,
    ...(said?.run === undefined ? {} : { run: said.run }),
  });
}

/** What fastify itself refuses, before any of our code has seen it. Its texts may quote the request and are not passed on. */
function fromFramework(thrown: unknown): PeerwayError | undefined {
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  const [message, remedy] = FRAMEWORK[status] ?? ['The request is not as HTTP wants it', 'Correct the request.'];
  return new Refusal('InvalidArgument', message, { remedy, status });
}

const FRAMEWORK: Readonly<Record<number, readonly [string, string]>> = {
  400: ['The body is no JSON', 'Send a JSON object with `Content-Type: application/json`.'],
  413: ['The body is too large', 'Send at most 64 KiB.'],
  415: ['The body is of another type', 'Send a JSON object with `Content-Type: application/json`.'],
  414: ['A part of the path is too long', 'Names have at most 63 characters.'],
};
