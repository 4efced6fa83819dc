/** The keeper of a plugin's places: one for all runs. What each network allows once at a time is given here, in the order of asking. */
import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { PlaceQueue } from '@peerway/engine/loop';
import { NAMES, type Activities, type PlacesMessage, type PlacesState, type RunAddress } from '../protocol.js';

/** So often it is asked whether those who hold places or stand in line are still there. */
const LOOK_AFTER_MS = 60_000;
/** Events after which it goes on with a new history. */
const LONG_HISTORY = 8_000;

const placesSignal = defineSignal<[PlacesMessage]>(NAMES.places);
const stateQuery = defineQuery<PlacesState>(NAMES.placesState);

const { endedRuns } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  retry: { maximumAttempts: 1 },
});

class Keeper {
  readonly #queue: PlaceQueue;
  readonly #owners: Map<string, RunAddress>;
  #sending = 0;

  constructor(state: PlacesState) {
    this.#queue = new PlaceQueue(state);
    this.#owners = new Map(Object.entries(state.owners));
  }

  get state(): PlacesState {
    return { ...this.#queue.state, owners: Object.fromEntries(this.#owners) };
  }

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
    const runs = new Map([...this.#owners.values()].map((run) => [`${run.workflowId} ${run.runId}`, run]));
    const ended = await endedRuns([...runs.values()]).catch(() => []);
    for (const { workflowId, runId } of ended)
      for (const [id, owner] of [...this.#owners])
        if (owner.workflowId === workflowId && owner.runId === runId) this.#tell(this.#takeBack(id));
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
      const key = `${run.workflowId} ${run.runId}`;
      const list = byRun.get(key) ?? { run, tickets: [] };
      byRun.set(key, list);
      list.tickets.push(id);
    }
    for (const { run, tickets } of byRun.values()) void this.#send(run, tickets);
  }

  async #send({ workflowId, runId }: RunAddress, tickets: readonly string[]): Promise<void> {
    this.#sending++;
    try {
      await getExternalWorkflowHandle(workflowId, runId).signal(NAMES.granted, tickets);
    } catch {
      for (const id of tickets) this.#tell(this.#takeBack(id)); // it has ended
    }
    this.#sending--;
  }
}

/** Never ends. */
export async function keepPlaces(state: PlacesState): Promise<void> {
  const keeper = new Keeper(state);
  setHandler(placesSignal, (message) => keeper.hear(message));
  setHandler(stateQuery, () => keeper.state);
  const isLong = (): boolean => workflowInfo().historyLength > LONG_HISTORY || workflowInfo().continueAsNewSuggested;
  for (;;) {
    await condition(() => !keeper.isEmpty || isLong());
    if (await condition(() => isLong() && keeper.isQuiet, LOOK_AFTER_MS))
      await continueAsNew<typeof keepPlaces>(keeper.state);
    await keeper.lookAfter();
  }
}
