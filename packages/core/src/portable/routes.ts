/** Routes as users hold them: batches, lost answers read back, waiting until the cloud has settled. */
import type { Call } from '../driver/call.js';
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { ItemOutcome, RouteCreate, RouteDriver, RouteRef } from '../driver/driver.js';
import { isPeerwayError, PeerwayError, toPeerwayError } from '../errors/error.js';
import { cidrFamily, type Cidr } from '../model/cidr.js';
import type { NetworkId, RouteTableId } from '../model/ids.js';
import { routeKey, sameRouteKey, type NextHop, type Route, type RouteTable } from '../model/route.js';
import { DEFAULT_RETRY_POLICY } from '../wait/retry.js';
import { requireLength, requireSupport } from './gate.js';
import type { CallOptions, WaitingOptions } from './environment.js';
import type { Invoker } from './invoker.js';

export interface RouteRequest {
  readonly network: NetworkId;
  readonly table: RouteTableId;
  readonly destination: Cidr;
  /** Only with capability `source`; absent: any source. */
  readonly source?: Cidr;
  readonly nextHop: NextHop;
  /** Dropped where the cloud keeps none. */
  readonly description?: string;
}

export interface RouteOptions extends WaitingOptions {
  /** Default true: return when every route is settled. */
  readonly wait?: boolean;
}

export class Routes {
  readonly #driver: RouteDriver;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities['routes'];

