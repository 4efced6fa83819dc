/**
 * A plan that was written to a file, e.g. reviewed in a pull request and applied later. The file is not trusted: it says which plan
 * was looked at, and is compared with the plan that is made now. Only the latter is ever shown and carried out.
 */
import { isDeepStrictEqual } from 'node:util';
import { PeerwayError } from '@peerway/core';
import type { Plan, PlanMode, PlanStep, PrunePolicy, ReadOptions } from '@peerway/engine';
import type { Peerway } from './peerway.js';

export const MAX_PLAN_BYTES = 64 * 1024 * 1024;

const MODES: Readonly<Record<PlanMode, true>> = { apply: true, destroy: true };
const POLICIES: Readonly<Record<PrunePolicy, true>> = { sync: true, 'upsert-only': true, 'create-only': true };

/** As much of a written plan as says how to make it again, and what to compare. */
interface WrittenPlan {
  readonly mode: PlanMode;
  readonly prune: PrunePolicy;
  readonly targets: readonly string[];
  readonly fingerprint: string;
  readonly dryRun: boolean;
  readonly steps: readonly unknown[];
}

/**
 * Plans again as the file says, and gives the new plan when it is the file's, step by step. Only reads.
 * @param place the file as the user names it
 * @throws PeerwayError `InvalidArgument` when the text is no plan of this version and stack, or its steps are not those that
 * Peerway makes; `FailedPrecondition` when the clouds or the declaration have changed since
 */
export async function planOfFile(
  peerway: Peerway,
  text: string,
  place: string,
  options: ReadOptions = {},
): Promise<Plan> {
  const refuse = (
    message: string,
    remedy: string,
    code: 'InvalidArgument' | 'FailedPrecondition' = 'InvalidArgument',
  ) => new PeerwayError(code, message, { place, remedy });
  const written = readWritten(text, peerway.stack, refuse);
  const { mode, prune, targets, dryRun } = written;
  const now = await peerway.plan({ ...options, mode, prune, targets, dryRun });
  if (now.fingerprint !== written.fingerprint) {
    throw refuse(
      'The clouds or the declaration have changed since this plan was made',
      'Plan again, look at the difference, and apply the new plan.',
      'FailedPrecondition',
    );
  }
  // as the file would have it: members that are undefined are not in JSON
  const different = firstDifference(written.steps, JSON.parse(JSON.stringify(now.steps)) as PlanStep[]);
  if (different !== undefined) {
    throw refuse(
      `The plan is not as Peerway makes it: ${different}`,
      'Do not edit a plan: change the declaration and write the plan again. If nobody edited it, find out who did.',
    );
  }
  return now;
}

type Refuse = (message: string, remedy: string) => PeerwayError;

const AGAIN = 'Write it again with `peerway plan --out <file>`.';

function readWritten(text: string, stack: string, refuse: Refuse): WrittenPlan {
  const plan = parsed(text);
  if (plan === undefined || !('fingerprint' in plan))
    throw refuse('The file holds no plan', 'Write one with `peerway plan --out <file>`.');
  const { version, mode, prune, targets, fingerprint, steps, problems } = plan;
  if (version !== 1) throw refuse('The plan is of another version of Peerway', AGAIN);
  if (plan['stack'] !== stack) {
    const theirs =
      typeof plan['stack'] === 'string' ? `the stack ${JSON.stringify(plan['stack'].slice(0, 63))}` : 'no stack';
    throw refuse(
      `The plan is for ${theirs}, the config file for ${JSON.stringify(stack)}`,
      'Name the config file that it was made from with --config.',
    );
  }
  if (
    !isOneOf(mode, MODES) ||
    !isOneOf(prune, POLICIES) ||
    !Array.isArray(targets) ||
    !targets.every((each) => typeof each === 'string') ||
    typeof fingerprint !== 'string' ||
    !Array.isArray(steps) ||
    !Array.isArray(problems)
  ) {
    throw refuse('The plan is not complete', AGAIN);
  }
  const dryRun = problems.some((each: unknown) => isRecord(each) && each['kind'] === 'cloud-refuses');
  return { mode, prune, targets, fingerprint, steps, dryRun };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Words of the file are not repeated: they may be anything. */
function firstDifference(written: readonly unknown[], made: readonly PlanStep[]): string | undefined {
  if (written.length !== made.length) return `it has ${written.length} steps instead of ${made.length}`;
  const at = made.findIndex((step, index) => !isDeepStrictEqual(written[index], step));
  const step = made[at];
  if (step === undefined) return undefined;
  const theirs = written[at];
  const keys = isRecord(theirs)
    ? Object.keys(step).filter((key) => !isDeepStrictEqual(theirs[key], step[key as keyof PlanStep]))
    : [];
  const where = keys.length === 0 ? '' : ` (${keys.join(', ')})`;
  return `step ${at + 1} is not ${JSON.stringify(step.id)} as it must be${where}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOneOf = <Word extends string>(value: unknown, words: Readonly<Record<Word, true>>): value is Word =>
  typeof value === 'string' && Object.hasOwn(words, value);
