/** Calls of the API with the token of this tab. The token is kept until the tab is closed, and goes nowhere else. */

const KEY = 'peerway-token';

export const hasToken = () => sessionStorage.getItem(KEY) !== null;
export const keepToken = (token) => sessionStorage.setItem(KEY, token);
export const forgetToken = () => sessionStorage.removeItem(KEY);

/** What the API refused; `said` is its problem. */
export class Refused extends Error {
  constructor(said) {
    super(said.detail ?? 'The server does not answer');
    this.said = said;
  }
}

async function send(path, { method = 'GET', body, headers = {}, signal } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused({
      status: 0,
      code: 'Unavailable',
      detail: 'The server does not answer',
      remedy: 'Check that `peerway serve` runs and that this machine reaches it; the page asks again by itself.',
    });
  }
  if (response.ok) return response;
  throw new Refused(await response.json().catch(() => ({ status: response.status, code: 'Unknown' })));
}

/** @returns the answer as data; undefined where there is none */
export async function call(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? undefined : response.json();
}

/** An SVG of the server's as an element of this document. */
export async function picture(path, options) {
  const text = await (await send(path, options)).text();
  const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml');
  if (documentElement.localName !== 'svg') throw new Refused({ code: 'Unknown', detail: 'The picture cannot be read' });
  return document.importNode(documentElement, true);
}

/** Every event of a run from the one after `after` until it has ended or the signal aborts; a connection that is cut is taken up where it was. */
export async function follow(run, onEvent, signal, after = 0) {
  let last = after;
  for (;;) {
    try {
      const response = await send(`/v1/runs/${encodeURIComponent(run)}/events`, {
        signal,
        headers: last === 0 ? {} : { 'last-event-id': String(last) },
      });
      for await (const { type, id, data } of frames(response.body)) {
        if (id !== undefined) last = id;
        if (type === 'end') return;
        if (type !== 'problem') onEvent(JSON.parse(data));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && error.said.status !== 0 && error.said.status < 500) throw error;
    }
    if (signal.aborted) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

async function* frames(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data');
      if (data === undefined) continue; // a sign of life
      const id = field('id');
      yield { type: field('event'), data, id: id === undefined ? undefined : Number(id) };
    }
  }
}
