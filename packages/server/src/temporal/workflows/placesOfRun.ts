/** The places of one run's tasks, kept by the keeper of their plugin: asks and gives back in as few messages as there can be. */
import { condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { PlaceTicket, Task } from '@peerway/engine';
import { NAMES, placesWorkflowId, pluginOfPlace, type PlacesMessage, type RunAddress } from '../protocol.js';

type Outbox = { ask: PlaceTicket[]; giveBack: string[] };

export class PlacesOfRun {
  readonly #from: RunAddress;
  readonly #granted = new Set<string>();
  /** Asked for and not granted, by plugin and ticket. */
  readonly #open = new Map<string, Map<string, PlaceTicket>>();
  readonly #outboxes = new Map<string, Outbox>();
  readonly #sending = new Set<string>();

  /** @param startKeeper starts the keeper of a plugin where none runs */
  constructor(private readonly startKeeper: (plugin: string) => Promise<void>) {
    const { workflowId, runId } = workflowInfo();
    this.#from = { workflowId, runId };
  }

  /** Waits for all places of a task; false when `isStopped` came first, and then it has none. */
  async take(task: Task, isStopped: () => boolean): Promise<boolean> {
    const [first] = task.places;
    if (first === undefined) return true;
    const plugin = pluginOfPlace(first.name);
    const ticket = { id: this.#ticketOf(task.id), wishes: task.places };
    const open = this.#open.get(plugin) ?? new Map<string, PlaceTicket>();
    this.#open.set(plugin, open.set(ticket.id, ticket));
    this.#post(plugin).ask.push(ticket);
    await condition(() => this.#granted.has(ticket.id) || isStopped());
    open.delete(ticket.id);
    if (this.#granted.has(ticket.id)) return true;
    this.#post(plugin).giveBack.push(ticket.id);
    return false;
  }

  /** Of a task without places, or for the second time: nothing. */
  giveBack(task: Task): void {
    const [first] = task.places;
    if (first === undefined || !this.#granted.delete(this.#ticketOf(task.id))) return;
    this.#post(pluginOfPlace(first.name)).giveBack.push(this.#ticketOf(task.id));
  }

  grant(tickets: readonly string[]): void {
    for (const ticket of tickets) this.#granted.add(ticket);
  }

  /** Asks again for what has not been granted: a keeper that was lost knows nothing of it. Known tickets stay in line. */
  askAgain(): void {
    for (const [plugin, open] of this.#open) if (open.size > 0) this.#post(plugin).ask.push(...open.values());
  }

  /** Resolves when everything that was to be said has been. */
  async settled(): Promise<void> {
    await condition(() => this.#outboxes.size === 0 && this.#sending.size === 0);
  }

  /** Unique among all runs. */
  #ticketOf(task: string): string {
    return `${this.#from.workflowId} ${this.#from.runId} ${task}`;
  }

  #post(plugin: string): Outbox {
    const outbox = this.#outboxes.get(plugin) ?? { ask: [], giveBack: [] };
    this.#outboxes.set(plugin, outbox);
    if (!this.#sending.has(plugin)) {
      this.#sending.add(plugin);
      void this.#send(plugin);
    }
    return outbox;
  }

  /** What is posted while a message is on its way goes with the next. */
  async #send(plugin: string): Promise<void> {
    await Promise.resolve(); // whatever starts in the same instant goes together
    const keeper = getExternalWorkflowHandle(placesWorkflowId(plugin));
    for (let outbox = this.#take(plugin); outbox !== undefined; outbox = this.#take(plugin)) {
      const message: PlacesMessage = { from: this.#from, ...outbox };
      for (;;) {
        try {
          await keeper.signal(NAMES.places, message);
          break;
        } catch {
          await this.startKeeper(plugin);
        }
      }
    }
    this.#sending.delete(plugin);
  }

  #take(plugin: string): Outbox | undefined {
    const outbox = this.#outboxes.get(plugin);
    this.#outboxes.delete(plugin);
    return outbox;
  }
}
