/** The kit over the mirrored cloud: green in `full`, with what that family has not skipped by capability. */
import * as runner from '@jest/globals';
import { runConformance, type CaseReport } from '../src/index.js';
import { mirrored } from './mirroredHarness.js';

const reports: CaseReport[] = [];
runConformance(runner, mirrored, { onCase: (report) => reports.push(report), print: () => undefined });

runner.describe('what the mirrored family leaves to try', () => {
  runner.it('most shared cases are tried, and every skip has its reason', () => {
    const skipped = reports.filter(({ outcome }) => outcome === 'skipped');
    runner.expect(skipped.every(({ reason }) => (reason ?? '').length > 10)).toBe(true);
    runner.expect(reports.length - skipped.length).toBeGreaterThan(150);
  });
});
