/** The checks of `peerway doctor`, in the order in which one failing makes the next pointless. */
import {
  isConfigError,
  omittedText,
  placeOf,
  toPeerwayError,
  type Connection,
  type ErrorData,
  type Peerway,
  type Prepared,
  type Network,
  type Provider,
} from '@peerway/runtime';
import type { Session } from '../../session.js';

export interface Check {
  readonly what: string;
  readonly verdict: 'ok' | 'warning' | 'error';
  readonly found: string;
  readonly place?: string;
  readonly remedy?: string;
  /** What a cloud or the machine said, where a call failed. */
  readonly error?: ErrorData;
}

/** Both clouds refuse signatures whose time is off by more than 15 minutes or so; a minute is the time to say something. */
const SKEW_WARNING_MS = 60_000;
const SKEW_ERROR_MS = 10 * 60_000;
const ENDPOINT_TIMEOUT_MS = 5_000;
/** For all readings of one provider. A cloud that answers byte by byte would be asked again for minutes. */
const READINGS_TIMEOUT_MS = 60_000;
const OLDEST_NODE = [20, 19] as const;

const ok = (what: string, found: string): Check => ({ what, verdict: 'ok', found });

/** Every finding as it is made. Only reads. */
export async function* runChecks(session: Session): AsyncGenerator<Check> {
  yield nodeCheck(process.versions.node);
  let prepared: Prepared;
  try {
    prepared = await session.prepare();
  } catch (error) {
    yield* configChecks(error);
    return;
  }
  const { config, entries, environment } = prepared;
  yield ok('config', `${config.file} is valid, stack ${config.stack}`);
  for (const { name, plugin, credentialSource } of entries) {
    yield ok(`${name} credentials`, `${plugin.displayName} keys from ${credentialSource}`);
  }
  let peerway: Peerway;
  try {
    peerway = await session.load();
  } catch (error) {
    yield failure('providers', error);
    return;
  }
  for (const { name, context } of entries) {
    const { connections } = peerway.provider(name);
    // services that are reached at one address are one line
    for (const way of new Set(connections.map(wayOf))) yield ok(`${name} connection`, way);
    const direct = connections.every(({ proxy }) => proxy === undefined);
    if (context.endpoint !== undefined && direct)
      yield* endpointChecks(name, context.endpoint, environment.clock.now(), session.signal);
    yield* readingChecks(peerway, peerway.provider(name).readOnly(), session.signal);
  }
}

const wayOf = ({ endpoint, proxy }: Connection): string =>
  proxy === undefined
    ? `${endpoint} directly`
    : `${endpoint} through the proxy ${proxy.address}, which ${proxy.variable} names`;

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!old) return ok('node', version);
  return {
    what: 'node',
    verdict: 'error',
    found: version,
    remedy: `Upgrade to node ${OLDEST_NODE.join('.')} or newer.`,
  };
}

function* configChecks(error: unknown): Generator<Check> {
  if (!isConfigError(error)) return void (yield failure('config', error));
  for (const problem of error.problems) {
    yield {
      what: 'config',
      verdict: 'error',
      found: problem.message,
      place: problem.path === '' ? placeOf(problem) : `${placeOf(problem)} (${problem.path})`,
      remedy: problem.remedy,
    };
  }
  if (error.omitted > 0) yield { what: 'config', verdict: 'error', found: omittedText(error) };
}

/** Where the address is known and no proxy stands before it: does anybody answer, and is the time there ours? Elsewhere the reading checks tell. */
async function* endpointChecks(
  name: string,
  endpoint: string,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  let date: number;
  try {
    // without keys; any HTTP answer will do, and its Date header tells the time there
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ENDPOINT_TIMEOUT_MS)]);
    const { headers, body } = await fetch(endpoint, { redirect: 'manual', signal: limit });
    await body?.cancel();
    date = Date.parse(headers.get('date') ?? '');
  } catch (error) {
    if (signal.aborted) throw error;
    yield {
      what: `${name} endpoint`,
      verdict: 'error',
      found: `nobody answers at ${endpoint}`,
      remedy: 'Check the address, the firewall and whether the emulator is running.',
    };
    return;
  }
  yield ok(`${name} endpoint`, `${endpoint} answers`);
  if (!Number.isNaN(date)) yield clockCheck(name, now - date);
}

