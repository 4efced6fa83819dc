/**
 * A plan for the comment of a pull request. Names, ids and reasons are somebody's texts (a file's, a cloud's): they are shown as
 * they are, and can neither form a table, a link or HTML, nor call a person or another issue.
 */
import type { Plan, PlanStep, Problem } from './plan.js';
import { byConnection, bySeverity, selectionLines, summaryLine } from './planLines.js';

/** GitHub refuses a comment of more than 65,536 characters; the rest is for what a pipeline writes around the plan. */
const MOST_CHARACTERS = 60_000;
/** Of these, what the problems may take: a problem must not go missing behind a thousand steps. */
const PROBLEM_CHARACTERS = 20_000;

export function renderMarkdown(plan: Plan): string {
  const head = [
    `## ${plan.mode === 'destroy' ? 'Destroy' : 'Plan'} of stack ${code(plan.stack)}`,
    '',
    summaryLine(plan),
    '',
    ...selectionLines(plan).map((line) => `- ${prose(line)}`),
  ];
  if (plan.selections !== undefined) head.push('');
  const problems = problemLines(plan.problems);
  const left = MOST_CHARACTERS - lengthOf(head) - lengthOf(problems);
  return `${[...head, ...stepLines(plan.steps, left), ...problems].join('\n').trimEnd()}\n`;
}

function stepLines(steps: readonly PlanStep[], characters: number): string[] {
  const rows = [...byConnection(steps)].flatMap(([connection, those]) =>
    those.map((step) => `| ${[connection, step.action, step.object, step.reason].map(prose).join(' | ')} |`),
  );
  if (rows.length === 0) return [];
  const { taken, left } = fitting(rows, characters);
  const cut = left === 0 ? [] : ['', `${left} more ${left === 1 ? 'step' : 'steps'}; all of them: \`peerway plan\``];
  return ['| connection | action | object | why |', '|---|---|---|---|', ...taken, ...cut, ''];
}

function problemLines(problems: readonly Problem[]): string[] {
  return bySeverity(problems).flatMap(([severity, those]) => {
    const rows = those.map((one) => `- **${prose(one.object)}**: ${prose(one.message)}. ${prose(one.remedy)}`);
    const { taken, left } = fitting(rows, PROBLEM_CHARACTERS / 2);
    const cut = left === 0 ? [] : [`- ${left} more; all of them: \`peerway plan\``];
    return [`### ${severity === 'error' ? 'Errors' : 'Warnings'}`, '', ...taken, ...cut, ''];
  });
}

/** As many rows from the start as the characters allow, and how many are left. */
function fitting(rows: readonly string[], characters: number): { taken: readonly string[]; left: number } {
  let used = 0;
  const end = rows.findIndex((row) => (used += row.length + 1) > characters);
  const taken = end < 0 ? rows : rows.slice(0, end);
  return { taken, left: rows.length - taken.length };
}

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);

/** A name in code letters; a grave accent in it would end them. */
const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``;

/**
 * Text that reads the same when it is shown. Punctuation that means something is escaped (CommonMark 0.31, 2.4). Hosts look for
 * people (`@name`), issues (`#12`) and bare addresses in what is already rendered, so these are parted by an empty comment.
 */
const prose = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replaceAll(/[@#](?=\w)|:(?=\/\/)|\bwww(?=\.)/gi, '$&<!-- -->');
