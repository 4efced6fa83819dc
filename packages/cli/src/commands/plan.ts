/** `peerway plan`: what apply would change and why, as text, JSON or Markdown. Only reads. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PeerwayError, renderPlan, type Plan, type PlanOptions } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import type { Flags } from '../flags.js';
import { planText } from '../output/plan.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';

export const run: Run = async ({ session, flags }) => {
  const peerway = await session.load();
  const plan = await peerway.plan({
    ...planOptions(session, flags),
    ...(flags.is('destroy') ? { mode: 'destroy' } : {}),
    ...(flags.is('dryRun') ? { dryRun: true } : {}),
  });
  if (session.json) session.print(renderPlan(plan, 'json').trimEnd());
  else if (flags.is('markdown')) session.print(renderPlan(plan, 'markdown').trimEnd());
  else session.print(planText(plan, session.paint));
  const out = flags.text('out');
  if (out !== undefined) await writePlan(session, out, plan);
  return exitOf(plan);
};

/** Options that plan and apply share. */
export function planOptions(session: Session, flags: Flags): PlanOptions {
  const targets = flags.list('target');
  const prune = flags.text('prune');
  return {
    signal: session.signal,
    ...(targets.length > 0 ? { targets } : {}),
    ...(prune === 'sync' || prune === 'upsert-only' || prune === 'create-only' ? { prune } : {}),
  };
}

function exitOf(plan: Plan): ExitCode {
  if (plan.problems.some((problem) => problem.severity === 'error' && problem.forceable !== true)) return EXIT.error;
  return plan.steps.length > 0 ? EXIT.pending : EXIT.done;
}

async function writePlan(session: Session, file: string, plan: Plan): Promise<void> {
  try {
    await writeFile(resolve(session.io.cwd, file), session.redactor.redact(renderPlan(plan, 'json')));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new PeerwayError('InvalidArgument', `The plan cannot be written (${reason})`, {
      place: file,
      remedy: 'Give --out a file in a folder that exists and may be written to.',
    });
  }
  session.note(`Plan written to ${file}; carry it out with: peerway apply ${file}`);
}
