/** Which proxy a request to a cloud goes through, read from the environment; one answer for every provider. Pure: connects to nothing. */
import { PeerwayError } from '../errors/error.js';

/** A proxy that the environment names. */
export interface Proxy {
  /** With its user and password, where it has them: never to be shown. */
  readonly url: URL;
  /** The same without user and password. */
  readonly shown: string;
  /** The variable that named it. */
  readonly variable: string;
}

/** How the requests of a driver reach its cloud, for whoever asks why they do not. */
export interface Connection {
  readonly endpoint: string;
  /** Absent: directly. `address` holds no password. */
  readonly proxy?: { readonly address: string; readonly variable: string };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The lower-case name wins, as in curl: some servers let a caller set the upper-case one. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY'] as const;
const EXCEPTION_VARIABLES = ['no_proxy', 'NO_PROXY'] as const;

/**
 * The proxy before an address; undefined when it is reached directly: plain http (loopback only), loopback, what NO_PROXY
 * names, and where no variable names a proxy.
 * @throws PeerwayError `InvalidArgument` for a proxy that cannot be used; the value is not shown, it may hold a password
 */
export function proxyFor(endpoint: string, env: Variables): Proxy | undefined {
  const { protocol, hostname, port } = new URL(endpoint);
  if (protocol !== 'https:' || isLoopback(hostname)) return undefined;
  const named = firstSet(PROXY_VARIABLES, env);
  const exceptions = firstSet(EXCEPTION_VARIABLES, env);
  if (named === undefined || isExcepted(hostname, port === '' ? '443' : port, exceptions?.text ?? '')) return undefined;
  const url = proxyUrl(named);
  return { url, shown: `${url.protocol}//${url.host}`, variable: named.variable };
}

/** How an address is reached, without anything secret. */
export function connectionTo(endpoint: string, proxy: Proxy | undefined): Connection {
  return { endpoint, ...(proxy === undefined ? {} : { proxy: { address: proxy.shown, variable: proxy.variable } }) };
}

interface Setting {
  readonly variable: string;
  readonly text: string;
}

function firstSet(names: readonly string[], env: Variables): Setting | undefined {
  for (const variable of names) {
    const text = env[variable];
    if (text !== undefined && text !== '') return { variable, text };
  }
  return undefined;
}

function proxyUrl({ variable, text }: Setting): URL {
  const trimmed = text.trim();
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // the parser's message would quote the value
  }
  throw new PeerwayError('InvalidArgument', `${variable} does not name a proxy that can be used`, {
    place: variable,
    remedy: `Set ${variable} like http://proxy.example:3128, or unset it.`,
  });
}

/** A name stands for itself and everything below it; `*` for all; a port, where one is written, must be the same. */
function isExcepted(hostname: string, port: string, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, written = '', writtenPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
      const name = written.toLowerCase().replace(/^\*?\./, '');
      if (name === '' || (writtenPort !== undefined && writtenPort !== port)) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
