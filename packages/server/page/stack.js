/** One stack: what is wrong and why, the live topology, every connection, the differences, the schedule, the runs. */
import { call } from './api.js';
import { h, notice, redraw } from './dom.js';
import { live, pressed } from './live.js';
import { Topology } from './topology.js';
import { ago, badge, count, duration, errorText, health, runState } from './words.js';

const RANK = { broken: 0, pending: 1, absent: 2, connected: 3 };

export async function stackView({ main, name, signal }) {
  const path = `/v1/stacks/${encodeURIComponent(name)}`;
  const parts = {
    head: h('div', { class: 'head' }),
    attention: h('section', { 'aria-label': 'What needs attention' }),
    topology: h('section', { 'aria-label': 'Topology' }),
    connections: h('section', { 'aria-label': 'Connections' }),
    differences: h('section', { 'aria-label': 'Differences' }),
    schedule: h('section', { 'aria-label': 'Schedule' }),
    runs: h('section', { 'aria-label': 'Runs' }),
  };
  const topology = new Topology({
    path: `${path}/graph.svg`,
    signal,
    onChoose: (edge) => choose(parts.connections, edge),
  });
  // what the last look saw is large, and comes again only when there is another
  let seen;
  const look = await live({
    signal,
    read: async () => {
      const [stack, { runs }] = await Promise.all([
        call(seen === undefined ? path : `${path}?seen=${seen.at}`, { signal }),
        call(`/v1/runs?limit=10&stack=${encodeURIComponent(name)}`, { signal }),
      ]);
      seen = stack.look ?? seen;
      return { stack: seen === undefined ? stack : { ...stack, look: seen }, runs };
    },
    draw: async ({ stack, runs }) => {
      if (!parts.head.isConnected) main.replaceChildren(...Object.values(parts));
      const failed = runs[0]?.outcome === 'failed' || runs[0]?.outcome === 'refused' ? runs[0] : undefined;
      const reason =
        failed === undefined ? undefined : await call(`/v1/runs/${encodeURIComponent(failed.id)}`, { signal });
      drawHead(parts.head, stack, { path, look: () => look() });
      drawAttention(parts.attention, stack, reason);
      drawConnections(parts.connections, stack);
      drawDifferences(parts.differences, stack);
      drawSchedule(parts.schedule, stack);
      redraw(
        parts.runs,
        h('h2', {}, 'Runs'),
        runs.length === 0 ? h('p', { class: 'quiet' }, 'None yet.') : runTable(runs),
      );
      await topology.show(parts.topology, stack);
    },
  });
}

function drawHead(place, { name, file, run, look, may }, { path, look: again }) {
  redraw(
    place,
    h('h1', {}, name),
    h('p', { class: 'quiet' }, file, ' · ', look === undefined ? 'never looked at' : ['looked at ', ago(look.at)]),
    h(
      'p',
      { class: 'actions' },
      run === undefined
        ? undefined
        : h(
            'a',
            { class: 'button', href: `#/runs/${encodeURIComponent(run)}`, 'data-key': 'run' },
            'Watch the run under way',
          ),
      may.includes('plan')
        ? [
            h(
              'button',
              {
                type: 'button',
                'data-key': 'look',
                onclick: pressed(async () => {
                  await call(`${path}/look`, { method: 'POST' });
                  await again();
                  notice('Looked at it.');
                }),
              },
              'Look now',
            ),
            h(
              'button',
              {
                type: 'button',
                'data-key': 'plan',
                disabled: run !== undefined,
                onclick: pressed(async () => {
                  const { id } = await call('/v1/runs', { method: 'POST', body: { stack: name, askFirst: true } });
                  location.hash = `#/runs/${encodeURIComponent(id)}`;
                }),
              },
              'Plan a run …',
            ),
          ]
        : undefined,
    ),
  );
}

/** Why something is broken, without another click. */
function drawAttention(place, { look }, failed) {
  const broken = (look?.graph?.edges ?? []).filter((edge) => edge.health === 'broken');
  const found = [
    look?.error === undefined ? undefined : h('li', {}, h('b', {}, 'The last look failed'), errorText(look.error)),
    broken.map((edge) =>
      h('li', {}, h('b', {}, edge.name), ' ', health(edge.health), h('ul', { class: 'faults' }, faultsOf(edge))),
    ),
    failed === undefined
      ? undefined
      : h(
          'li',
          {},
          h('b', {}, failed.outcome === 'refused' ? 'The last run was refused' : 'The last run failed'),
          ' ',
          h('a', { href: `#/runs/${encodeURIComponent(failed.id)}`, 'data-key': 'failed run' }, 'its steps'),
          reasonsOf(failed),
        ),
  ].flat();
  const is = found.some((each) => each !== undefined);
  place.hidden = !is;
  if (is) redraw(place, h('h2', {}, 'What needs attention'), h('ul', { class: 'attention' }, found));
}

const MOST_REASONS = 5;

