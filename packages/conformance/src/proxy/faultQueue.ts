/** Which faults are set, and which of them the next request meets. */
import type { Fault, FaultKind } from '../harness.js';

/** Faults that are refusals in the cloud's own form, which only its author can write. */
export type Refusal = 'denied' | 'throttle' | 'unavailable';

const REFUSALS: readonly Refusal[] = ['denied', 'throttle', 'unavailable'];

export const isRefusalKind = (kind: FaultKind): kind is Refusal => REFUSALS.some((one) => one === kind);

export class FaultQueue {
  #open: { readonly fault: Fault; passing: number; left: number }[] = [];

  add(fault: Fault): void {
    if (fault.times > 0) this.#open.push({ fault, passing: fault.after ?? 0, left: fault.times });
  }

  clear(): void {
    this.#open = [];
  }

  /** The fault that this request meets, if any; the oldest of those that fit. */
  next(mutating: boolean): FaultKind | undefined {
    const fitting = this.#open.filter(({ fault }) => (fault.on === 'write') === mutating);
    const met = fitting.find(({ passing }) => passing === 0);
    for (const one of fitting) if (one.passing > 0) one.passing--;
    if (met === undefined) return undefined;
    met.left--;
    if (met.left <= 0) this.#open = this.#open.filter((one) => one !== met);
    return met.fault.kind;
  }
}
