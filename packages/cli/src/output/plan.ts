/** The engine's text of a plan, with colours by what a line does. */
import { printableData, renderPlan, type Plan, type ProblemKind } from '@peerway/runtime';
import type { Paint } from '../terminal/paint.js';

const isForeign = (kind: ProblemKind): boolean => kind === 'foreign-peering' || kind === 'foreign-link';

export function planText(made: Plan, paint: Paint): string {
  const plan = printableData(made);
  const colours: readonly (readonly [RegExp, (text: string) => string])[] = [
    [/^\s*\+ /, paint.green],
    [/^\s*- /, paint.red],
    [/^\s*[~±>✓] /, paint.yellow],
    [/^\s*(error|warning)\b/i, paint.magenta],
  ];
  const lines = renderPlan(plan, 'text')
    .trimEnd()
    .split('\n')
    .map((line) => colours.find(([pattern]) => pattern.test(line))?.[1](line) ?? line);
  const forceable = plan.problems.filter((problem) => problem.severity === 'error' && problem.forceable === true);
  if (forceable.length > 0) {
    const allowed = new Set(forceable.map(({ object, kind }) => `${object} (${kind})`));
    lines.push('', `--force would allow: ${[...allowed].join(', ')}`);
  }
  const adoptable = plan.problems.filter(({ kind, remedy }) => isForeign(kind) && remedy.includes('peerway adopt'));
  if (adoptable.length > 1)
    lines.push('', `\`peerway adopt --all\` would take over: ${adoptable.map(({ object }) => object).join(', ')}`);
  return lines.join('\n');
}