function clockCheck(name: string, skewMs: number): Check {
  const off = Math.abs(skewMs);
  return {
    what: `${name} clock`,
    verdict: off > SKEW_ERROR_MS ? 'error' : off > SKEW_WARNING_MS ? 'warning' : 'ok',
    found: off < 2_000 ? 'agrees' : `this machine is ${Math.round(off / 1000)} s ${skewMs > 0 ? 'ahead' : 'behind'}`,
    ...(off > SKEW_WARNING_MS ? { remedy: 'Switch time synchronisation (NTP) on: signatures carry the time.' } : {}),
  };
}

/** The reads that every plan makes. Rights to change are shown by `policy` and tried by `plan --dry-run`. */
async function* readingChecks(peerway: Peerway, provider: Provider, signal: AbortSignal): AsyncGenerator<Check> {
  const { name } = provider;
  const own = [...peerway.declared.networks].filter(
    ([, network]) => network.provider.name === name && network.peer === undefined,
  );
  const selects = [...(peerway.declared.selections?.values() ?? [])].some((one) => one.provider.name === name);
  if (own.length === 0 && !selects) return void (yield ok(`${name} networks`, 'none declared'));
  const late = AbortSignal.timeout(READINGS_TIMEOUT_MS);
  const limit = AbortSignal.any([signal, late]);
  try {
    const found = selects
      ? await listed(provider, limit)
      : await provider.networks.getMany(
          own.map(([, { id }]) => id),
          { signal: limit },
        );
    yield* accountCheck(
      provider,
      found.map(({ account }) => account),
      limit,
    );
    const missing = own.filter(([, { id }]) => !found.some((network) => network.id === id));
    const listing = selects ? `, ${found.length} listed for selections` : '';
    if (missing.length === 0) yield ok(`${name} networks`, `${own.length} of ${own.length} found${listing}`);
    else {
      yield {
        what: `${name} networks`,
        verdict: 'error',
        found: `not found: ${missing.map(([network, { id }]) => `${network} (${id})`).join(', ')}`,
        remedy: 'Check their ids, and the region and account of the provider entry.',
      };
    }
    const [first] = found;
    if (first === undefined) return;
    for await (const peering of provider.peerings.list({ network: first.id }, { signal: limit })) void peering;
    yield ok(`${name} peerings`, 'may be read');
    await provider.routes.tables(first.id, { signal: limit });
    yield ok(`${name} routes`, 'may be read');
  } catch (error) {
    if (signal.aborted) throw error;
    yield late.aborted ? tooSlow(name) : failure(`${name} rights`, error);
  }
}

async function listed(provider: Provider, signal: AbortSignal): Promise<readonly Network[]> {
  const networks: Network[] = [];
  for await (const network of provider.networks.list({ signal })) networks.push(network);
  return networks;
}

const tooSlow = (name: string): Check => ({
  what: `${name} readings`,
  verdict: 'error',
  found: `not done within ${READINGS_TIMEOUT_MS / 1000} s`,
  remedy: 'Check the network, endpoint: and any proxy on the way; --log-level debug shows the requests.',
});

/** Whether the keys are of the account that is written; the cloud is asked only where its networks leave a doubt. */
async function* accountCheck(provider: Provider, seen: readonly string[], signal: AbortSignal): AsyncGenerator<Check> {
  const { name, account: written } = provider;
  if (written === undefined || (seen.length > 0 && seen.every((account) => account === written))) return;
  let own: string | undefined;
  try {
    own = await provider.ownAccount({ signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return; // whatever stands in the way is reported by the readings
  }
  if (own === undefined || own === written) return;
  yield {
    what: `${name} account`,
    verdict: 'error',
    found: `the keys belong to ${own}; account: says ${written}`,
    remedy: 'Correct account:, or use keys of that account.',
  };
}

function failure(what: string, thrown: unknown): Check {
  const error = toPeerwayError(thrown).toJSON();
  return { what, verdict: 'error', found: error.message, remedy: error.remedy, error };
}
