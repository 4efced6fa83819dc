/** The executor that ships: does the steps in this process, on the providers that the stack was given. */
import { isPeerwayError, PeerwayError } from '@peerway/core';
import { eventError } from '../events.js';
import { Evidence } from './evidence.js';
import type { Assignment, Progress, StepEnd, StepExecutor, StepResult, StopSignals } from './executor.js';
import { createLink, deleteLink, resumeLink, settleLink, updateLink } from './linkSteps.js';
import { createPeering, deletePeering, settlePeering, updatePeering } from './peeringSteps.js';
import type { PlanStep, StepWork } from '../plan/plan.js';
import type { StepContext } from './stepContext.js';
import { createRoutes, deleteRoutes, describeRoute } from './routeSteps.js';
import { stepToken } from './token.js';
import type { ProviderCalls } from './providerCalls.js';

type Single = Exclude<StepWork, { readonly verb: 'route.create' | 'route.delete' }>;

export class InProcessExecutor implements StepExecutor {
  constructor(
    private readonly stack: string,
    private readonly calls: ProviderCalls,
  ) {}

  async run(
    { run, steps, results }: Assignment,
    progress: Progress,
    signals: StopSignals,
  ): Promise<readonly StepEnd[]> {
    const [first] = steps;
    if (first === undefined) return [];
    const context: StepContext = {
      stack: this.stack,
      tokens: steps.map(({ id }) => stepToken(run, id)),
      calls: this.calls,
      signal: signals.stop,
      abandon: signals.abandon,
      released: () => progress.released(),
      waiting: (cause, etaMs) => {
        for (const step of steps) progress.waiting(step.id, cause, etaMs);
      },
      retried: (error, delayMs) => progress.retried(first.id, error, delayMs),
      evidence: new Evidence(),
    };
    try {
      const ends = await this.#run(first, steps, results, context);
      context.evidence.require(first.work.verb);
      return ends;
    } catch (error) {
      if (isPeerwayError(error, 'Canceled')) throw error;
      return steps.map(() => ({ ok: false, error: eventError(error) }));
    }
  }

  async #run(
    first: PlanStep,
    steps: readonly PlanStep[],
    results: Readonly<Record<string, StepResult>>,
    context: StepContext,
  ): Promise<readonly StepEnd[]> {
    const { work } = first;
    if (work.verb === 'route.create') {
      const works = steps.map((step) => step.work).filter((one) => one.verb === 'route.create');
      return createRoutes(works, results, context);
    }
    if (work.verb === 'route.delete') {
      return deleteRoutes(
        steps.map((step) => step.work).filter((one) => one.verb === 'route.delete'),
        context,
      );
    }
    if (steps.length > 1) throw new PeerwayError('Internal', `${work.verb} came in a batch`);
    return [{ ok: true, result: await single(work, results, context) }];
  }
}

function single(
  work: Single,
  results: Readonly<Record<string, StepResult>>,
  context: StepContext,
): Promise<StepResult> {
  switch (work.verb) {
    case 'peering.create':
      return createPeering(work, context);
    case 'peering.settle':
      return settlePeering(work, context);
    case 'peering.update':
      return updatePeering(work, results, context);
    case 'peering.delete':
      return deletePeering(work, context);
    case 'route.describe':
      return describeRoute(work, context);
    case 'link.create':
      return createLink(work, context);
    case 'link.settle':
      return settleLink(work, context);
    case 'link.resume':
      return resumeLink(work, context);
    case 'link.update':
      return updateLink(work, context);
    case 'link.delete':
      return deleteLink(work, context);
  }
}
