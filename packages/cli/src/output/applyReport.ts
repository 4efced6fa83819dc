/** How an apply ended, for people: one line when all is well, and every failure with its place and remedy. */
import { printableLine, type ApplyReport } from '@peerway/runtime';
import { findingLines, findingOf, type Finding } from '../terminal/errorText.js';
import type { Paint } from '../terminal/paint.js';
import { count, seconds } from './quantity.js';

export function reportText(report: ApplyReport, paint: Paint): string {
  const of = (outcome: ApplyReport['steps'][number]['outcome']): ApplyReport['steps'] =>
    report.steps.filter((step) => step.outcome === outcome);
  const [done, failed, skipped, left] = [of('done'), of('failed'), of('skipped'), of('left')];
  const parts = [
    report.outcome === 'done' ? count(done.length, 'step') : `${done.length} done`,
    ...(failed.length > 0 ? [paint.red(`${failed.length} failed`)] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...(left.length > 0 ? [`${left.length} left`] : []),
  ];
  const head =
    report.outcome === 'done' ? paint.green('Done') : paint.red(report.outcome === 'failed' ? 'Failed' : 'Stopped');
  const lines = [`${head}: ${parts.join(', ')} in ${seconds(report.durationMs)}.`];
  for (const { object, error } of failed) {
    const finding: Finding =
      error === undefined
        ? { severity: 'error', message: 'failed without a reason', at: object }
        : findingOf(error, object);
    lines.push('', ...findingLines(finding, paint));
  }
  for (const { object, because } of skipped)
    lines.push(paint.dim(printableLine(`skipped ${object}${because === undefined ? '' : `: ${because}`}`)));
  return lines.join('\n');
}
