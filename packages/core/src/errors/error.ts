/** The one error class of Peerway. Built once from what the vendor said; never carries a vendor error object, which may hold keys. */
import { DEFAULT_RETRY, type ErrorCode, type RetryAdvice } from './codes.js';

const BRAND = Symbol.for('peerway.error');

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
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** Default: by code, see `DEFAULT_RETRY`. */
  readonly retry?: RetryAdvice;
  readonly retryAfterMs?: number;
  /**
   * `unknown` when the request may have taken effect although no good answer came back (timeout, cut connection, 500).
   * Repeating is then safe only with an idempotency token or after reading back.
   */
  readonly outcome?: 'unknown';
  /** Only another PeerwayError: anything else could carry a URL with a key in it. */
  readonly cause?: PeerwayError;
}

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

  get retry(): RetryAdvice {
    return this.details.retry ?? DEFAULT_RETRY[this.code];
  }

  /** The same error with more said about where it happened; what is already known wins. */
  with(context: ErrorDetails): PeerwayError {
    const wrapped = new PeerwayError(this.code, this.message, { ...context, ...this.details });
    if (this.stack !== undefined) wrapped.stack = this.stack;
    return wrapped;
  }

  toJSON(): object {
    const { cause, ...details } = this.details;
    return {
      code: this.code,
      message: this.message,
      ...details,
      ...(cause === undefined ? {} : { cause: cause.toJSON() }),
    };
  }

  /** Works across two copies of this package in one tree, where `instanceof` alone would not. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

export function isPeerwayError(value: unknown, code?: ErrorCode): value is PeerwayError {
  return value instanceof PeerwayError && (code === undefined || value.code === code);
}

/**
 * Turns anything thrown into a PeerwayError. A foreign error keeps only its class name: its message may quote a request.
 */
export function toPeerwayError(thrown: unknown, context: ErrorDetails = {}): PeerwayError {
  if (thrown instanceof PeerwayError) return thrown.with(context);
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  if (kind === 'AbortError') return new PeerwayError('Canceled', 'The operation was canceled', context);
  const error = new PeerwayError('Internal', `An unexpected ${kind} was thrown`, {
    ...context,
    remedy: context.remedy ?? 'This is a defect; run with --verbose and report the stack.',
  });
  // the stack's first line repeats the message; the frames below it hold only file positions
  if (thrown instanceof Error && thrown.stack !== undefined) {
    error.stack = `PeerwayError: ${error.message}\n${thrown.stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n')}`;
  }
  return error;
}
