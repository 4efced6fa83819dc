/** A plan as text for a terminal, as JSON for programs, as Markdown for a review. */
import { renderMarkdown } from './markdown.js';
import { bySeverity, byConnection, selectionLines, summaryLine } from './planLines.js';
import type { Plan, PlanStep } from './plan.js';
import { count } from './quantity.js';

export type PlanFormat = 'text' | 'json' | 'markdown';

const SIGNS: Record<PlanStep['action'], string> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  adopt: '>',
  accept: '✓',
};

export function renderPlan(plan: Plan, format: PlanFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(plan, null, 2)}\n`;
    case 'markdown':
      return renderMarkdown(plan);
    case 'text':
      return renderText(plan);
  }
}

function renderText(plan: Plan): string {
  const lines: string[] = [];
  const title = plan.mode === 'destroy' ? 'destroy' : 'plan';
  lines.push(`${title} of stack ${plan.stack}: ${summaryLine(plan)}`);
  lines.push(...selectionLines(plan).map((line) => `  ${line}`));
  for (const [connection, steps] of byConnection(plan.steps)) {
    lines.push('', connection === '' ? '(no connection)' : connection);
    for (const step of steps) lines.push(`  ${SIGNS[step.action]} ${step.object}: ${step.reason}`);
  }
  for (const [word, problems] of bySeverity(plan.problems)) {
    lines.push('', count(problems.length, word));
    for (const problem of problems) {
      lines.push(`  ${word} ${problem.object}: ${problem.message}`);
      lines.push(`    ${problem.remedy}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
