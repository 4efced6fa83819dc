/** How things are said: times, counts, states. */
import { h } from './dom.js';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const spoken = (ms) => {
  const [word, unit] = UNITS.find(([, each]) => ms >= each) ?? UNITS.at(-1);
  return count(Math.max(0, Math.floor(ms / unit)), word);
};

export const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

export const duration = (ms) => (ms < 1_000 ? `${ms} ms` : spoken(ms));

const agoText = (at) => {
  const ms = Date.now() - at;
  return ms < 5_000 ? 'just now' : `${spoken(ms)} ago`;
};

/** An instant as its distance from now; the exact one under the pointer. `tick` keeps it true. */
export function ago(at) {
  const time = new Date(at).toISOString();
  return h('time', { datetime: time, title: time, 'data-at': at }, agoText(at));
}

export function tick() {
  for (const each of document.querySelectorAll('time[data-at]')) each.replaceChildren(agoText(Number(each.dataset.at)));
}

export const badge = (kind, text) => h('span', { class: `badge ${kind}` }, text);

/** Each state has a sign of its own, for those who do not see colours. */
const SIGNS = { connected: '✓', pending: '…', broken: '✗', absent: '○' };

export const health = (word) => badge(word, `${SIGNS[word] ?? '?'} ${word}`);

const RUN_KINDS = { done: 'connected', failed: 'broken', refused: 'broken', canceled: 'absent' };

export const runState = ({ state, outcome }) =>
  state === 'ended' ? badge(RUN_KINDS[outcome] ?? 'absent', outcome) : badge('pending', state.replace('-', ' '));

const STEP_KINDS = {
  queued: ['absent', '○ queued'],
  running: ['pending', '… running'],
  done: ['connected', '✓ done'],
  failed: ['broken', '✗ failed'],
  skipped: ['absent', '– skipped'],
  left: ['absent', '– left'],
};

export const stepState = (state) => badge(...(STEP_KINDS[state] ?? ['absent', state]));

/** What went wrong, its place said once, with what to do and the ids that a cloud's support asks for. */
export function errorText({ code, message, detail, remedy, operation, nativeCode, requestId, resource }) {
  const ids = [
    code,
    nativeCode,
    operation,
    resource === undefined ? undefined : String(resource),
    requestId === undefined ? undefined : `request ${requestId}`,
  ].filter((each) => each !== undefined && each !== '');
  return h(
    'div',
    { class: 'error' },
    h('p', { class: 'reason' }, message ?? detail ?? 'Something went wrong'),
    remedy === undefined ? undefined : h('p', {}, h('b', {}, 'What to do: '), remedy),
    h('p', { class: 'ids' }, ids.join(' · ')),
  );
}
