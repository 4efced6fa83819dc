/** How an apply ended, for people: one line when all is well, and every failure with its place and remedy. */
import type { ApplyReport } from '@peerway/runtime';
import type { Paint } from '../terminal/paint.js';

export function reportText(report: ApplyReport, paint: Paint): string {
  const of = (outcome: ApplyReport['steps'][number]['outcome']): ApplyReport['steps'] =>
    report.steps.filter((step) => step.outcome === outcome);
  const [done, failed, skipped, left] = [of('done'), of('failed'), of('skipped'), of('left')];
  const parts = [
    report.outcome === 'done' ? `${done.length} ${done.length === 1 ? 'step' : 'steps'}` : `${done.length} done`,
    ...(failed.length > 0 ? [paint.red(`${failed.length} failed`)] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...(left.length > 0 ? [`${left.length} left`] : []),
  ];
  const head =
    report.outcome === 'done' ? paint.green('Done') : paint.red(report.outcome === 'failed' ? 'Failed' : 'Stopped');
  const lines = [`${head}: ${parts.join(', ')} in ${seconds(report.durationMs)}.`];
  for (const { object, error } of failed) {
    lines.push('', `${paint.red('error:')} ${error?.message ?? 'failed without a reason'}`, `   at: ${object}`);
    if (error?.remedy !== undefined) lines.push(`  fix: ${error.remedy}`);
    if (error?.requestId !== undefined)
      lines.push(`   id: ${error.requestId}${error.nativeCode === undefined ? '' : ` (${error.nativeCode})`}`);
  }
  for (const { object, because } of skipped)
    lines.push(paint.dim(`skipped ${object}${because === undefined ? '' : `: ${because}`}`));
  return lines.join('\n');
}

export const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
