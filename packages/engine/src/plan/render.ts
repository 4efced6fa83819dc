/** A plan as text for a terminal, as JSON for programs, as Markdown for a review. */
import type { Plan, PlanStep, PlanSummary, Problem } from './plan.js';

export type PlanFormat = 'text' | 'json' | 'markdown';

const SIGNS: Record<PlanStep['action'], string> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  adopt: '>',
  accept: '✓',
};

const WORDS: readonly (keyof PlanSummary)[] = ['create', 'accept', 'adopt', 'update', 'replace', 'delete'];

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

function summaryLine(summary: PlanSummary): string {
  const parts = WORDS.filter((word) => summary[word] > 0).map((word) => `${summary[word]} to ${word}`);
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}

/** The removing half of a replacement is not shown twice. */
const shown = (steps: readonly PlanStep[]): PlanStep[] =>
  steps.filter((step) => !(step.action === 'replace' && step.work.verb.endsWith('.delete')));

function byConnection(steps: readonly PlanStep[]): Map<string, PlanStep[]> {
  const groups = new Map<string, PlanStep[]>();
  for (const step of shown(steps)) {
    const list = groups.get(step.connection);
    if (list === undefined) groups.set(step.connection, [step]);
    else list.push(step);
  }
  return groups;
}

function renderText(plan: Plan): string {
  const lines: string[] = [];
  const title = plan.mode === 'destroy' ? 'destroy' : 'plan';
  lines.push(`${title} of stack ${plan.stack}: ${summaryLine(plan.summary)}`);
  for (const [connection, steps] of byConnection(plan.steps)) {
    lines.push('', connection === '' ? '(no connection)' : connection);
    for (const step of steps) lines.push(`  ${SIGNS[step.action]} ${step.object}: ${step.reason}`);
  }
  for (const [word, problems] of bySeverity(plan.problems)) {
    lines.push('', `${problems.length} ${word}${problems.length === 1 ? '' : 's'}`);
    for (const problem of problems) {
      lines.push(`  ${word} ${problem.object}: ${problem.message}`);
      lines.push(`    ${problem.remedy}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function renderMarkdown(plan: Plan): string {
  const title = plan.mode === 'destroy' ? 'Destroy' : 'Plan';
  const lines = [`## ${title} of stack \`${plan.stack}\``, '', summaryLine(plan.summary), ''];
  const groups = byConnection(plan.steps);
  if (groups.size > 0) {
    lines.push('| connection | action | object | why |', '|---|---|---|---|');
    for (const [connection, steps] of groups)
      for (const step of steps)
        lines.push(`| ${cell(connection)} | ${step.action} | ${cell(step.object)} | ${cell(step.reason)} |`);
    lines.push('');
  }
  for (const [word, problems] of bySeverity(plan.problems)) {
    lines.push(`### ${word === 'error' ? 'Errors' : 'Warnings'}`, '');
    for (const problem of problems)
      lines.push(`- **${cell(problem.object)}**: ${cell(problem.message)}. ${cell(problem.remedy)}`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function bySeverity(problems: readonly Problem[]): [Problem['severity'], Problem[]][] {
  return (['error', 'warning'] as const).flatMap((severity): [Problem['severity'], Problem[]][] => {
    const list = problems.filter((problem) => problem.severity === severity);
    return list.length === 0 ? [] : [[severity, list]];
  });
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
