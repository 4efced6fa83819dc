/** Follows a run on a server to its end, as an apply here is followed; a person may leave, the run goes on. */
import {
  EventHub,
  PeerwayError,
  printableLine,
  type ApplyReport,
  type ErrorData,
  type Plan,
  type StepOutcome,
} from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import { reportText } from '../output/applyReport.js';
import { planText } from '../output/plan.js';
import { startProgress, type Progress } from '../output/progress.js';
import type { Session } from '../session.js';
import type { RemoteEvent, RemoteRunDetail } from './answers.js';
import type { RemoteClient } from './client.js';

interface Following {
  readonly session: Session;
  readonly client: RemoteClient;
  readonly run: string;
  /** Asked when the run waits for approval; absent: it is somebody else's to approve. */
  readonly approve?: (plan: Plan) => Promise<boolean>;
}

export const runPath = (run: string): string => `/v1/runs/${encodeURIComponent(run)}`;

/** @throws PeerwayError what the run was refused for; `Canceled` when the signal aborts */
export async function followRun(following: Following): Promise<ExitCode> {
  const { session, client, run } = following;
  const view = new View(following);
  try {
    for await (const event of client.events(run, session.signal)) {
      if ((await view.take(event)) === 'declined') return session.signal.aborted ? EXIT.interrupted : EXIT.error;
    }
  } finally {
    view.close();
  }
  return ended(session, await client.ask<RemoteRunDetail>(runPath(run), { patient: true }));
}

/** What of a run is on the screen. */
class View {
  readonly #hub = new EventHub();
  #progress: Progress | undefined;
  #shown = '';

  constructor(private readonly following: Following) {}

  async take(event: RemoteEvent): Promise<'declined' | undefined> {
    const { session } = this.following;
    switch (event.type) {
      case 'run.awaiting-approval':
        this.#tell(event);
        return this.#ask(event.fingerprint);
      case 'apply.started': {
        const plan = await this.#showPlan();
        if (event.steps > 0) this.#progress = await startProgress(session, this.#hub, plan);
        this.#hub.emit(event);
        return undefined;
      }
      case 'run.approved':
      case 'run.stopping':
        this.#tell(event);
        if (!session.json)
          session.note(`${event.type === 'run.approved' ? 'Approved' : 'Asked to stop'} by ${event.by}.`);
        return undefined;
      case 'run.ended':
        this.#tell(event);
        // the problems of a plan that was refused are in the plan; one that was never made cannot be shown
        if (event.outcome === 'refused') await this.#showPlan().catch(() => undefined);
        return undefined;
      default:
        this.#hub.emit(event);
        return undefined;
    }
  }

  close(): void {
    this.#progress?.stop();
  }

  /** The engine's own events are told by the progress. */
  #tell(event: RemoteEvent): void {
    const { session } = this.following;
    if (session.json) session.print(JSON.stringify(event));
  }

  async #ask(fingerprint: string): Promise<'declined' | undefined> {
    const { session, client, run, approve } = this.following;
    const plan = await this.#showPlan();
    if (approve === undefined) {
      session.note('The run waits for approval.');
      return undefined;
    }
    if (!(await approve(plan))) {
      await this.#decline();
      return 'declined';
    }
    await client.ask(`${runPath(run)}/approval`, { method: 'POST', body: { fingerprint } });
    return undefined;
  }

  /** Once for each plan: one that is made again after the approval is the same. */
  async #showPlan(): Promise<Plan> {
    const { session, client, run } = this.following;
    const plan = await client.ask<Plan>(`${runPath(run)}/plan`, { patient: true });
    if (!session.json && this.#shown !== plan.fingerprint) session.print(planText(plan, session.paint));
    this.#shown = plan.fingerprint;
    return plan;
  }

  /** Nothing was begun; a run that goes on waiting would only keep others from the stack. */
  async #decline(): Promise<void> {
    const { session, client, run } = this.following;
    await client.ask(`${runPath(run)}/cancellation`, { method: 'POST' }).catch((thrown: unknown) => {
      session.fail(thrown);
      session.note(`The run ${run} goes on waiting for approval.`);
    });
    session.note('Nothing was changed.');
  }
}

function ended(session: Session, run: RemoteRunDetail): ExitCode {
  const { outcome = 'failed', error } = run;
  if (outcome === 'refused' || (error !== undefined && run.steps.every(({ state }) => state !== 'failed'))) {
    throw asThrown(error);
  }
  const report = reportOf(run);
  if (session.json) session.print(JSON.stringify({ type: 'report', ...report }));
  else session.print(reportText(report, session.paint));
  if (outcome === 'canceled')
    session.note('The run was stopped on the server. What is done stays done; run the same command again to go on.');
  return outcome === 'done' ? EXIT.done : EXIT.error;
}

/** The causes stay in the server's own answer. */
function asThrown(error: ErrorData | undefined): PeerwayError {
  if (error === undefined) return new PeerwayError('Unknown', 'The run ended, and the server does not say why');
  const { code, message, cause: _cause, ...details } = error;
  return new PeerwayError(code, message, details);
}

function reportOf({ stack, mode, outcome, steps, submittedAt, endedAt = submittedAt }: RemoteRunDetail): ApplyReport {
  return {
    version: 1,
    stack,
    mode,
    outcome: outcome === 'done' || outcome === 'canceled' ? outcome : 'failed',
    steps: steps.map(({ id, object, state, durationMs, error, because }): StepOutcome => ({
      step: id,
      object,
      outcome: state === 'queued' || state === 'running' ? 'left' : state,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(error === undefined ? {} : { error }),
      ...(because === undefined ? {} : { because }),
    })),
    durationMs: Math.max(0, endedAt - submittedAt),
  };
}

/** What a person who leaves has to know. */
export function tellHowToGoOn(session: Session, client: RemoteClient, run: string): void {
  const at = `--remote ${client.url}`;
  session.note(
    printableLine(
      `The run ${run} goes on at ${client.url}. Watch it: peerway runs ${run} --follow ${at}. Stop it: peerway runs ${run} --cancel ${at}.`,
    ),
  );
}
