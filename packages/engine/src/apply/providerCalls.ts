/** What the steps of one run share: providers, their limits, one poller per thing that can be listed, and what was learned. */
import {
  linkId,
  PeerwayError,
  type CallOptions,
  type Clock,
  type Link,
  type Links,
  type NetworkId,
  type Peering,
  type Provider,
  type Route,
  type RouteTableId,
  type Unreadable,
} from '@peerway/core';
import { eventError, type EventError } from '../events.js';
import type { Evidence } from './evidence.js';
import { Readings, type GoingPeering } from './readings.js';
import type { LinkEntryNames } from '../plan/plan.js';
import { collect } from '../world/collect.js';
import type { Read, Watching } from '../pacing/poller.js';
import type { PollTiming } from '../pacing/pollTiming.js';
import type { Shared } from '../pacing/shared.js';
import { requireReadableAmong, requireReadableIfMarked } from '../world/unreadable.js';

/** Listings of tables from which routes were left out that cannot be read. */
const INCOMPLETE = new WeakSet<readonly Route[]>();

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
  /** What the plan and every wait have seen. */
  readonly readings: Readings;
  readonly #peerings = new Map<string, Watching<Peering>>();
  readonly #tables = new Map<string, Watching<Route>>();
  readonly #links = new Map<string, Watching<Link>>();

  constructor(private readonly options: ProviderCallsOptions) {
    this.clock = options.clock;
    this.timing = options.shared.timing;
    this.readings = new Readings(options.clock);
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
    const read: Read<Peering> = (scopes) =>
      this.run(provider, (target) => {
        const asked = scopes.map(unpackScope);
        const unreadable = requireReadableAmong(asked.map(({ networks }) => networks));
        return collect(target.peerings.list({ ...narrowest(asked), whole: () => false }, { unreadable }));
      });
    const remember = (seen: readonly Peering[]): void => this.readings.rememberPeerings(provider, seen);
    return this.#watching(this.#peerings, provider, 'peerings', read, remember);
  }

  table(provider: string, network: NetworkId, table: RouteTableId): Watching<Route> {
    const read: Read<Route> = async () => {
      let whole = true;
      const unreadable = (item: Unreadable): void => {
        requireReadableIfMarked(item);
        whole = false;
      };
      const seen = await this.run(provider, (target) =>
        collect(target.routes.list(network, table, { hops: 'irrelevant', unreadable })),
      );
      if (!whole) INCOMPLETE.add(seen);
      return seen;
    };
    const remember = (seen: readonly Route[]): void =>
      this.readings.rememberTable(provider, network, table, INCOMPLETE.has(seen) ? undefined : seen);
    return this.#watching(this.#tables, provider, `routes ${network} ${table}`, read, remember);
  }

  /** Whether routes still keep the cloud from ending a peering. Who has had some removed at either end waits for all of them: one look shows it. */
  unrouted({ provider, side, id }: GoingPeering): Watching<boolean> {
    const read: Read<boolean> = async () => [
      await this.run(provider, (target) => target.peerings.isUnrouted(id, { side })),
    ];
    return this.options.shared.watching(`routes to ${id} of ${this.provider(provider).id}`, read, true);
  }

  /** As `run`, on the links of one entry, or on those between two. */
  onLinks<T>(
    { provider, other }: LinkEntryNames,
    work: (links: Links, options: CallOptions) => Promise<T>,
    how: Parameters<ProviderCalls['run']>[2] = {},
  ): Promise<T> {
    if (other === undefined) return this.run(provider, (target, options) => work(target.links, options), how);
    return this.run(
      other,
      (beyond) => this.run(provider, (target, options) => work(target.links.across(beyond.links), options), how),
      how,
    );
  }

  links(entries: LinkEntryNames): Watching<Link> {
    const { provider, other } = entries;
    const read: Read<Link> = async (ids) => {
      // of many the listing is less
      if (ids.length > READ_SINGLY)
        return this.onLinks(entries, (links) => collect(links.list({}, { unreadable: requireReadableIfMarked })));
      const find = (id: string): Promise<Link | undefined> => this.onLinks(entries, (links) => links.find(linkId(id)));
      return (await Promise.all(ids.map(find))).filter((link) => link !== undefined);
    };
    const remember = (seen: readonly Link[]): void => this.readings.rememberLinks(provider, seen);
    const what = other === undefined ? 'links' : `links to ${this.provider(other).identity}`;
    return this.#watching(this.#links, provider, what, read, remember);
  }

  /** The poller is of the cloud's account; the reading is ours, one and the same for all that we wait for there. */
  #watching<T>(
    known: Map<string, Watching<T>>,
    provider: string,
    what: string,
    read: Read<T>,
    remember: (seen: readonly T[]) => void,
  ): Watching<T> {
    const key = `${provider} ${what}`;
    const made = known.get(key);
    if (made !== undefined) return made;
    const poller = this.options.shared.watching(`${what} of ${this.provider(provider).identity}`, read);
    const watching: Watching<T> = {
      watch: (watch, check, signal) =>
        poller.watch(
          watch,
          (seen, ageMs) => {
            remember(seen); // whoever has read it
            return check(seen, ageMs);
          },
          signal,
        ),
    };
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
