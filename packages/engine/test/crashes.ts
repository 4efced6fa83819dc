/** The crash matrix: a run is killed at one request, in one phase, and a plain re-run must repair everything. */
import type { FakeCloud, Kill } from './fakeCloud.js';
import type { Scene } from './scene.js';

export interface Outcome {
  readonly points: number;
  readonly repaired: number;
  readonly duplicates: number;
  readonly orphans: number;
  readonly broken: readonly string[];
}

export const PHASES: readonly Kill['phase'][] = ['before', 'sent', 'answered'];

/** Tries every `stride`-th request of an apply (or destroy) of the scene. @param phases of each request */
export async function crashMatrix(
  make: () => { readonly cloud: FakeCloud; readonly scene: Scene },
  mode: 'apply' | 'destroy',
  stride = 1,
  phases = PHASES,
): Promise<Outcome> {
  const rehearsal = make();
  if (mode === 'destroy') await rehearsal.scene.apply();
  rehearsal.cloud.revive();
  await rehearsal.scene.apply({ mode });
  const total = rehearsal.cloud.requests.length;
  const broken: string[] = [];
  let points = 0;
  let repaired = 0;
  let duplicates = 0;
  let orphans = 0;
  for (let at = 1; at <= total; at += stride) {
    for (const phase of phases) {
      points++;
      const { cloud, scene } = make();
      if (mode === 'destroy') await scene.apply();
      cloud.revive();
      cloud.kill = { at, phase };
      await scene.apply({ mode }).catch(() => undefined);
      cloud.revive();
      const failure = await repair(cloud, scene, mode);
      const pairs = cloud.peerings.map((peering) => [peering.initiator, peering.acceptor].sort().join());
      const doubled = pairs.length - new Set(pairs).size;
      duplicates += doubled;
      await scene.destroy().catch(() => undefined);
      const left =
        cloud.peerings.length + cloud.links.length + cloud.routes.filter((route) => route.origin === 'custom').length;
      orphans += left;
      if (failure === undefined && doubled === 0 && left === 0) repaired++;
      else
        broken.push(
          `${mode} killed ${phase} request ${at} of ${total}: ${failure ?? `${doubled} doubled, ${left} left`}`,
        );
    }
  }
  return { points, repaired, duplicates, orphans, broken };
}

async function repair(cloud: FakeCloud, scene: Scene, mode: 'apply' | 'destroy'): Promise<string | undefined> {
  try {
    const report = await scene.apply({ mode });
    const failed = report.steps.filter((step) => step.outcome !== 'done');
    if (failed.length > 0)
      return failed.map((step) => `${step.step}: ${step.error?.message ?? step.outcome}`).join('; ');
    const again = await scene.plan({ mode });
    if (again.steps.length > 0) return `a second plan has ${again.steps.length} steps`;
    return mode === 'destroy' && cloud.peerings.length > 0 ? 'peerings are left' : undefined;
  } catch (error) {
    return String(error);
  }
}
