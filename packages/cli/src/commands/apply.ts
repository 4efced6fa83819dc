/** `peerway apply`: shows the plan, asks, carries it out, and says how it ended. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PeerwayError, type Peerway, type Plan } from '@peerway/runtime';
import { confirmAndApply } from './confirmAndApply.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';
import { planOptions } from './plan.js';

export const run: Run = async ({ session, flags, args: [file] }) => {
  const peerway = await session.load();
  const plan =
    file === undefined ? await peerway.plan(planOptions(session, flags)) : await readPlan(session, peerway, file);
  return confirmAndApply(session, peerway, plan, { yes: flags.is('yes'), force: flags.is('force') });
};

/** Reads what `peerway plan --out` wrote. The engine itself refuses it when the world has changed since. */
async function readPlan(session: Session, peerway: Peerway, file: string): Promise<Plan> {
  const bad = (message: string, remedy: string): PeerwayError =>
    new PeerwayError('InvalidArgument', message, { place: file, remedy });
  let plan: unknown;
  try {
    plan = JSON.parse(await readFile(resolve(session.io.cwd, file), 'utf8'));
  } catch {
    throw bad('The plan cannot be read', 'Write one with `peerway plan --out <file>`.');
  }
  if (!isPlan(plan))
    throw bad('This is not a plan of this version', 'Write it again with `peerway plan --out <file>`.');
  if (plan.stack !== peerway.stack) {
    throw bad(
      `The plan is for the stack ${plan.stack}, the config file for ${peerway.stack}`,
      'Name the config file it was made from with --config.',
    );
  }
  return plan;
}

const isPlan = (value: unknown): value is Plan =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  value.version === 1 &&
  'stack' in value &&
  typeof value.stack === 'string' &&
  'fingerprint' in value &&
  'steps' in value &&
  Array.isArray(value.steps) &&
  'problems' in value &&
  Array.isArray(value.problems);
