/** The checks of `peerway doctor`, in the order in which one failing makes the next pointless. */
import {
  isConfigError,
  isPeerwayError,
  placeOf,
  toPeerwayError,
  type LoadOptions,
  type Peerway,
  type PeerwayError,
  type Prepared,
  type Provider,
} from '@peerway/runtime';
import { probe } from './probe.js';
import type { Session } from '../../session.js';

export interface Check {
  readonly what: string;
  readonly verdict: 'ok' | 'warning' | 'error';
  readonly found: string;
  readonly place?: string;
  readonly remedy?: string;
  readonly requestId?: string;
}

/** Both clouds refuse signatures whose time is off by more than 15 minutes or so; a minute is the time to say something. */
const SKEW_WARNING_MS = 60_000;
const SKEW_ERROR_MS = 10 * 60_000;
const OLDEST_NODE = [20, 19] as const;

export class Checkup {
  constructor(private readonly session: Session) {}

  async *run(load: (file: string, options: LoadOptions) => Promise<Peerway>): AsyncGenerator<Check> {
    yield nodeCheck(process.versions.node);
    let prepared: Prepared;
    try {
      prepared = await this.session.prepare();
    } catch (error) {
      yield* configChecks(error);
      return;
    }
    const { config } = prepared;
    yield { what: 'config', verdict: 'ok', found: `${config.file} is valid, stack ${config.stack}` };
    for (const { name, plugin, credentialSource } of prepared.entries) {
      yield {
        what: `${name} credentials`,
        verdict: 'ok',
        found: `${plugin.displayName} keys from ${credentialSource}`,
      };
    }
    let peerway: Peerway;
    try {
      peerway = await load(this.session.configFile, this.session.loadOptions());
    } catch (error) {
      yield failure('providers', error);
      return;
    }
    this.session.onEnd(() => peerway.close());
    for (const entry of prepared.entries) {
      const { endpoint } = entry.context;
      if (endpoint !== undefined) yield* this.#endpoint(entry.name, endpoint, prepared.environment.clock.now());
      yield* this.#rights(peerway, peerway.provider(entry.name).readOnly());
    }
  }

  /** Where the address is known: does anybody answer, and is the time there ours? Without it the rights check tells. */
  async *#endpoint(name: string, endpoint: string, now: number): AsyncGenerator<Check> {
    const answer = await probe(endpoint, this.session.signal);
    if (answer === undefined) {
      yield {
        what: `${name} endpoint`,
        verdict: 'error',
        found: `nobody answers at ${endpoint}`,
        remedy: 'Check the address, the firewall and whether the emulator is running.',
      };
      return;
    }
    yield { what: `${name} endpoint`, verdict: 'ok', found: `${endpoint} answers` };
    if (answer.date === undefined) return;
    const skew = now - answer.date;
    const off = Math.abs(skew);
    const word = `this machine is ${Math.round(off / 1000)} s ${skew > 0 ? 'ahead' : 'behind'}`;
    yield {
      what: `${name} clock`,
      verdict: off > SKEW_ERROR_MS ? 'error' : off > SKEW_WARNING_MS ? 'warning' : 'ok',
      found: off < 2_000 ? 'agrees' : word,
      ...(off > SKEW_WARNING_MS ? { remedy: 'Switch time synchronisation (NTP) on: signatures carry the time.' } : {}),
    };
  }

  /** The readings that every plan makes. Rights to change are shown by `policy` and tried by `plan --dry-run`. */
  async *#rights(peerway: Peerway, provider: Provider): AsyncGenerator<Check> {
    const { signal } = this.session;
    const own = [...peerway.declared.networks].filter(([, { provider: owner }]) => owner.name === provider.name);
    if (own.length === 0)
      return void (yield { what: `${provider.name} networks`, verdict: 'ok', found: 'none declared' });
    try {
      const found = await provider.networks.getMany(
        own.map(([, { id }]) => id),
        { signal },
      );
      const missing = own.filter(([, { id }]) => !found.some((network) => network.id === id));
      yield {
        what: `${provider.name} networks`,
        verdict: missing.length === 0 ? 'ok' : 'error',
        found:
          missing.length === 0
            ? `${own.length} of ${own.length} found`
            : `not found: ${missing.map(([name, { id }]) => `${name} (${id})`).join(', ')}`,
        ...(missing.length === 0
          ? {}
          : { remedy: 'Check their ids, and the region and account of the provider entry.' }),
      };
      const [first] = found;
      if (first === undefined) return;
      for await (const peering of provider.peerings.list({ network: first.id }, { signal })) void peering;
      yield { what: `${provider.name} peerings`, verdict: 'ok', found: 'may be read' };
      await provider.routes.tables(first.id, { signal });
      yield { what: `${provider.name} routes`, verdict: 'ok', found: 'may be read' };
    } catch (error) {
      if (signal.aborted) throw error;
      yield failure(`${provider.name} rights`, error);
    }
  }
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return {
    what: 'node',
    verdict: old ? 'error' : 'ok',
    found: version,
    ...(old ? { remedy: `Upgrade to node ${OLDEST_NODE.join('.')} or newer.` } : {}),
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
}

function failure(what: string, thrown: unknown): Check {
  const error: PeerwayError = isPeerwayError(thrown) ? thrown : toPeerwayError(thrown);
  const { place, remedy, requestId, nativeCode } = error.details;
  return {
    what,
    verdict: 'error',
    found: nativeCode === undefined ? error.message : `${error.message} (${nativeCode})`,
    ...(place === undefined ? {} : { place }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
