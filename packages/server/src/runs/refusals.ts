/** Why a run ends before its first write. Pure: asked in this process and in a workflow. */
import type { EventError, Plan } from '@peerway/engine';

/** What it was about, what is wrong, and what to do. */
export type Refusal = Pick<EventError, 'message' | 'remedy' | 'resource'>;

/** @param expect the fingerprint that a person has seen */
export function refusalOf(
  plan: Plan,
  { expect, force }: { readonly expect: string | undefined; readonly force: boolean },
): Refusal | undefined {
  if (expect !== undefined && plan.fingerprint !== expect) {
    return {
      message: 'The world or the declaration has changed since the plan was looked at; nothing was changed',
      remedy: 'Look at the plan of this run, and submit it again with that plan’s fingerprint.',
    };
  }
  const blocking = plan.problems.filter(
    ({ severity, forceable }) => severity === 'error' && !(force && forceable === true),
  );
  const [first] = blocking;
  if (first === undefined) return undefined;
  const more = blocking.length === 1 ? '' : ` (and ${blocking.length - 1} more)`;
  return { message: `${first.message}${more}`, resource: first.object, remedy: first.remedy };
}

/** A run's history may hold 51,200 events (docs.temporal.io/cloud/limits, read 2026-11-20), and a step makes up to 15. */
const MOST_STEPS = 3_000;

/** Why a plan cannot be run where each step is kept in a history. */
export function tooLarge({ steps }: Plan): Refusal | undefined {
  if (steps.length <= MOST_STEPS) return undefined;
  return {
    message: `The plan has ${steps.length} steps, more than the ${MOST_STEPS} that one run on Temporal can have; nothing was changed`,
    remedy: 'Split the stack, or submit runs of some targets each.',
  };
}
