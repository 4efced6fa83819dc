/** All stacks with their health; those in trouble can be picked out. */
import { call } from './api.js';
import { h, redraw } from './dom.js';
import { live } from './live.js';
import { ago, badge, count, runState } from './words.js';

/** All stacks at once: not so often. */
const EVERY_MS = 15_000;

export async function stacksView({ main, signal }) {
  const asked = { text: '', troubled: false };
  const list = h('ul', { class: 'stacks' });
  const sum = h('p', { class: 'quiet' });
  const leftOut = h('section', { 'aria-label': 'Files that are left out' });
  let stacks = [];
  const drawList = () => {
    const shown = stacks.filter(
      (each) => each.name.includes(asked.text.toLowerCase()) && (!asked.troubled || isTroubled(each)),
    );
    const troubled = stacks.filter(isTroubled).length;
    sum.replaceChildren(
      `${count(stacks.length, 'stack')}, ${troubled === 0 ? 'none in trouble' : `${troubled} in trouble`}${shown.length === stacks.length ? '' : `; ${shown.length} shown`}.`,
    );
    redraw(list, shown.map(row));
  };
  await live({
    signal,
    everyMs: EVERY_MS,
    read: () => call('/v1/stacks', { signal }),
    draw: (found) => {
      const first = !list.isConnected;
      stacks = found.stacks;
      if (first) main.replaceChildren(h('h1', {}, 'Stacks'), leftOut, filters(asked, drawList), sum, list);
      drawList();
      drawLeftOut(leftOut, found.problems);
      if (stacks.length === 0)
        list.replaceChildren(h('li', { class: 'quiet' }, 'There are none, or this token does not show them.'));
    },
  });
}

/** A file that cannot be used is a stack that nobody looks after. */
function drawLeftOut(place, problems) {
  place.hidden = problems.length === 0;
  redraw(
    place,
    h('h2', {}, `${count(problems.length, 'file')} left out`),
    h(
      'ul',
      { class: 'attention' },
      problems.map(({ file, stack, message, remedy }) =>
        h(
          'li',
          {},
          badge('broken', '✗ left out'),
          ' ',
          h('b', {}, stack ?? file),
          h('p', { class: 'reason' }, `${file} ${message}`),
          h('p', {}, h('b', {}, 'What to do: '), remedy),
        ),
      ),
    ),
  );
}

const filters = (asked, drawList) =>
  h(
    'div',
    { class: 'filters' },
    h('input', {
      type: 'search',
      'aria-label': 'Part of the name',
      placeholder: 'Part of the name',
      oninput: (event) => {
        asked.text = event.currentTarget.value.trim();
        drawList();
      },
    }),
    h(
      'label',
      {},
      h('input', {
        type: 'checkbox',
        onchange: (event) => {
          asked.troubled = event.currentTarget.checked;
          drawList();
        },
      }),
      ' only those in trouble',
    ),
  );

const hasFailed = ({ lastRun }) => lastRun?.outcome === 'failed' || lastRun?.outcome === 'refused';

const isTroubled = (stack) =>
  stack.lastLook?.error !== undefined || (stack.lastLook?.connections?.broken ?? 0) > 0 || hasFailed(stack);

function row(stack) {
  const { name, lastLook, lastRun } = stack;
  return h(
    'li',
    {},
    h(
      'a',
      { href: `#/stacks/${encodeURIComponent(name)}`, 'data-key': `stack ${name}` },
      h('span', { class: 'name' }, name),
      h('span', { class: 'badges' }, standing(stack)),
      h('span', { class: 'quiet' }, lastLook === undefined ? 'never looked at' : ['looked at ', ago(lastLook.at)]),
      lastRun === undefined
        ? undefined
        : h('span', { class: 'quiet' }, `${lastRun.mode} by ${lastRun.by} `, runState(lastRun)),
    ),
  );
}

function standing({ lastLook }) {
  if (lastLook === undefined) return badge('absent', 'not known');
  if (lastLook.error !== undefined) return badge('broken', '✗ the last look failed');
  const { connections = {}, drift = 0 } = lastLook;
  return [
    connections.broken > 0 ? badge('broken', `✗ ${connections.broken} broken`) : undefined,
    connections.pending > 0 ? badge('pending', `… ${connections.pending} on their way`) : undefined,
    connections.absent > 0 ? badge('absent', `○ ${connections.absent} not there`) : undefined,
    connections.connected > 0 ? badge('connected', `✓ ${connections.connected} connected`) : undefined,
    drift === 0 ? undefined : badge('pending', count(drift, 'difference')),
  ];
}
