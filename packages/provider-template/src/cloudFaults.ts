/** Faults, paging and filters of the miniature cloud. */
export interface CloudFailure {
  readonly code: string;
  readonly message: string;
}

/** Refused with any code of the cloud. */
interface Refused {
  readonly status: number;
  readonly code: string;
}

export interface FaultState {
  readonly kind:
    'denied' | 'throttle' | 'unavailable' | 'cut' | 'lostAnswer' | 'htmlError' | 'truncatedBody' | 'hang' | Refused;
  readonly on: 'read' | 'write';
  times: number;
  /** How many such requests pass first. */
  after?: number;
}

/** The fault that this request meets, counted; undefined: none. */
export function met(faults: readonly FaultState[], mutating: boolean): FaultState | undefined {
  const fitting = faults.filter((one) => one.times > 0 && (one.on === 'write') === mutating);
  const found = fitting.find(({ after = 0 }) => after === 0);
  for (const one of fitting) if (one.after !== undefined && one.after > 0) one.after--;
  if (found !== undefined) found.times--;
  return found;
}

/** The connection broke. */
export class CloudFault extends Error {
  override readonly name = 'CloudFault';
}

/** Rejects with the signal's reason, and never resolves. */
export function deadline(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(new CloudFault('aborted'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/** Small, so that paging is always met. */
const PAGE_SIZE = 4;

export function page<T>(items: readonly T[], marker: unknown): { items: readonly T[]; next?: string } {
  const start = typeof marker === 'string' ? Number(marker) : 0;
  const end = start + PAGE_SIZE;
  return { items: items.slice(start, end), ...(end < items.length ? { next: String(end) } : {}) };
}

export const fits = (ids: unknown, id: string): boolean => !Array.isArray(ids) || ids.includes(id);
