/** Who has which places and who stands in line for them. Pure: the places of a process and those of many workers are kept by it. */

/** One place that a task needs. */
export interface PlaceWish {
  /** Names the place among all runs: what is limited, plugin and network, e.g. `create alibaba vpc-1`. */
  readonly name: string;
  /** How many tasks may have it at once, 1 or more. */
  readonly limit: number;
}

/** A task that has its places, or stands in line. */
export interface PlaceTicket {
  readonly id: string;
  readonly wishes: readonly PlaceWish[];
}

export interface PlaceQueueState {
  readonly held: readonly PlaceTicket[];
  /** In the order of asking. */
  readonly waiting: readonly PlaceTicket[];
}

/** All of a ticket's places or none, in the order of asking: nobody who asks later is let past where both want the same place. */
export class PlaceQueue {
  readonly #held = new Map<string, PlaceTicket>();
  /** In the order of asking. */
  readonly #waiting = new Map<string, PlaceTicket>();
  readonly #taken = new Map<string, number>();

  constructor({ held, waiting }: PlaceQueueState = { held: [], waiting: [] }) {
    for (const ticket of held) this.#hold(ticket);
    for (const ticket of waiting) this.#waiting.set(ticket.id, ticket);
  }

  get state(): PlaceQueueState {
    return { held: [...this.#held.values()], waiting: [...this.#waiting.values()] };
  }

  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /** Puts a ticket in line; one that is known already stays where it is. @returns the tickets that have their places by it */
  ask(ticket: PlaceTicket): readonly string[] {
    if (this.#held.has(ticket.id) || this.#waiting.has(ticket.id)) return [];
    this.#waiting.set(ticket.id, ticket);
    return this.#serve();
  }

  /** Takes a ticket back, from whoever has its places or stands in line; of an unknown one nothing. @returns as `ask` */
  giveBack(id: string): readonly string[] {
    const held = this.#held.get(id);
    this.#held.delete(id);
    for (const { name } of held?.wishes ?? []) {
      const left = this.#count(name) - 1;
      if (left === 0) this.#taken.delete(name);
      else this.#taken.set(name, left);
    }
    if (!this.#waiting.delete(id) && held === undefined) return [];
    return this.#serve();
  }

  #serve(): readonly string[] {
    const granted: string[] = [];
    const claimed = new Map<string, number>();
    for (const ticket of [...this.#waiting.values()]) {
      const { id, wishes } = ticket;
      if (wishes.every(({ name, limit }) => this.#count(name) + (claimed.get(name) ?? 0) < limit)) {
        this.#waiting.delete(id);
        this.#hold(ticket);
        granted.push(id);
        continue;
      }
      for (const { name } of wishes) claimed.set(name, (claimed.get(name) ?? 0) + 1);
    }
    return granted;
  }

  #hold(ticket: PlaceTicket): void {
    this.#held.set(ticket.id, ticket);
    for (const { name } of ticket.wishes) this.#taken.set(name, this.#count(name) + 1);
  }

  #count(name: string): number {
    return this.#taken.get(name) ?? 0;
  }
}
