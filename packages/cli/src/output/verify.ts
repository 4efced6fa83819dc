/** Reachability for people: the verdict, every table that was read, and each fault with its fix. */
import { printableData, type Reachability } from '@peerway/runtime';
import { findingLines } from '../terminal/errorText.js';
import type { Paint } from '../terminal/paint.js';

const VERDICT: Record<Reachability['verdict'], string> = {
  reachable: 'reaches',
  partial: 'reaches only a part of',
  unreachable: 'does not reach',
};

export function reachabilityText(answer: Reachability, paint: Paint): string {
  const { from, to, verdict, reachable, hops, findings } = printableData(answer);
  const colour = reachable ? paint.green : paint.red;
  const lines = [colour(`${from} ${VERDICT[verdict]} ${to}`), ''];
  for (const hop of hops) {
    const arrow = hop.direction === 'forward' ? '→' : '←';
    const route =
      hop.route === undefined
        ? 'no route'
        : `${hop.route.destination} → ${hop.route.kind} ${hop.route.nextHop} (${hop.route.state})`;
    lines.push(
      `  ${hop.ok ? paint.green('✓') : paint.red('✗')} ${arrow} ${hop.network} ${hop.table}: ${hop.lookedUp} by ${route}`,
    );
  }
  for (const finding of findings) {
    const severity = finding.severity === 'blocks' ? 'error' : 'warning';
    lines.push(
      '',
      ...findingLines({ severity, message: finding.sentence, at: finding.object, remedy: finding.fix }, paint),
    );
  }
  return lines.join('\n');
}
