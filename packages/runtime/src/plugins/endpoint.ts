/** Where a provider's requests go, when not to the cloud's own address. Keys travel there, so plain http stays on this machine. */

export type EndpointVerdict = { readonly url: string } | { readonly message: string; readonly remedy: string };

/** The variable that overrides `endpoint:` of an entry, e.g. `PEERWAY_ENDPOINT_MY_CLOUD` for `my-cloud`. */
export const endpointVariable = (entry: string): string =>
  `PEERWAY_ENDPOINT_${entry.toUpperCase().replaceAll('-', '_')}`;

/** Accepts https anywhere and http to loopback; the result has no trailing slash. Never quotes the text: it may hold a password. */
export function checkEndpoint(text: string): EndpointVerdict {
  const example = 'Write https://host, or http://127.0.0.1:8080 for an emulator on this machine.';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { message: 'the endpoint is not a URL', remedy: example };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { message: `the endpoint's scheme ${JSON.stringify(url.protocol)} is not https:`, remedy: example };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      message: 'the endpoint holds a user name or password',
      remedy: 'Remove them; keys come from `credentials:` or the environment.',
    };
  }
  if (url.search !== '' || url.hash !== '') return { message: 'the endpoint holds a query', remedy: example };
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      message: `plain http to ${url.hostname} would send requests unprotected over a network`,
      remedy: 'Use https there; plain http is only for this machine.',
    };
  }
  return { url: url.href.replace(/\/+$/, '') };
}

/** 127.0.0.0/8, ::1 and localhost; `new URL` has already turned every spelling of an address into its usual one. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
