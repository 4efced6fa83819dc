/**
 * Places that a cloud gives only so many of at a time: creations in one network, changes of its routes. A run takes them before
 * a task starts, so that runs of one process, and of others that share the implementation, do not provoke each other's refusals.
 */
import { canceled } from '@peerway/core';
import { PlaceQueue, type PlaceWish } from './placeQueue.js';

/** The order of tasks inside one plan is the schedule's business; between plans, this decides. */
export interface Places {
  /**
   * Takes all the places at once or none, in the order of asking: nobody who asks later is let past where both want the same place.
   * @returns gives them back; calling it again does nothing
   * @throws PeerwayError `Canceled` when the signal aborts first
   */
  take(wishes: readonly PlaceWish[], options: TakeOptions): Promise<() => void>;
}

export interface TakeOptions {
  readonly signal: AbortSignal;
  /** Called once when the places cannot be had at once. */
  readonly onWait: () => void;
}

/** For the runs of one process. */
export class InProcessPlaces implements Places {
  readonly #queue = new PlaceQueue();
  /** What is to be done when a ticket has its places. */
  readonly #grants = new Map<string, () => void>();
  #tickets = 0;

  take(wishes: readonly PlaceWish[], { signal, onWait }: TakeOptions): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(canceled());
      const id = String(++this.#tickets);
      const giveBack = (): void => this.#grant(this.#queue.giveBack(id));
      const onAbort = (): void => {
        this.#grants.delete(id);
        giveBack(); // who stood behind it may go
        reject(canceled());
      };
      this.#grants.set(id, () => {
        signal.removeEventListener('abort', onAbort);
        resolve(giveBack);
      });
      signal.addEventListener('abort', onAbort, { once: true });
      this.#grant(this.#queue.ask({ id, wishes }));
      if (!this.#queue.holds(id)) onWait();
    });
  }

  #grant(ids: readonly string[]): void {
    for (const id of ids) {
      const grant = this.#grants.get(id);
      this.#grants.delete(id);
      grant?.();
    }
  }
}