function reasonsOf({ error, steps }) {
  const failed = steps.filter((step) => step.state === 'failed');
  const more = failed.length - MOST_REASONS;
  return [
    error === undefined ? undefined : errorText(error),
    failed
      .slice(0, MOST_REASONS)
      .map((step) => [
        h('p', { class: 'object' }, step.object),
        step.error === undefined ? undefined : errorText(step.error),
      ]),
    more > 0 ? h('p', { class: 'quiet' }, `and ${count(more, 'more step')}`) : undefined,
  ];
}

const faultsOf = ({ faults }) =>
  faults.length === 0 ? h('li', {}, 'The cloud says no reason.') : faults.map((fault) => h('li', {}, fault));

/** So many connections are shown at first. */
const MOST_CONNECTIONS = 300;

function drawConnections(place, { look }, most = MOST_CONNECTIONS) {
  const edges = [...(look?.graph?.edges ?? [])].sort(
    (a, b) => RANK[a.health] - RANK[b.health] || (a.name < b.name ? -1 : 1),
  );
  place.hidden = edges.length === 0;
  redraw(
    place,
    h('h2', {}, 'Connections'),
    h('div', { class: 'connections' }, edges.slice(0, most).map(connection)),
    edges.length <= most
      ? undefined
      : h(
          'button',
          { type: 'button', 'data-key': 'more', onclick: () => drawConnections(place, { look }, edges.length) },
          `Show ${count(edges.length - most, 'more connection')}`,
        ),
  );
}

function connection(edge) {
  const { name, kind, networks, state, nativeState, id, mechanism, bandwidthMbps, routes } = edge;
  const facts = [
    ['Networks', networks.join(' — ')],
    ['Kind', kind],
    ['State', state === undefined ? 'there is none' : nativeState === undefined ? state : `${state} (${nativeState})`],
    ['Id', id],
    ['Mechanism', mechanism],
    ['Bandwidth', bandwidthMbps === undefined ? undefined : `${bandwidthMbps} Mbit/s`],
    ['Routes', `${routes.active} of ${routes.total} active`],
  ];
  return h(
    'details',
    { 'data-key': `edge ${name}`, 'data-edge': name },
    h(
      'summary',
      {},
      h('span', { class: 'name' }, name),
      health(edge.health),
      h('span', { class: 'quiet' }, networks.join(' — ')),
    ),
    h(
      'dl',
      {},
      facts.filter(([, value]) => value !== undefined).map(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
    ),
    edge.health === 'connected' && edge.faults.length === 0 ? undefined : h('ul', { class: 'faults' }, faultsOf(edge)),
  );
}

function choose(place, edge) {
  const details = [...place.querySelectorAll('details')].find((each) => each.dataset.edge === edge);
  if (details === undefined) return;
  details.open = true;
  details.querySelector('summary').focus();
  details.scrollIntoView({ block: 'nearest' });
}

function drawDifferences(place, { look, lastRun }) {
  place.hidden = look === undefined || look.error !== undefined;
  if (place.hidden) return;
  const late = lastRun?.endedAt !== undefined && lastRun.endedAt > look.at;
  redraw(
    place,
    h('h2', {}, 'Differences at the last look'),
    late ? h('p', { class: 'quiet' }, 'A run has ended since; look again to see what it changed.') : undefined,
    look.drift.length === 0
      ? h('p', {}, 'The clouds were as declared, ', ago(look.at), '.')
      : h(
          'ul',
          { class: 'drift' },
          look.drift.map((item) =>
            h(
              'li',
              {},
              badge('pending', item.kind),
              ' ',
              h('b', {}, item.connection),
              ' ',
              item.detail.startsWith(item.object) ? item.detail : `${item.object}: ${item.detail}`,
            ),
          ),
        ),
  );
}

function drawSchedule(place, { schedule }) {
  redraw(
    place,
    h('h2', {}, 'Schedule'),
    schedule === undefined
      ? h('p', { class: 'quiet' }, 'None: nobody looks by itself.')
      : h(
          'p',
          {},
          `${schedule.action === 'apply' ? 'Applies' : 'Looks'} every ${duration(schedule.everySeconds * 1_000)}`,
          schedule.paused
            ? ', paused'
            : schedule.nextAt === undefined
              ? ''
              : `, next at ${new Date(schedule.nextAt).toLocaleTimeString()}`,
          '.',
        ),
  );
}

const runTable = (runs) =>
  h(
    'ul',
    { class: 'runs' },
    runs.map((run) =>
      h(
        'li',
        {},
        h(
          'a',
          { href: `#/runs/${encodeURIComponent(run.id)}`, 'data-key': `run ${run.id}` },
          h('span', {}, run.mode),
          runState(run),
          h('span', { class: 'quiet' }, `by ${run.by}, `, ago(run.submittedAt)),
          h(
            'span',
            { class: 'quiet' },
            `${run.counts.done} done${run.counts.failed > 0 ? `, ${run.counts.failed} failed` : ''}`,
          ),
        ),
      ),
    ),
  );
