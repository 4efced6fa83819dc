/** The page: which view is shown, and what is said when the server refuses. */
import { forgetToken, hasToken, keepToken, Refused } from './api.js';
import { h, notice } from './dom.js';
import { runView } from './run.js';
import { stackView } from './stack.js';
import { stacksView } from './stacks.js';
import { errorText, tick } from './words.js';

const main = document.getElementById('main');
const trail = document.getElementById('trail');
const leave = document.getElementById('leave');

/** Ends what the view before was doing. */
let leaving = new AbortController();

function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  leave.hidden = !hasToken();
  if (!hasToken()) {
    showEntry();
    return;
  }
  const [, kind = '', name = ''] = location.hash.split('/').map(decodeURIComponent);
  const view = { '': stacksView, stacks: stackView, runs: runView }[kind] ?? stacksView;
  const stack = kind === 'runs' ? name.slice(0, name.lastIndexOf('.')) : kind === 'stacks' ? name : '';
  document.title = `${name === '' ? 'Stacks' : name} · Peerway`;
  trail.replaceChildren(
    h('a', { href: '#/' }, 'Stacks'),
    ...(stack === '' ? [] : [' / ', h('a', { href: `#/stacks/${encodeURIComponent(stack)}` }, stack)]),
    ...(kind === 'runs' ? [' / ', h('span', {}, 'run')] : []),
  );
  main.replaceChildren(h('p', { class: 'quiet' }, 'Asking the server …'));
  main.focus({ preventScroll: true });
  view({ main, name, signal }).catch((error) => {
    if (!signal.aborted) refuse(error);
  });
}

function refuse(error) {
  if (error instanceof Refused && error.said.code === 'Unauthenticated') {
    forgetToken();
    showEntry(error.said);
    return;
  }
  const said =
    error instanceof Refused
      ? error.said
      : { code: 'Internal', detail: 'The page itself failed', remedy: 'Load it again.' };
  main.replaceChildren(
    h('h1', {}, 'That did not work'),
    errorText(said),
    h('p', {}, h('button', { type: 'button', onclick: show }, 'Try again')),
  );
}

function showEntry(said) {
  leave.hidden = true;
  trail.replaceChildren();
  document.title = 'Peerway';
  const field = h('input', { id: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true });
  main.replaceChildren(
    h(
      'form',
      {
        class: 'entry',
        onsubmit: (event) => {
          event.preventDefault();
          keepToken(field.value.trim());
          show();
        },
      },
      h('h1', {}, 'Which token?'),
      said === undefined ? undefined : errorText(said),
      h('label', { for: 'token' }, 'A token that the server knows; it is kept until this tab is closed.'),
      field,
      h('button', { type: 'submit' }, 'Go on'),
    ),
  );
  field.focus();
}

leave.addEventListener('click', () => {
  forgetToken();
  notice('The token is forgotten.');
  show();
});
addEventListener('hashchange', show);
setInterval(tick, 10_000);
show();
