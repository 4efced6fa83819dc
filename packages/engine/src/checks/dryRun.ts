/** Lets the cloud itself check every planned creation, where it can: rights, quotas and account rules that only it knows. */
import { isPeerwayError, type Provider } from '@peerway/core';
import { byText, type Plan, type Problem } from '../plan/plan.js';

export async function dryRunCreations(
  plan: Plan,
  readers: ReadonlyMap<string, Provider>,
  options: { readonly signal?: AbortSignal },
): Promise<Plan> {
  const found: Problem[] = [];
  await Promise.all(
    plan.steps.map(async ({ work, connection, action }) => {
      // what is being replaced still occupies the pair
      if (work.verb !== 'peering.create' || action === 'replace') return;
      const provider = readers.get(work.providers.initiator);
      const mechanism = provider?.capabilities.mechanisms.find(({ name }) => name === work.request.mechanism);
      if (provider === undefined || mechanism?.features.dryRun.status !== 'supported') return;
      try {
        await provider.peerings.dryRun(work.request, options);
      } catch (error) {
        if (!isPeerwayError(error) || error.code === 'Canceled') throw error;
        found.push({
          severity: 'error',
          kind: 'cloud-refuses',
          object: connection,
          message: `${provider.displayName} would refuse: ${error.message}`,
          remedy: error.details.remedy ?? 'Do what the message says, then plan again.',
        });
      }
    }),
  );
  if (found.length === 0) return plan;
  const problems = [...plan.problems, ...found].sort((a, b) => byText(a.object, b.object) || byText(a.kind, b.kind));
  return { ...plan, problems };
}
