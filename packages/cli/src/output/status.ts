/** Status as a table: one row per connection with both sides' routes counted, and below it what is missing, in words. */
import { printableData, type ConnectionStatus, type Health, type StackStatus } from '@peerway/runtime';
import { findingLines } from '../terminal/errorText.js';
import type { Paint } from '../terminal/paint.js';
import { columns } from './table.js';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

export function statusText(read: StackStatus, paint: Paint, now: number): string {
  const status = printableData(read);
  const colour: Record<Health, (text: string) => string> = {
    connected: paint.green,
    pending: paint.yellow,
    broken: paint.red,
    absent: paint.dim,
  };
  const head = ['CONNECTION', 'NETWORKS', 'HEALTH', 'STATE', 'AGE', 'ROUTES'].map((each) => paint.bold(each));
  const rows = status.connections.map((each) => [
    each.connection,
    each.networks.join(' — '),
    colour[each.health](each.health),
    stateOf(each),
    ageOfObject(each, now),
    routesOf(each),
  ]);
  const lines = [`Stack ${paint.bold(status.stack)}`, columns([head, ...rows])];
  if (status.connections.length === 0) lines[1] = 'No connections are declared.';
  const drift = status.connections.flatMap((each) => each.drift);
  if (drift.length > 0) {
    lines.push('Missing or different:');
    // below the table, where a sentence has the whole width
    for (const item of drift) lines.push(`  ${paint.bold(item.connection)}: ${differenceText(item)}`);
  }
  for (const problem of status.problems) {
    const { severity, message, object, remedy } = problem;
    lines.push(...findingLines({ severity, message, at: object, remedy }, paint));
  }
  if (status.undeclared.length > 0) {
    lines.push('Ours, and no longer declared:', ...status.undeclared.map((item) => `  ${differenceText(item)}`));
  }
  return lines.join('\n');
}

/** What differs, its place said once: many a sentence begins with it. */
export const differenceText = ({ object, detail }: { readonly object: string; readonly detail: string }): string =>
  detail.startsWith(object) ? detail : `${object}: ${detail}`;

function stateOf({ state, nativeState, reason }: ConnectionStatus): string {
  if (state === undefined) return '';
  const native = nativeState === undefined || nativeState.toLowerCase() === state ? '' : ` (${nativeState})`;
  return `${state}${native}${reason === undefined ? '' : `, ${reason}`}`;
}

/** Since the cloud made it; empty where the cloud does not say. */
const ageOfObject = ({ createdAt }: ConnectionStatus, now: number): string =>
  createdAt === undefined ? '' : ageOf(Date.parse(createdAt), now);

/** In its largest whole unit, e.g. `3 min`. @param at milliseconds since the epoch, by a clock that may be ahead of ours */
export function ageOf(at: number, now: number): string {
  const age = Math.max(0, now - at);
  const [word, ms] = UNITS.find(([, unit]) => age >= unit) ?? ['s', 1_000];
  return `${Math.floor(age / ms)} ${word}`;
}

/** e.g. `web 1/1, data 0/1`: active of wanted, per network. */
function routesOf({ routes }: ConnectionStatus): string {
  const byNetwork = new Map<string, { active: number; all: number }>();
  for (const { network, state } of routes) {
    const counts = byNetwork.get(network) ?? { active: 0, all: 0 };
    byNetwork.set(network, { active: counts.active + (state === 'active' ? 1 : 0), all: counts.all + 1 });
  }
  return [...byNetwork].map(([network, { active, all }]) => `${network} ${active}/${all}`).join(', ');
}