  constructor(driver: RouteDriver, invoker: Invoker, capabilities: ProviderCapabilities['routes']) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
  }

  /** Route tables of a network, the main one first. */
  async tables(network: NetworkId, options: CallOptions = {}): Promise<readonly RouteTable[]> {
    return this.#invoker.run({ name: 'routes.tables', resource: network, repeatable: true, ...options }, (call) =>
      this.#driver.tables(network, call),
    );
  }

  /** Every route of a table, system routes included. */
  async *list(network: NetworkId, table: RouteTableId, options: CallOptions = {}): AsyncGenerator<Route> {
    yield* await this.#invoker.pages({ name: 'routes.list', resource: table, ...options }, (cursor, call) =>
      this.#driver.list(network, table, cursor, call),
    );
  }

  /** @throws PeerwayError `AlreadyExists` when the table has the destination (and source) already, whoever made it */
  async create(request: RouteRequest, options: RouteOptions = {}): Promise<void> {
    throwFirst(await this.createMany([request], options));
  }

  /**
   * Writes routes of one network, in as few requests as the cloud takes. One outcome per request, in order; a failure of
   * one does not stop the others. Empty in, empty out.
   */
  async createMany(requests: readonly RouteRequest[], options: RouteOptions = {}): Promise<ItemOutcome[]> {
    const inputs = requests.map((request) => this.#validated(request));
    const many =
      this.#capabilities.features.createMany.status === 'supported'
        ? this.#driver.createMany?.bind(this.#driver)
        : undefined;
    const outcomes = await this.#inBatches('routes.create', inputs, options, {
      many,
      one: (input, call) => this.#driver.create(input, call),
      // the same route there already, after an answer was lost, is our own
      doneWhen: (input, routes) =>
        routes.some((route) => sameRouteKey(route, input) && route.nextHop.id === input.nextHop.id),
      repeatable: this.#capabilities.features.clientToken.status === 'supported',
    });
    if (options.wait !== false) {
      await this.#settled(
        inputs.filter((_, at) => outcomes[at]?.ok),
        options,
        'routes to become active',
        (input, routes) => routes.some((route) => sameRouteKey(route, input) && route.state !== 'provisioning'),
      );
    }
    return outcomes;
  }

  /** Removes one route; already gone is success. @throws PeerwayError `PermissionDenied` for a system route */
  async delete(route: RouteRef, options: RouteOptions = {}): Promise<void> {
    throwFirst(await this.deleteMany([route], options));
  }

  async deleteMany(routes: readonly RouteRef[], options: RouteOptions = {}): Promise<ItemOutcome[]> {
    const many =
      this.#capabilities.features.deleteMany.status === 'supported'
        ? this.#driver.deleteMany?.bind(this.#driver)
        : undefined;
    const outcomes = await this.#inBatches('routes.delete', routes, options, {
      many,
      one: (route, call) => this.#driver.delete(route, call),
      doneWhen: (route, left) => !left.some((other) => sameRouteKey(other, route)),
      repeatable: true,
    });
    const gone = outcomes.map((outcome): ItemOutcome =>
      !outcome.ok && outcome.error.code === 'NotFound' ? { ok: true } : outcome,
    );
    if (options.wait !== false) {
      await this.#settled(
        routes.filter((_, at) => gone[at]?.ok),
        options,
        'routes to go',
        (route, left) => !left.some((other) => sameRouteKey(other, route)),
      );
    }
    return gone;
  }

  async #inBatches<T extends RouteRef | RouteCreate>(
    name: string,
    items: readonly T[],
    options: CallOptions,
    how: BatchWork<T>,
  ): Promise<ItemOutcome[]> {
    const { clock, random, retryPolicy = DEFAULT_RETRY_POLICY } = this.#invoker.environment;
    const start = clock.now();
    const outcomes = new Map<number, ItemOutcome>();
    let open = items.map((item, at) => ({ item, at }));
    while (open.length > 0) {
      const again: typeof open = [];
      for (const batch of batches(
        open,
        ({ item }) => item.network,
        how.many === undefined ? 1 : (this.#capabilities.limits.batch ?? 1),
      )) {
        const results = await this.#attempt(
          name,
          batch.map(({ item }) => item),
          options,
          how,
        );
        for (const [index, entry] of batch.entries()) {
          const result = results[index] ?? {
            ok: false,
            error: new PeerwayError('Internal', `${name} lost an outcome`),
          };
          const settling =
            !result.ok && result.error.retry === 'settle' && clock.now() - start < retryPolicy.settleForMs;
          if (settling) again.push(entry);
          else outcomes.set(entry.at, result);
        }
      }
      open = again;
      if (open.length > 0) await clock.sleep(retryPolicy.settleMs * (1 + random.next()), options.signal);
    }
    return items.map(
      (_, at) => outcomes.get(at) ?? { ok: false, error: new PeerwayError('Internal', `${name} lost an outcome`) },
    );
  }

  /** One request for one batch. After a lost answer the table tells what happened; only what is missing is asked for again. */
  async #attempt<T extends RouteRef | RouteCreate>(
    name: string,
    batch: readonly T[],
    options: CallOptions,
    how: BatchWork<T>,
  ): Promise<readonly ItemOutcome[]> {
    const { many } = how;
    const first = batch[0];
    if (first === undefined) return [];
    const resource = batch.length === 1 ? routeKey(first) : `${batch.length} routes of ${first.network}`;
    let doubtful = false;
    try {
      return await this.#invoker.run(
        { name, resource, repeatable: how.repeatable && many === undefined, ...signalOf(options) },
        async (call) => {
          try {
            if (many !== undefined) return await many(batch, call);
            await how.one(first, call);
            return [{ ok: true } as const];
          } catch (error) {
            if (isPeerwayError(error) && error.details.outcome === 'unknown') doubtful = true;
            throw error;
          }
        },
      );
    } catch (thrown) {
      const error = toPeerwayError(thrown);
      if (error.code === 'Canceled') throw error;
      if (!doubtful) return batch.map(() => ({ ok: false, error }));
      const outcomes: ItemOutcome[] = [];
      const tables = new Map<RouteTableId, Route[]>();
      for (const item of batch) {
        const routes = tables.get(item.table) ?? (await this.#read(item.network, item.table, options));
        tables.set(item.table, routes);
        // not there: the request did not arrive, so asking again is safe
        outcomes.push(how.doneWhen(item, routes) ? { ok: true } : { ok: false, error: retriable(error) });
      }
      return outcomes;
    }
  }

  async #settled(
    items: readonly (RouteRef | RouteCreate)[],
    options: WaitingOptions,
    what: string,
    isSettled: (item: RouteRef | RouteCreate, routes: readonly Route[]) => boolean,
  ): Promise<void> {
    const tables = new Map<RouteTableId, { network: NetworkId; items: (RouteRef | RouteCreate)[] }>();
    for (const item of items) {
      const entry = tables.get(item.table) ?? { network: item.network, items: [] };
      entry.items.push(item);
      tables.set(item.table, entry);
    }
    for (const [table, { network, items: waiting }] of tables) {
      await this.#invoker.wait(options, {
        what: `${what} in ${table}`,
        look: () => this.#read(network, table, options),
        judge: (routes) => (waiting.every((item) => isSettled(item, routes)) ? { kind: 'success' } : { kind: 'retry' }),
        describe: (routes) => `${waiting.filter((item) => isSettled(item, routes)).length} of ${waiting.length}`,
      });
    }
  }

  async #read(network: NetworkId, table: RouteTableId, options: CallOptions): Promise<Route[]> {
    const routes: Route[] = [];
    for await (const route of this.list(network, table, signalOf(options))) routes.push(route);
    return routes;
  }

  #validated(request: RouteRequest): RouteCreate {
    const { features, limits } = this.#capabilities;
    const provider = this.#invoker.provider;
    requireSupport(features.explicit, provider, 'writing routes');
    if (request.source !== undefined) requireSupport(features.source, provider, 'routes with a source');
    if (cidrFamily(request.destination) === 6) requireSupport(features.ipv6, provider, 'IPv6 routes');
    const described = features.description.status === 'supported' && request.description !== undefined;
    if (described) requireLength(request.description, limits.descriptionLength, 'description');
    const { description, ...rest } = request;
    return { ...rest, clientToken: this.#invoker.token(), ...(described ? { description } : {}) };
  }
}

interface BatchWork<T> {
  readonly many: ((batch: readonly T[], call: Call) => Promise<readonly ItemOutcome[]>) | undefined;
  readonly one: (item: T, call: Call) => Promise<void>;
  /** Judges from the table's routes whether the item's work has been done. */
  readonly doneWhen: (item: T, routes: readonly Route[]) => boolean;
  readonly repeatable: boolean;
}

/** Splits into runs of at most `size` that never mix two networks. */
function batches<T>(items: readonly T[], networkOf: (item: T) => NetworkId, size: number): T[][] {
  const byNetwork = new Map<NetworkId, T[]>();
  for (const item of items) byNetwork.set(networkOf(item), [...(byNetwork.get(networkOf(item)) ?? []), item]);
  const out: T[][] = [];
  for (const group of byNetwork.values()) {
    for (let at = 0; at < group.length; at += size) out.push(group.slice(at, at + size));
  }
  return out;
}

const retriable = (error: PeerwayError): PeerwayError => {
  const { outcome: _, ...details } = error.details;
  return new PeerwayError(error.code, error.message, { ...details, retry: 'settle' });
};

function throwFirst(outcomes: readonly ItemOutcome[]): void {
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
}

const signalOf = (options: CallOptions): CallOptions =>
  options.signal === undefined ? {} : { signal: options.signal };
