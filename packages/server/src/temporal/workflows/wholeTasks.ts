/**
 * A guard against what Temporal's SDK does with questions (core's `take_next_wft_sequence`, read in 1.24.0). A question to a workflow that
 * no worker has in memory, because its worker has died, is answered from the whole history. Events at its end that belong to no workflow
 * task yet are worked off then and there, in the time of the task before, and the workflow stays in memory in that state. What it does
 * next no other worker can replay: the run would wait for ever. Refused, the workflow is forgotten by this worker, the question is
 * asked again, and the events are worked off with their task.
 */
import type { WorkflowInterceptorsFactory, WorkflowInternalsInterceptor } from '@temporalio/workflow';

/** As much of an activation as is looked at. */
export interface SeenActivation {
  /** When the workflow task was begun that this is part of. */
  readonly timestamp?: { readonly seconds?: unknown; readonly nanos?: number | null } | null;
  /** Number of the last event that it knows. */
  readonly historyLength?: number | null;
  readonly jobs?: readonly object[] | null;
}

export class WholeTasks {
  #time: string | undefined;
  #length = 0;

  /** @throws Error for events that are beyond the workflow task whose time it is */
  look({ timestamp, historyLength, jobs }: SeenActivation): void {
    if ((jobs ?? []).every((job) => 'queryWorkflow' in job && job.queryWorkflow !== null)) return;
    const time = `${String(timestamp?.seconds)} ${timestamp?.nanos ?? 0}`;
    const length = historyLength ?? 0;
    if (time === this.#time && length > this.#length) throw new Error('These events have no workflow task yet');
    this.#time = time;
    this.#length = length;
  }
}

export const interceptors: WorkflowInterceptorsFactory = () => {
  const tasks = new WholeTasks();
  const guard: WorkflowInternalsInterceptor = {
    activate(input, next) {
      if (input.batchIndex === 0) tasks.look(input.activation);
      next(input);
    },
  };
  return { inbound: [], outbound: [], internals: [guard] };
};
