/** Every catalogued kind of drift: planted, named by the plan, and gone after one apply where Peerway may repair it. */
import { describe, expect, it } from '@jest/globals';
import { parseCidr } from '@peerway/core';
import { DRIFT_KINDS, type DriftKind } from '@peerway/engine';
import { DRIFT_CASES, worldOf } from './driftCases.js';
import { FakeCloud } from './fakeCloud.js';
import { pair, Scene } from './scene.js';

/** Shown by readings that the fake cannot give; see the plain test below. */
/** The last four: attributes.test.ts. */
const ELSEWHERE = new Set<DriftKind>([
  'next-hop-missing',
  'table-missing',
  'description-changed',
  'deletion-protection-changed',
  'dns-changed',
  'health-check-changed',
]);

describe('drift', () => {
  it('has a case for every catalogued kind, and at least thirty', () => {
    const tested = new Set(DRIFT_CASES.map(({ kind }) => kind));
    expect([...new Set([...tested, ...ELSEWHERE])].sort()).toEqual(Object.keys(DRIFT_KINDS).sort());
    expect(Object.values(DRIFT_KINDS).filter((meaning) => meaning.length < 10)).toEqual([]);
    expect(tested.size).toBeGreaterThanOrEqual(30);
  });

  it.each(DRIFT_CASES)('$kind is named and $then', async ({ kind, then, plant, ...of }) => {
    const scene = await worldOf(of);
    const { cloud } = scene;
    plant(cloud, scene);
    const plan = await scene.plan();
    expect(plan.drift.map((item) => item.kind)).toContain(kind);
    const item = plan.drift.find((one) => one.kind === kind)!;
    expect(item.detail.length).toBeGreaterThan(10);
    if (then === 'reported') {
      expect(plan.problems.filter((problem) => problem.severity === 'error')).not.toEqual([]);
      for (const problem of plan.problems) expect(problem.remedy.length).toBeGreaterThan(10);
      return;
    }
    expect(plan.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    if (then === 'none') {
      expect(plan.steps).toEqual([]);
      return;
    }
    const report = await scene.apply();
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    cloud.onRequest = undefined;
    const after = await scene.plan();
    expect(after.steps).toEqual([]);
    expect(after.drift).toEqual([]);
  });

  it('names a declared route table that is not there', async () => {
    const cloud = new FakeCloud();
    cloud.network('web', ['10.0.0.0/16']);
    cloud.network('data', ['10.1.0.0/16']);
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')] });
    const engine = scene.engineWith({ web: ['vtb-none'] });
    expect((await engine.plan()).drift.map((item) => item.kind)).toContain('table-missing');
  });

  it('follows a prefix list and IPv6', async () => {
    const cloud = new FakeCloud();
    cloud.network('web', ['10.0.0.0/16', '2001:db8::/56']);
    cloud.network('data', ['10.1.0.0/16', '2001:db8:1::/56']);
    const scene = new Scene(cloud, { connections: [pair('c', 'web', 'data')] });
    await scene.apply();
    expect(
      cloud
        .routesOf('web')
        .map((route) => String(route.destination))
        .sort(),
    ).toEqual(['10.1.0.0/16', '2001:db8:1::/56']);
    scene.declaration = {
      connections: [pair('c', 'web', 'data', { routes: [parseCidr('10.1.4.0/22'), parseCidr('10.0.0.0/16')] })],
    };
    expect((await scene.apply({ force: true })).outcome).toBe('done');
    expect(cloud.routesOf('web').map((route) => String(route.destination))).toEqual(['10.1.4.0/22']);
    expect(cloud.routesOf('data').map((route) => String(route.destination))).toEqual(['10.0.0.0/16']);
  });
});
