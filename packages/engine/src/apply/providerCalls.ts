/** What the steps of one run share: providers, their limits, one poller per thing that can be listed, and what was learned. */
import {
  linkId,
  PeerwayError,
  type CallOptions,
  type Clock,
  type Link,
  type NetworkId,
  type Peering,
  type Provider,
  type Route,
  type RouteTableId,
} from '@peerway/core';
import { eventError, type EventError } from '../events.js';
import type { Evidence } from './evidence.js';
import { collect } from '../world/collect.js';
import type { Read, Watching } from '../pacing/poller.js';
import type { PollTiming } from '../pacing/pollTiming.js';
import type { Shared } from '../pacing/shared.js';
import { requireReadableAmong, requireReadableIfMarked } from '../world/unreadable.js';

/** So many links are looked at one by one. */
const READ_SINGLY = 2;

interface ProviderCallsOptions {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly clock: Clock;
  readonly shared: Shared;
}

export interface Retried {
  (error: EventError, delayMs: number): void;
}

/** Scope of a peering watch, packed into one string for the poller: mechanism and the two networks. */
interface PeeringScope {
  readonly mechanism: string;
  readonly networks: readonly [NetworkId, NetworkId];
}

export class ProviderCalls {
  readonly clock: Clock;
  readonly timing: PollTiming;
  readonly #peerings = new Map<string, Watching<Peering>>();
  readonly #tables = new Map<string, Watching<Route>>();
  readonly #links = new Map<string, Watching<Link>>();

  constructor(private readonly options: ProviderCallsOptions) {
    this.clock = options.clock;
    this.timing = options.shared.timing;
  }

  provider(name: string): Provider {
    const provider = this.options.providers.get(name);
    if (provider !== undefined) return provider;
    throw new PeerwayError('InvalidArgument', `The plan names the provider entry ${name}, which is not declared`, {
      remedy: 'Apply a plan with the configuration that it was made from.',
    });
  }

  /** Runs one call; core repeats it, and says so through `retried`. */
  run<T>(
    provider: string,
    work: (provider: Provider, options: CallOptions) => Promise<T>,
    how: {
      readonly retried?: Retried;
      readonly signal?: AbortSignal;
      readonly abandon?: AbortSignal;
      readonly evidence?: Pick<Evidence, 'observer'>;
    } = {},
  ): Promise<T> {
    const { retried, signal, abandon, evidence } = how;
    const plain = this.provider(provider);
    const observed =
      retried === undefined
        ? plain
        : plain.observedBy({ callRetried: (_, error, delayMs) => retried(eventError(error), delayMs) });
    const target = evidence === undefined ? observed : observed.observedBy(evidence.observer);
    const options: CallOptions = {
      ...(abandon === undefined ? {} : { signal: abandon }),
      ...(signal === undefined ? {} : { stopRepeating: signal }),
    };
    return work(target, options);
  }

  peerings(provider: string): Watching<Peering> {
    return this.#watching(this.#peerings, provider, 'peerings', (scopes) =>
      this.run(provider, (target) => {
        const asked = scopes.map(unpackScope);
        const unreadable = requireReadableAmong(asked.map(({ networks }) => networks));
        return collect(target.peerings.list({ ...narrowest(asked), whole: () => false }, { unreadable }));
      }),
    );
  }

  table(provider: string, network: NetworkId, table: RouteTableId): Watching<Route> {
    return this.#watching(this.#tables, provider, `routes ${network} ${table}`, () =>
      this.run(provider, (target) =>
        collect(target.routes.list(network, table, { hops: 'irrelevant', unreadable: requireReadableIfMarked })),
      ),
    );
  }

  links(provider: string): Watching<Link> {
    return this.#watching(this.#links, provider, 'links', async (ids) => {
      // of many the listing is less
      if (ids.length > READ_SINGLY)
        return this.run(provider, (target) => collect(target.links.list({}, { unreadable: requireReadableIfMarked })));
      const read = (id: string): Promise<Link | undefined> =>
        this.run(provider, (target) => target.links.find(linkId(id)));
      return (await Promise.all(ids.map(read))).filter((link) => link !== undefined);
    });
  }

  /** The poller is of the cloud's account; the reading is ours, one and the same for all that we wait for there. */
  #watching<T>(known: Map<string, Watching<T>>, provider: string, what: string, read: Read<T>): Watching<T> {
    const key = `${provider} ${what}`;
    const watching =
      known.get(key) ?? this.options.shared.watching(`${what} of ${this.provider(provider).identity}`, read);
    known.set(key, watching);
    return watching;
  }
}

export const packScope = ({ mechanism, networks }: PeeringScope): string => JSON.stringify({ mechanism, networks });
const unpackScope = (text: string): PeeringScope => JSON.parse(text) as PeeringScope;

/** The smallest query that shows everything asked about: the pair, the network that all share, or everything. */
function narrowest(scopes: readonly PeeringScope[]): {
  mechanism?: string;
  network?: NetworkId;
  between?: readonly [NetworkId, NetworkId];
} {
  const [first, ...rest] = scopes;
  if (first === undefined) return {};
  const mechanism = rest.every((scope) => scope.mechanism === first.mechanism) ? { mechanism: first.mechanism } : {};
  const [a, b] = first.networks;
  const all = (test: (scope: PeeringScope) => boolean): boolean => rest.every(test);
  if (all(({ networks }) => networks.includes(a) && networks.includes(b)))
    return { ...mechanism, between: first.networks };
  for (const network of first.networks)
    if (all(({ networks }) => networks.includes(network))) return { ...mechanism, network };
  return mechanism;
}
