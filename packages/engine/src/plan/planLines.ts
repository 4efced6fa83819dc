/** What the text and the Markdown of a plan share: its summary, its order, its problems. */
import type { Plan, PlanStep, PlanSummary, Problem } from './plan.js';
import { count } from './quantity.js';

const WORDS: readonly (keyof PlanSummary)[] = ['create', 'accept', 'adopt', 'update', 'replace', 'delete'];

/** What is to do, in one line: `2 to create, 1 to delete`; `nothing to do` for an empty plan that no error stops. */
export function summaryLine({ summary, problems }: Plan): string {
  const parts = WORDS.filter((word) => summary[word] > 0).map((word) => `${summary[word]} to ${word}`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) parts.push(`stopped by ${count(errors, 'error')}`);
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}

/** So many networks of a selection are named. */
const MOST_NAMED = 12;

/** What each selection found, a line each: `spokes: 2 networks: vpc-1 (web), vpc-2`. */
export const selectionLines = ({ selections = {} }: Plan): string[] =>
  Object.entries(selections).map(([selection, networks]) => {
    const named = networks.slice(0, MOST_NAMED).map(({ id, name }) => (name === '' ? id : `${id} (${name})`));
    const more = networks.length > MOST_NAMED ? `, and ${networks.length - MOST_NAMED} more` : '';
    const found = networks.length === 0 ? '' : `: ${named.join(', ')}${more}`;
    return `${selection}: ${count(networks.length, 'network')}${found}`;
  });

/** The removing half of a replacement is not shown twice. */
const shown = (steps: readonly PlanStep[]): PlanStep[] =>
  steps.filter((step) => !(step.action === 'replace' && step.work.verb.endsWith('.delete')));

/** The steps that are shown, under their connections, in the plan's order. */
export function byConnection(steps: readonly PlanStep[]): Map<string, PlanStep[]> {
  const groups = new Map<string, PlanStep[]>();
  for (const step of shown(steps)) {
    const list = groups.get(step.connection);
    if (list === undefined) groups.set(step.connection, [step]);
    else list.push(step);
  }
  return groups;
}

/** Errors first, then warnings; a severity without problems is left out. */
export function bySeverity(problems: readonly Problem[]): [Problem['severity'], Problem[]][] {
  return (['error', 'warning'] as const).flatMap((severity): [Problem['severity'], Problem[]][] => {
    const list = problems.filter((problem) => problem.severity === severity);
    return list.length === 0 ? [] : [[severity, list]];
  });
}
