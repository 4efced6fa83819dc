/** Requests on standard error, with the ids that a cloud's support asks for. Parameters and keys never get here. */
import {
  printableLine,
  type PeerwayError,
  type RequestInfo,
  type RequestObserver,
  type RequestOutcome,
} from '@peerway/runtime';

export class RequestLog implements RequestObserver {
  constructor(
    /** `warn`: what is repeated and why. `info`: what changes a cloud as well. `debug`: every request. */
    private readonly level: 'warn' | 'info' | 'debug',
    private readonly write: (line: string) => void,
  ) {}

  requestAnswered(provider: string, request: RequestInfo, outcome: RequestOutcome): void {
    if (this.level === 'warn' || (this.level === 'info' && !request.mutating)) return;
    const status = outcome.httpStatus === undefined ? 'no answer' : String(outcome.httpStatus);
    const code = outcome.nativeCode === undefined ? '' : ` ${outcome.nativeCode}`;
    const id = outcome.requestId === undefined ? '' : ` request ${outcome.requestId}`;
    this.#line(`${provider} ${request.nativeOperation}: ${status}${code} in ${Math.round(outcome.durationMs)} ms${id}`);
  }

  callRetried(provider: string, error: PeerwayError, delayMs: number): void {
    const { requestId } = error.details;
    const id = requestId === undefined ? '' : ` (request ${requestId})`;
    this.#line(`${provider}: repeated in ${Math.round(delayMs)} ms: ${error.message}${id}`);
  }

  #line(text: string): void {
    this.write(printableLine(text));
  }
}
