/** What apply and destroy share: show the plan, ask, run it with progress, report. */
import { PeerwayError, renderPlan, type ApplyReport, type Peerway, type Plan } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import { count } from '../output/quantity.js';
import { planText } from '../output/plan.js';
import { startProgress } from '../output/progress.js';
import { reportText } from '../output/applyReport.js';
import type { Session } from '../session.js';

export async function confirmAndApply(
  session: Session,
  peerway: Peerway,
  plan: Plan,
  options: { readonly yes: boolean; readonly force: boolean },
): Promise<ExitCode> {
  if (!session.json) session.print(planText(plan, session.paint));
  const blocking = plan.problems.filter(
    (each) => each.severity === 'error' && !(options.force && each.forceable === true),
  );
  if (blocking.length > 0) {
    if (session.json) session.print(renderPlan(plan, 'json').trimEnd());
    const forceable = blocking.every((each) => each.forceable === true);
    throw new PeerwayError(
      'FailedPrecondition',
      `Nothing was changed: the plan has ${count(blocking.length, 'error')}`,
      {
        place: session.configFile,
        remedy: forceable
          ? 'Correct them, or use --force if the plan is what you want.'
          : 'Correct what the plan names, then run again.',
      },
    );
  }
  if (plan.steps.length === 0) {
    if (session.json) session.printJson(emptyReport(plan));
    return EXIT.done;
  }
  if (!(await confirmed(session, plan, options.yes))) {
    session.note('Nothing was changed.');
    return session.signal.aborted ? EXIT.interrupted : EXIT.error;
  }
  const progress = await startProgress(session, peerway, plan);
  let report: ApplyReport;
  try {
    report = await peerway.apply(plan, { signal: session.signal, force: options.force });
  } finally {
    progress.stop();
  }
  if (session.json) session.print(JSON.stringify({ type: 'report', ...report }));
  else session.print(reportText(report, session.paint));
  if (report.outcome === 'canceled') {
    session.note('Stopped cleanly. What is done stays done; run the same command again to go on.');
    return EXIT.interrupted;
  }
  return report.outcome === 'done' ? EXIT.done : EXIT.error;
}

/** @throws PeerwayError `FailedPrecondition` when there is nobody to ask */
export async function confirmed(session: Session, plan: Plan, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const { ask } = session.io;
  if (ask === undefined) {
    throw new PeerwayError(
      'FailedPrecondition',
      `There is no terminal to confirm ${count(plan.steps.length, 'step')} on`,
      {
        remedy: 'Add --yes to go on without asking.',
      },
    );
  }
  const what = plan.mode === 'destroy' ? 'Remove all of this?' : 'Carry this out?';
  const answer = (await ask(`${what} [y/N] `))?.trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}

const emptyReport = ({ stack, mode }: Plan): ApplyReport => ({
  version: 1,
  stack,
  mode,
  outcome: 'done',
  steps: [],
  durationMs: 0,
});
