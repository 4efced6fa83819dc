/** What an event says about a run that is shown already, so that the whole run need not be asked for again. */

const STEPS = {
  'step.started': ({ at }) => ({ state: 'running', startedAt: at }),
  'step.waiting': ({ cause, etaMs, at }) => ({
    waitingFor: cause,
    ...(etaMs === undefined ? {} : { expectedAt: at + etaMs }),
  }),
  'step.done': ({ durationMs }) => ({ state: 'done', durationMs }),
  'step.failed': ({ durationMs, error }) => ({ state: 'failed', durationMs, error }),
  'step.skipped': ({ because, begun }) => ({ state: begun ? 'left' : 'skipped', because }),
};

/** Events that change nothing that is shown. */
const SILENT = new Set(['step.retried', 'limit.learned', 'requests.counted', 'apply.done']);

/** @returns the run as it is after the event; undefined where the event does not say enough */
export function folded(run, event) {
  if (SILENT.has(event.type)) return run;
  if (event.type === 'run.stopping') return { ...run, state: 'stopping' };
  const change = STEPS[event.type]?.(event);
  const known = run.steps.find(({ id }) => id === event.step?.id);
  if (change === undefined || known === undefined) return undefined;
  const step = { ...known, waitingFor: undefined, expectedAt: undefined, ...change };
  return {
    ...run,
    steps: run.steps.map((each) => (each === known ? step : each)),
    counts: { ...run.counts, [known.state]: run.counts[known.state] - 1, [step.state]: run.counts[step.state] + 1 },
  };
}
