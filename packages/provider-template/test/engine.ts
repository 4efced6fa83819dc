/** The engine as the kit wants it: plan a stack, and carry the plan out. The kit imports core alone, so it is handed in. */
import type { EnginePlanner } from '@peerway/conformance';
import { Engine } from '@peerway/engine';

export const engine: EnginePlanner = async (stack, mode, { clock }) => {
  const one = new Engine({ stack, clock });
  const plan = await one.plan({ mode });
  return {
    steps: plan.steps,
    errors: plan.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    apply: async () => {
      const { outcome, steps } = await one.apply(plan, { force: true });
      const failed = steps.find((step) => step.outcome === 'failed');
      if (outcome !== 'done') throw new Error(`${outcome}: ${failed?.step ?? ''} ${failed?.error?.message ?? ''}`);
    },
  };
};
