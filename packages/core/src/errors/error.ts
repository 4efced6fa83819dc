/** The one error class of Peerway. Built once from what the vendor said; never carries a vendor error object, which may hold keys. */
import { DEFAULT_REMEDY, DEFAULT_RETRY, type ErrorCode, type RetryAdvice } from './codes.js';

const BRAND = Symbol.for('peerway.error');

/** What is known about an error besides its code and message. Every text may be shown to people and written to logs. */
export interface ErrorDetails {
  /** What the reader can do about it; one sentence. */
  readonly remedy?: string;
  /** Where: `peerway.yaml:8:7`, a field path, a flag. */
  readonly place?: string;
  /** Plugin id of the provider, e.g. `alibaba`. */
  readonly provider?: string;
  /** Neutral operation, e.g. `peerings.create`. */
  readonly operation?: string;
  /** The object concerned, e.g. `pcc-1a2b`, `vpc-a → vpc-b`. */
  readonly resource?: string;
  /** The vendor's own code, unchanged, e.g. `IncorrectStatus.VpcPeer`. */
  readonly nativeCode?: string;
  /** The vendor's operation that failed, e.g. `CreateVpcPeerConnection`. */
  readonly nativeOperation?: string;
  /** Absent when no answer came. */
  readonly httpStatus?: number;
  /** The vendor's request id; what its support asks for first. */
  readonly requestId?: string;
  /** Default: by code, see `DEFAULT_RETRY`. */
  readonly retry?: RetryAdvice;
  /** The least wait before a repetition, as the cloud asked for it (e.g. `Retry-After`), in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * `unknown` when the request may have taken effect although no good answer came back (timeout, cut connection, 500).
   * Repeating is then safe only with an idempotency token or after reading back.
   */
  readonly outcome?: 'unknown';
  /** Only another PeerwayError: anything else could carry a URL with a key in it. */
  readonly cause?: PeerwayError;
}

/**
 * An error as plain data: for `--json`, events and reports, and for whoever renders it. Always with a remedy, never with a
 * stack. `operation`, `httpStatus` and `requestId` are absent where no cloud was asked or none answered.
 */
export interface ErrorData extends Omit<ErrorDetails, 'cause' | 'remedy'> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly cause?: ErrorData;
}

/** What every verb of Peerway throws. `code` is for programs, `message` and `details.remedy` are for people. */
export class PeerwayError extends Error {
  override readonly name = 'PeerwayError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** What repeating the same call may do: the details' own advice, else the code's. */
  get retry(): RetryAdvice {
    return this.details.retry ?? DEFAULT_RETRY[this.code];
  }

  /** The same error with more said about where it happened; what is already known wins. */
  with(context: ErrorDetails): PeerwayError {
    const wrapped = new PeerwayError(this.code, this.message, { ...context, ...this.details });
    keepStack(wrapped, this, (stack) => stack);
    return wrapped;
  }

  /** The same error with every text passed through `map`: message, details, stack and the chain of causes. */
  mapText(map: (text: string) => string): PeerwayError {
    const details = Object.fromEntries(
      Object.entries(this.details).map(([key, value]) => [key, typeof value === 'string' ? map(value) : value]),
    ) as ErrorDetails;
    const mapped = new PeerwayError(
      this.code,
      map(this.message),
      details.cause === undefined
        ? details
        : { ...details, cause: PeerwayError.prototype.mapText.call(details.cause, map) },
    );
    keepStack(mapped, this, map);
    return mapped;
  }

  /** Code, message and details in one object, with the code's remedy where there is none of its own; causes nested, no stack. */
  toJSON(): ErrorData {
    const { cause, ...details } = this.details;
    return {
      code: this.code,
      message: this.message,
      ...details,
      remedy: this.details.remedy ?? DEFAULT_REMEDY[this.code],
      // by our own method: another copy of this package may be of another version
      ...(cause === undefined ? {} : { cause: PeerwayError.prototype.toJSON.call(cause) }),
    };
  }

  /** Works across two copies of this package in one tree, where `instanceof` alone would not. Subclasses mean themselves only. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== PeerwayError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

/** Gives an error the stack of the one that it stands for. Written out when somebody reads it, which for most errors nobody does. */
function keepStack(error: Error, of: Error, map: (stack: string) => string): void {
  let stack: string | undefined;
  Object.defineProperty(error, 'stack', {
    configurable: true,
    get: () => (stack ??= of.stack === undefined ? undefined : map(of.stack)),
    set: (value: string) => (stack = value),
  });
}

/** True for a PeerwayError of any copy of this package, and of that code where one is given. */
export function isPeerwayError(value: unknown, code?: ErrorCode): value is PeerwayError {
  return value instanceof PeerwayError && (code === undefined || value.code === code);
}

/**
 * Turns anything thrown into a PeerwayError. A foreign error keeps only its class name and the file positions of its
 * stack: its message, its other properties and its cause may quote a request.
 */
export function toPeerwayError(thrown: unknown, context: ErrorDetails = {}): PeerwayError {
  // by our own method: another copy of this package may be of another version
  if (thrown instanceof PeerwayError) return PeerwayError.prototype.with.call(thrown, context);
  const foreign = isErrorLike(thrown) ? thrown : undefined;
  const kind = foreign === undefined ? typeof thrown : className(foreign);
  if (kind === 'AbortError') return new PeerwayError('Canceled', 'The operation was canceled', context);
  const error = new PeerwayError('Internal', `An unexpected ${kind} was thrown`, context);
  if (foreign !== undefined) error.stack = [`PeerwayError: ${error.message}`, ...frames(foreign)].join('\n');
  return error;
}

/** By shape: an abort's DOMException and the errors of another realm are no instances of our Error. */
const isErrorLike = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'name' in thrown &&
  typeof thrown.name === 'string' &&
  'message' in thrown &&
  typeof thrown.message === 'string';

/** `name` is an ordinary property that a library may fill with a sentence: only an identifier passes. */
const className = (error: Error): string => (/^[A-Za-z_$][\w$.]{0,63}$/.test(error.name) ? error.name : 'Error');

/** The positions below the message. A message may hold lines that look like positions, so it is cut off first. */
function frames(error: Error): string[] {
  const { stack = '', message } = error;
  const end = stack.indexOf(message);
  const below = end < 0 ? '' : stack.slice(end + message.length);
  return below.split('\n').filter((line) => /^\s+at .+:\d+:\d+\)?$/.test(line));
}
