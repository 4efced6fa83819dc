/** What the keeper of a plugin's places knows and answers. Pure: who carries its words, and who tells which runs have ended, is given. */
import { PlaceQueue } from '@peerway/engine/loop';
import type { PlacesMessage, PlacesState, RunAddress } from '../protocol.js';

/** What a keeper can do beyond thinking. */
export interface KeepersReach {
  /** Tells a run which of its tickets have their places. Rejects when that run has ended. */
  grant(run: RunAddress, tickets: readonly string[]): Promise<void>;
  /** Of these, those that have ended. */
  ended(runs: readonly RunAddress[]): Promise<readonly RunAddress[]>;
}

const keyOf = ({ workflowId, runId }: RunAddress): string => `${workflowId} ${runId}`;

export class PlacesKeeper {
  readonly #queue: PlaceQueue;
  readonly #owners: Map<string, RunAddress>;
  readonly #reach: KeepersReach;
  #sending = 0;

  constructor(state: PlacesState, reach: KeepersReach) {
    this.#queue = new PlaceQueue(state);
    this.#owners = new Map(Object.entries(state.owners));
    this.#reach = reach;
  }

  /** With this another goes on as this one would. */
  get state(): PlacesState {
    return { ...this.#queue.state, owners: Object.fromEntries(this.#owners) };
  }

  /** Whether nothing that it says is on its way. */
  get isQuiet(): boolean {
    return this.#sending === 0;
  }

  get isEmpty(): boolean {
    return this.#owners.size === 0;
  }

  hear({ from, ask, giveBack }: PlacesMessage): void {
    const granted: string[] = [];
    for (const ticket of ask) {
      this.#owners.set(ticket.id, from);
      // who asks for what it has has not heard of it
      if (this.#queue.holds(ticket.id)) granted.push(ticket.id);
      else granted.push(...this.#queue.ask(ticket));
    }
    // last: a ticket that was asked for again and is given back in one message is given back
    for (const id of giveBack) granted.push(...this.#takeBack(id));
    this.#tell(granted);
  }

  /** Takes back what runs that have ended without a word still have. */
  async lookAfter(): Promise<void> {
    const runs = new Map([...this.#owners.values()].map((run) => [keyOf(run), run]));
    const ended = new Set((await this.#reach.ended([...runs.values()])).map(keyOf));
    for (const [id, owner] of [...this.#owners]) if (ended.has(keyOf(owner))) this.#tell(this.#takeBack(id));
  }

  #takeBack(id: string): readonly string[] {
    this.#owners.delete(id);
    return this.#queue.giveBack(id);
  }

  /** One message to each run. */
  #tell(granted: readonly string[]): void {
    const byRun = new Map<string, { run: RunAddress; tickets: string[] }>();
    for (const id of granted) {
      const run = this.#owners.get(id);
      if (run === undefined) continue;
      const list = byRun.get(keyOf(run)) ?? { run, tickets: [] };
      byRun.set(keyOf(run), list);
      list.tickets.push(id);
    }
    for (const { run, tickets } of byRun.values()) void this.#send(run, tickets);
  }

  async #send(run: RunAddress, tickets: readonly string[]): Promise<void> {
    this.#sending++;
    try {
      await this.#reach.grant(run, tickets);
    } catch {
      for (const id of tickets) this.#tell(this.#takeBack(id)); // it has ended
    }
    this.#sending--;
  }
}
