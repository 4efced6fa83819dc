/** One run: what it is at, what it waits for and why, what failed, and the buttons of whoever may approve or stop it. */
import { call, follow } from './api.js';
import { h, notice, redraw } from './dom.js';
import { folded } from './fold.js';
import { live, pressed } from './live.js';
import { ago, badge, count, duration, errorText, runState, stepState } from './words.js';

const ORDER = { failed: 0, running: 1, queued: 2, skipped: 3, left: 4, done: 5 };
/** So many steps are shown at first. */
const MOST = 200;
/** Events say what is different; this is for what was missed. */
const EVERY_MS = 60_000;
/** At most so often, however many events there are. */
const DRAW_MS = 500;

export async function runView({ main, name, signal }) {
  const path = `/v1/runs/${encodeURIComponent(name)}`;
  const parts = {
    head: h('div', { class: 'head' }),
    plan: h('section', { 'aria-label': 'Plan' }),
    steps: h('section', { 'aria-label': 'Steps' }),
  };
  const asked = { all: false };
  let shown;
  const draw = (run) => {
    if (!parts.head.isConnected) main.replaceChildren(...Object.values(parts));
    shown = run;
    drawHead(parts.head, run, { path, again: () => look() });
    drawPlan(parts.plan, run);
    drawSteps(parts.steps, run, asked, () => draw(shown));
  };
  const look = await live({ signal, everyMs: EVERY_MS, read: () => call(path, { signal }), draw });
  if (shown.state === 'ended') return;
  let waiting = false;
  let isWhole = true;
  const onEvent = (event) => {
    const next = folded(shown, event);
    if (next === undefined) isWhole = false;
    else shown = next;
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (signal.aborted) return;
      if (isWhole) draw(shown);
      else look().catch(() => undefined);
      isWhole = true;
    }, DRAW_MS);
  };
  await follow(name, onEvent, signal, shown.lastEvent);
  if (!signal.aborted) await look();
}

function drawHead(place, run, { path, again }) {
  const { id, mode, by, submittedAt, endedAt, counts, steps, plan, may, state, error } = run;
  const notDone = counts.skipped + counts.left;
  const post = (what, body, said) =>
    pressed(async () => {
      await call(`${path}/${what}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
      notice(said);
      await again();
    });
  redraw(
    place,
    h('h1', {}, `${mode === 'destroy' ? 'Destroy' : 'Apply'} `, runState(run)),
    h(
      'p',
      { class: 'quiet' },
      `${id} · by ${by} · `,
      ago(submittedAt),
      endedAt === undefined ? undefined : ` · took ${duration(endedAt - submittedAt)}`,
    ),
    steps.length === 0
      ? undefined
      : h(
          'p',
          {},
          h('progress', { max: steps.length, value: counts.done, 'aria-label': 'Steps that are done' }),
          ` ${counts.done} of ${count(steps.length, 'step')} done`,
          counts.failed > 0 ? `, ${counts.failed} failed` : '',
          notDone > 0 ? `, ${notDone} not done` : '',
        ),
    error === undefined ? undefined : errorText(error),
    h(
      'p',
      { class: 'actions' },
      state === 'awaiting-approval' && may.includes('approve') && plan !== undefined
        ? h(
            'button',
            {
              type: 'button',
              class: mode === 'destroy' ? 'danger' : 'go',
              'data-key': 'approve',
              onclick: post('approval', { fingerprint: plan.fingerprint }, 'Approved.'),
            },
            mode === 'destroy'
              ? `Approve: remove ${count(plan.steps, 'thing')}`
              : `Approve ${count(plan.steps, 'step')}`,
          )
        : undefined,
      state !== 'ended' && state !== 'stopping' && may.includes('cancel')
        ? h(
            'button',
            {
              type: 'button',
              class: 'danger',
              'data-key': 'cancel',
              onclick: post('cancellation', undefined, 'It is asked to stop; what the clouds have begun goes on.'),
            },
            'Stop the run',
          )
        : undefined,
      state === 'awaiting-approval' && !may.includes('approve')
        ? h('span', { class: 'quiet' }, 'Waits for somebody whose token has the verb approve.')
        : undefined,
    ),
  );
}

function drawPlan(place, { plan }) {
  place.hidden = plan === undefined;
  if (plan === undefined) return;
  const changes = Object.entries(plan.summary).filter(([, number]) => number > 0);
  redraw(
    place,
    h('h2', {}, 'Plan'),
    h(
      'p',
      {},
      changes.length === 0
        ? 'Nothing to change.'
        : changes.map(([action, number]) => [
            badge(action === 'delete' || action === 'replace' ? 'broken' : 'connected', `${number} to ${action}`),
            ' ',
          ]),
    ),
    plan.problems.length === 0
      ? undefined
      : h(
          'ul',
          { class: 'attention' },
          plan.problems.map(({ severity, object, message, remedy }) =>
            h(
              'li',
              {},
              badge(severity === 'error' ? 'broken' : 'pending', severity),
              ' ',
              h('b', {}, object),
              h('p', { class: 'reason' }, message),
              h('p', {}, h('b', {}, 'What to do: '), remedy),
            ),
          ),
        ),
  );
}

function drawSteps(place, { steps }, asked, all) {
  place.hidden = steps.length === 0;
  const sorted = [...steps].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
  const most = asked.all ? sorted.length : MOST;
  redraw(
    place,
    h('h2', {}, 'Steps'),
    h('ul', { class: 'steps' }, sorted.slice(0, most).map(stepRow)),
    sorted.length <= most
      ? undefined
      : h(
          'button',
          { type: 'button', 'data-key': 'all', onclick: () => ((asked.all = true), all()) },
          `Show ${count(sorted.length - most, 'more step')}`,
        ),
  );
}

const stepRow = (step) =>
  h(
    'li',
    { class: step.state },
    stepState(step.state),
    h('span', { class: 'object' }, `${step.action} ${step.object}`),
    step.durationMs === undefined ? undefined : h('span', { class: 'quiet' }, duration(step.durationMs)),
    step.state === 'running' && step.waitingFor !== undefined
      ? h(
          'p',
          { class: 'cause' },
          `Waits for ${step.waitingFor}`,
          step.expectedAt === undefined ? '' : `, expected at ${new Date(step.expectedAt).toLocaleTimeString()}`,
        )
      : undefined,
    step.because === undefined ? undefined : h('p', { class: 'cause' }, step.because),
    step.error === undefined ? undefined : errorText(step.error),
  );
