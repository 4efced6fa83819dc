/** A refusal in a cloud's own words. Everything else that is thrown while a request is served is a crash of the emulator. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** The cloud's own error code. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Members added to the error body, e.g. Alibaba's AccessDeniedDetail. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}
