/** Stacks, runs and schedules of a server, for people. */
import { printableData, type Health } from '@peerway/runtime';
import type {
  RemoteRun,
  RemoteRunDetail,
  RemoteSchedule,
  RemoteStack,
  RemoteStackDetail,
  RemoteStackList,
  RemoteStep,
} from '../remote/answers.js';
import { findingLines, findingOf } from '../terminal/errorText.js';
import type { Paint } from '../terminal/paint.js';
import { count, seconds } from './quantity.js';
import { ageOf, differenceText } from './status.js';
import { columns } from './table.js';

const HEALTHS: readonly Health[] = ['broken', 'pending', 'absent', 'connected'];

const colourOf = (paint: Paint): Record<Health, (text: string) => string> => ({
  connected: paint.green,
  pending: paint.yellow,
  broken: paint.red,
  absent: paint.dim,
});

export function stacksText(read: RemoteStackList, paint: Paint, now: number): string {
  const { stacks, problems } = printableData(read);
  const left = problems.flatMap(({ file, message, remedy }) =>
    findingLines(
      { severity: 'error', message: `A file of stacks is left out: it ${message}`, at: file, remedy },
      paint,
    ),
  );
  return [stackTable(stacks, paint, now), ...left].join('\n');
}

function stackTable(stacks: readonly RemoteStack[], paint: Paint, now: number): string {
  if (stacks.length === 0) return 'There are no stacks, or the token does not show them.';
  const head = ['STACK', 'HEALTH', 'DIFFERENCES', 'LOOKED AT', 'RUN'].map((each) => paint.bold(each));
  const rows = stacks.map(({ name, lastLook, run, lastRun }) => [
    name,
    healthOf(lastLook, paint),
    lastLook?.drift === undefined ? '' : String(lastLook.drift),
    lastLook === undefined ? 'never' : `${ageOf(lastLook.at, now)} ago`,
    run !== undefined ? paint.yellow(`under way: ${run}`) : lastRun === undefined ? '' : stateOf(lastRun, paint),
  ]);
  return columns([head, ...rows]);
}

function healthOf(look: RemoteStack['lastLook'], paint: Paint): string {
  if (look === undefined) return paint.dim('not known');
  if (look.error !== undefined) return paint.red('the last look failed');
  const { connections } = look;
  if (connections === undefined) return '';
  return HEALTHS.filter((each) => connections[each] > 0)
    .map((each) => colourOf(paint)[each](`${connections[each]} ${each}`))
    .join(', ');
}

export function stackText(read: RemoteStackDetail, paint: Paint, now: number): string {
  const { name, look } = printableData(read);
  const lines = [`Stack ${paint.bold(name)}`];
  if (look === undefined) return [...lines, 'Nothing has looked at it yet.'].join('\n');
  lines.push(paint.dim(`looked at ${ageOf(look.at, now)} ago`));
  if (look.error !== undefined) lines.push(...findingLines(findingOf(look.error), paint));
  const edges = look.graph?.edges ?? [];
  if (edges.length > 0) {
    const head = ['CONNECTION', 'NETWORKS', 'HEALTH', 'ROUTES'].map((each) => paint.bold(each));
    const rows = edges.map((edge) => [
      edge.name,
      edge.networks.join(' — '),
      colourOf(paint)[edge.health](edge.health),
      `${edge.routes.active}/${edge.routes.total}`,
    ]);
    lines.push(columns([head, ...rows]));
  }
  if (look.drift.length > 0) lines.push('Missing or different:');
  for (const item of look.drift) lines.push(`  ${paint.bold(item.connection)}: ${differenceText(item)}`);
  return lines.join('\n');
}

export function runsText(read: readonly RemoteRun[], paint: Paint, now: number): string {
  if (read.length === 0) return 'There are no runs, or the token does not show them.';
  const head = ['RUN', 'MODE', 'STATE', 'STEPS', 'BY', 'AGE'].map((each) => paint.bold(each));
  const rows = printableData(read).map((run) => [
    run.id,
    run.mode,
    stateOf(run, paint),
    stepsOf(run),
    run.by,
    ageOf(run.submittedAt, now),
  ]);
  return columns([head, ...rows]);
}

function stateOf({ state, outcome }: RemoteRun, paint: Paint): string {
  if (state !== 'ended' || outcome === undefined) return paint.yellow(state);
  return outcome === 'done' ? paint.green(outcome) : outcome === 'canceled' ? outcome : paint.red(outcome);
}

/** What was done, of everything; what was left out or left off is not done. */
const stepsOf = ({ counts }: RemoteRun): string => {
  const { done, failed, skipped, left } = counts;
  const all = done + failed + skipped + left + counts.queued + counts.running;
  const notDone = skipped + left;
  return all === 0
    ? ''
    : `${done}/${all}${failed > 0 ? `, ${failed} failed` : ''}${notDone > 0 ? `, ${notDone} not done` : ''}`;
};

/** A step in so many words is enough where it is only waiting its turn. */
const SILENT = new Set<RemoteStep['state']>(['queued', 'done']);

export function runText(read: RemoteRunDetail, paint: Paint, now: number): string {
  const run = printableData(read);
  const steps = stepsOf(run);
  const lines = [
    `${run.mode} ${paint.bold(run.id)}: ${stateOf(run, paint)}${steps === '' ? '' : `, ${steps} steps`}`,
    paint.dim(`by ${run.by}, ${ageOf(run.submittedAt, now)} ago`),
  ];
  if (run.error !== undefined) lines.push(...findingLines(findingOf(run.error), paint));
  for (const { severity, message, object, remedy } of run.plan?.problems ?? [])
    lines.push(...findingLines({ severity, message, at: object, remedy }, paint));
  for (const step of run.steps) if (!SILENT.has(step.state)) lines.push(...stepLines(step, paint));
  if (run.state === 'awaiting-approval' && run.plan !== undefined)
    lines.push(`It waits for approval of ${count(run.plan.steps, 'step')}: peerway runs ${run.id} --approve`);
  return lines.join('\n');
}

function stepLines(
  { state, action, object, waitingFor, because, error, durationMs }: RemoteStep,
  paint: Paint,
): string[] {
  if (state === 'failed' && error !== undefined) return ['', ...findingLines(findingOf(error, object), paint)];
  const why = waitingFor === undefined ? because : `waiting for ${waitingFor}`;
  const took = durationMs === undefined ? '' : ` (${seconds(durationMs)})`;
  return [
    `  ${state === 'running' ? paint.yellow(state) : paint.dim(state)} ${action} ${object}${took}${why === undefined ? '' : `: ${why}`}`,
  ];
}

export function schedulesText(read: readonly RemoteSchedule[], paint: Paint): string {
  if (read.length === 0) return 'There are no schedules, or the token does not show them.';
  const head = ['STACK', 'DOES', 'EVERY', 'NEXT'].map((each) => paint.bold(each));
  const rows = printableData(read).map(({ stack, action, everySeconds, paused, nextAt }) => [
    stack,
    action,
    everyText(everySeconds),
    paused ? paint.yellow('paused') : nextAt === undefined ? '' : new Date(nextAt).toISOString(),
  ]);
  return columns([head, ...rows]);
}

/** As `--every` takes it. */
function everyText(everySeconds: number): string {
  const [word, unit] = (
    [
      ['d', 86_400],
      ['h', 3_600],
      ['m', 60],
    ] as const
  ).find(([, each]) => everySeconds % each === 0) ?? ['s', 1];
  return `${everySeconds / unit}${word}`;
}
