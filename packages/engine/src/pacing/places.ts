/**
 * Places that a cloud gives only so many of at a time: creations in one network, changes of its routes. A run takes them before
 * a task starts, so that runs of one process, and of others that share the implementation, do not provoke each other's refusals.
 */
import { canceled } from '@peerway/core';

/** One place that a task needs. */
export interface PlaceWish {
  /** Names the place among all runs: what is limited, plugin and network, e.g. `create alibaba vpc-1`. */
  readonly name: string;
  /** How many tasks may have it at once, 1 or more. */
  readonly limit: number;
}

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

interface Ticket {
  readonly wishes: readonly PlaceWish[];
  readonly grant: () => void;
}

/** For the runs of one process. */
export class InProcessPlaces implements Places {
  readonly #taken = new Map<string, number>();
  /** In the order of asking. */
  readonly #waiting = new Set<Ticket>();

  take(wishes: readonly PlaceWish[], { signal, onWait }: TakeOptions): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(canceled());
      const onAbort = (): void => {
        this.#waiting.delete(ticket);
        this.#serve(); // who stood behind it may go
        reject(canceled());
      };
      const ticket: Ticket = {
        wishes,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(this.#giveBack(wishes));
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(ticket);
      this.#serve();
      if (this.#waiting.has(ticket)) onWait();
    });
  }

  #serve(): void {
    const claimed = new Map<string, number>();
    const count = (map: ReadonlyMap<string, number>, { name }: PlaceWish): number => map.get(name) ?? 0;
    for (const ticket of this.#waiting) {
      const { wishes } = ticket;
      if (wishes.every((wish) => count(this.#taken, wish) + count(claimed, wish) < wish.limit)) {
        for (const wish of wishes) this.#taken.set(wish.name, count(this.#taken, wish) + 1);
        this.#waiting.delete(ticket);
        ticket.grant();
        continue;
      }
      for (const wish of wishes) claimed.set(wish.name, count(claimed, wish) + 1);
    }
  }

  #giveBack(wishes: readonly PlaceWish[]): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      for (const { name } of wishes) {
        const left = (this.#taken.get(name) ?? 1) - 1;
        if (left === 0) this.#taken.delete(name);
        else this.#taken.set(name, left);
      }
      this.#serve();
    };
  }
}
