/** `peerway plan`: what apply would change and why, as text, JSON or Markdown. Only reads. */
import { printableData, renderPlan, type Plan, type PlanOptions } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import type { Flags } from '../flags.js';
import { writeText } from '../output/file.js';
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
  else if (flags.is('markdown')) session.print(renderPlan(printableData(plan), 'markdown').trimEnd());
  else session.print(planText(plan, session.paint));
  const out = flags.text('out');
  if (out !== undefined) {
    await writeText(session, out, renderPlan(plan, 'json'), { internal: true });
    session.note(`Plan written to ${out}; carry it out with: peerway apply ${out}`);
  }
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
