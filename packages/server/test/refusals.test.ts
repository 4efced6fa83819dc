/** Why a run ends before its first write: asked of a plan alone. */
import { describe, expect, it } from '@jest/globals';
import type { Plan } from '@peerway/engine';
import { refusalOf, tooLarge } from '../src/runs/refusals.js';

const planOf = (more: Partial<Record<keyof Plan, unknown>>): Plan =>
  ({ fingerprint: 'f1', steps: [], problems: [], ...more }) as unknown as Plan;
const problem = (severity: string, forceable?: boolean) => ({
  severity,
  object: 'o',
  message: 'm',
  remedy: 'r',
  forceable,
});

describe('a run', () => {
  it('goes on with the plan that was seen, or when none was', () => {
    expect(refusalOf(planOf({}), { expect: 'f1', force: false })).toBeUndefined();
    expect(refusalOf(planOf({}), { expect: undefined, force: false })).toBeUndefined();
    expect(refusalOf(planOf({}), { expect: 'f2', force: true })?.message).toContain('has changed');
  });

  it('stops for errors, not for warnings, and for those that may be forced unless they are', () => {
    const problems = [problem('warning'), problem('error', true), problem('error', true)];
    expect(refusalOf(planOf({ problems }), { expect: undefined, force: false })?.message).toBe('m (and 1 more)');
    expect(refusalOf(planOf({ problems }), { expect: undefined, force: true })).toBeUndefined();
    const hard = [...problems, problem('error')];
    expect(refusalOf(planOf({ problems: hard }), { expect: undefined, force: true })?.message).toBe('m');
  });

  it('is not begun where its steps would not fit into a history', () => {
    const steps = (count: number): Plan => planOf({ steps: Array.from({ length: count }) });
    expect(tooLarge(steps(3_000))).toBeUndefined();
    expect(tooLarge(steps(3_001))?.message).toContain('3001');
  });
});
