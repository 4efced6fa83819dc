/** Routes as users hold them: batches, lost answers read back, waiting until the cloud has settled. */
import type { Call } from '../driver/call.js';
import type { ProviderCapabilities, RouteFeature } from '../driver/capabilities.js';
import type { ItemOutcome, RouteCreate, RouteDriver, RouteRef } from '../driver/driver.js';
import { isPeerwayError, PeerwayError, toPeerwayError } from '../errors/error.js';
import { cidrFamily, parseCidr, type Cidr } from '../model/cidr.js';
import { networkId, routeTableId, type NetworkId, type RouteTableId } from '../model/ids.js';
import { routeTraits } from '../model/lifecycle.js';
import { routeKey, sameRouteKey, type KnownHops, type NextHop, type Route, type RouteTable } from '../model/route.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../wait/retry.js';
import type { CallOptions, ListOptions, WaitingOptions } from './environment.js';
import { missingMember, refuse, requireSupport, textProblem } from './gate.js';
import { firstOfEach, isUnknown, type Invoker } from './invoker.js';

/** A route to be written. */
export interface RouteRequest {
  readonly network: NetworkId;
  /** One of the network's tables. */
  readonly table: RouteTableId;
  readonly destination: Cidr;
  /** Only with capability `source`; absent: any source. */
  readonly source?: Cidr;
  readonly nextHop: NextHop;
  /** Dropped where the cloud keeps none. */
  readonly description?: string;
  /** Default: a fresh one. */
  readonly clientToken?: string;
}

/** Options of verbs that write routes. */
export interface RouteOptions extends WaitingOptions {
  /** Default true: return when every route is settled. */
  readonly wait?: boolean;
}

/** Options of verbs that read routes. */
export interface RouteReadOptions extends ListOptions {
  /** Next hops that were read a moment ago. Absent: none. */
  readonly hops?: KnownHops;
}

/** The routes of one account in one region. */
export class Routes {
  readonly #driver: RouteDriver;
  readonly #invoker: Invoker;
  readonly #capabilities: ProviderCapabilities['routes'];

  constructor(driver: RouteDriver, invoker: Invoker, capabilities: ProviderCapabilities['routes']) {
    this.#driver = driver;
    this.#invoker = invoker;
    this.#capabilities = capabilities;
  }

  /** Route tables of a network, the main one first. @throws PeerwayError `NotFound` */
  async tables(network: NetworkId, options: RouteReadOptions = {}): Promise<readonly RouteTable[]> {
    const tables = await this.#invoker.run(
      { name: 'routes.tables', resource: network, effect: 'read' },
      options,
      (call) => this.#driver.tables(network, call, options.hops),
    );
    return tables.map((table) =>
      table.routes === undefined ? table : { ...table, routes: table.routes.filter(firstOfEach(identityOf)) },
    );
  }

  /** Every route of a table, system routes included, in no order; a page is read when it is needed. */
  list(network: NetworkId, table: RouteTableId, options: RouteReadOptions = {}): AsyncGenerator<Route> {
    return this.#invoker.pages(
      { name: 'routes.list', resource: table },
      options,
      (cursor, call) => this.#driver.list(network, table, cursor, call, options.hops),
      identityOf,
    );
  }

  /** @throws PeerwayError `AlreadyExists` when the table has the destination (and source) already, whoever made it */
  async create(request: RouteRequest, options: RouteOptions = {}): Promise<void> {
    throwFirst(await this.createMany([request], options));
  }

  /**
   * Writes routes, in as few requests as the cloud takes. One outcome per request, in order; a failure of one does not
   * stop the others. Empty in, empty out.
   * @throws PeerwayError `InvalidArgument`, `Unsupported` for any of them, before any request; `DeadlineExceeded` when
   *   those that were taken do not settle in time; `Canceled`
   */
  async createMany(requests: readonly RouteRequest[], options: RouteOptions = {}): Promise<ItemOutcome[]> {
    const { clientToken } = this.#capabilities.features;
    const inputs = requests.map((request) => this.#checked(request));
    const outcomes = await this.#inBatches(inputs, options, {
      name: 'routes.create',
      many: this.#bulk('createMany'),
      one: (input, call) => this.#driver.create(input, call),
      // the same route there already, after an answer was lost, is our own
      doneWhen: (input, routes) =>
        routes.some((route) => sameRouteKey(route, input) && route.nextHop.id === input.nextHop.id),
      repeatable: clientToken.status === 'supported',
    });
    if (options.wait !== false) {
      await this.#settled(
        inputs.filter((_, at) => outcomes[at]?.ok),
        options,
        'routes to become active',
        (input, routes) => routes.some((route) => sameRouteKey(route, input) && routeTraits(route.state).settled),
      );
    }
    return outcomes;
  }

  /**
   * Changes the description of a route and nothing else. Only with capability `relabel`.
   * @throws PeerwayError `NotFound`; `Unsupported` and `InvalidArgument` before any request
   */
  async describe(route: RouteRef, description: string, options: CallOptions = {}): Promise<void> {
    const { features, limits } = this.#capabilities;
    requireSupport(features.relabel, this.#invoker.provider, 'changing the description of a route');
    refuse(textProblem(description, limits.description, 'description'));
    const describe = this.#driver.describe?.bind(this.#driver);
    if (describe === undefined) throw missingMember(this.#invoker.provider, 'routes.describe');
    await this.#invoker.run(
      { name: 'routes.describe', resource: routeKey(route), effect: 'repeatable' },
      options,
      (call) => describe(route, description, call),
    );
  }

  /** Removes one route; already gone is success. @throws PeerwayError `PermissionDenied` for a system route */
  async delete(route: RouteRef, options: RouteOptions = {}): Promise<void> {
    throwFirst(await this.deleteMany([route], options));
  }

  /** Removes routes as `createMany` writes them; already gone is success. */
  async deleteMany(routes: readonly RouteRef[], options: RouteOptions = {}): Promise<ItemOutcome[]> {
    requireSupport(this.#capabilities.features.explicit, this.#invoker.provider, 'removing routes');
    const isGone = (route: RouteRef, left: readonly Route[]): boolean =>
      !left.some((other) => sameRouteKey(other, route));
    const outcomes = await this.#inBatches(routes, options, {
      name: 'routes.delete',
      many: this.#bulk('deleteMany'),
      one: (route, call) => this.#driver.delete(route, call),
      doneWhen: isGone,
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
        isGone,
      );
    }
    return gone;
  }

  /** Sends every batch, then those items again that the cloud was too busy for, until `settleForMs` is over. */
  async #inBatches<T extends RouteRef | RouteCreate>(
    items: readonly T[],
    options: CallOptions,
    work: RouteWork<T>,
  ): Promise<ItemOutcome[]> {
    const { clock, random, retryPolicy = DEFAULT_RETRY_POLICY } = this.#invoker.environment;
    const { batch = 1, networksPerBatch = 1 } = this.#capabilities.limits;
    const limits = { size: work.many === undefined ? 1 : batch, networks: networksPerBatch };
    const end = clock.now() + retryPolicy.settleForMs;
    const stop = AbortSignal.any([options.signal, options.stopRepeating].filter((signal) => signal !== undefined));
    const entries = items.map((item): Entry<T> => ({
      item,
      tries: 0,
      doubtful: false,
      apart: false,
      error: undefined,
    }));
    for (let open = entries; ;) {
      const again: Failed<T>[] = [];
      for (const batch of batches(open, limits))
        again.push(...(await this.#attempt(batch, options, work, retryPolicy)));
      if (again.length === 0 || clock.now() >= end) break;
      open = again.map(({ entry }) => entry);
      const delayMs = retryPolicy.settleMs * (1 + random.next());
      for (const { error } of again) this.#invoker.retried(error, delayMs);
      await clock.sleep(delayMs, stop);
    }
    return entries.map(({ error }) => (error === undefined ? { ok: true } : { ok: false, error }));
  }

  /**
   * One request for one batch; leaves its error in each entry. After a lost answer the table shows what happened.
   * @returns the entries worth another try
   */
  async #attempt<T extends RouteRef | RouteCreate>(
    batch: Batch<T>,
    options: CallOptions,
    work: RouteWork<T>,
    policy: RetryPolicy,
  ): Promise<Failed<T>[]> {
    const { name } = work;
    const networks = [...new Set(batch.map(({ item }) => item.network))];
    const { answer, refused, lostAnAnswer } = await this.#send(batch, networks, options, work);
    // what stands in the way in one network is no reason to leave the routes of the others
    const apart = refused && networks.length > 1;
    const again: Failed<T>[] = [];
    for (const [index, entry] of batch.entries()) {
      entry.apart ||= apart;
      const outcome = answer[index] ?? lost(name);
      entry.error = undefined;
      if (outcome.ok) continue;
      const error = this.#invoker.explain(outcome.error, { operation: name, resource: routeKey(entry.item) });
      entry.error = error;
      const unsure = lostAnAnswer || isUnknown(error);
      entry.doubtful ||= unsure;
      const { retry } = error;
      const settling = retry === 'settle' && !refused;
      const worthIt = settling || unsure || (retry === 'backoff' && !refused) || (apart && retry !== 'backoff');
      // what is not settling is tried as often as any other call, whichever of the two loops sends it
      if (worthIt && (settling || entry.tries < policy.maxTries)) again.push({ entry, error });
    }
    const done = await this.#readBack(
      batch.filter(({ doubtful, error }) => doubtful && error !== undefined),
      options,
      work,
    );
    for (const entry of done) entry.error = undefined;
    // the rest of the doubtful is not in the table, so asking again makes no second one
    return again.filter(({ entry }) => !done.has(entry));
  }

  /** @returns what the cloud says of each; `refused`: of all of them at once, and repeated already as far as the error advised */
  async #send<T extends RouteRef | RouteCreate>(
    batch: Batch<T>,
    networks: readonly NetworkId[],
    options: CallOptions,
    { name, many, one, repeatable }: RouteWork<T>,
  ): Promise<{ readonly answer: readonly ItemOutcome[]; readonly refused: boolean; readonly lostAnAnswer: boolean }> {
    const items = batch.map(({ item }) => item);
    const first = batch[0].item;
    const resource = batch.length === 1 ? routeKey(first) : `${batch.length} routes of ${networks.join(', ')}`;
    const effect = repeatable && many === undefined ? 'repeatable' : 'unrepeatable';
    // together they are not asked to wait for one network that is busy
    const patience = networks.length > 1 ? { settleForMs: 0 } : {};
    let lostAnAnswer = false;
    try {
      const answer = await this.#invoker.run({ name, resource, effect }, { ...options, ...patience }, async (call) => {
        for (const entry of batch) entry.tries++;
        try {
          if (many !== undefined) return await many(items, call);
          await one(first, call);
          return [{ ok: true } as const];
        } catch (error) {
          lostAnAnswer ||= isUnknown(error);
          throw error;
        }
      });
      return { answer, refused: false, lostAnAnswer };
    } catch (thrown) {
      const error = toPeerwayError(thrown);
      if (error.code === 'Canceled') throw error;
      return { answer: batch.map(() => ({ ok: false, error })), refused: true, lostAnAnswer };
    }
  }

  /** Which of the doubtful have in truth been done, as their tables show. A read that fails leaves the doubt. */
  async #readBack<T extends RouteRef | RouteCreate>(
    doubtful: readonly Entry<T>[],
    options: CallOptions,
    work: RouteWork<T>,
  ): Promise<ReadonlySet<Entry<T>>> {
    const done = new Set<Entry<T>>();
    const tables = new Map<RouteTableId, readonly Route[] | undefined>();
    for (const entry of doubtful) {
      const { network, table } = entry.item;
      if (!tables.has(table)) tables.set(table, await this.#read(network, table, options).catch(unlessCanceled));
      const routes = tables.get(table);
      if (routes !== undefined && work.doneWhen(entry.item, routes)) done.add(entry);
    }
    return done;
  }

  async #settled<T extends RouteRef | RouteCreate>(
    items: readonly T[],
    options: WaitingOptions,
    what: string,
    isSettled: (item: T, routes: readonly Route[]) => boolean,
  ): Promise<void> {
    if (this.#capabilities.immediate === true) return;
    for (const [table, waiting] of groupBy(items, ({ table }) => table)) {
      await this.#invoker.wait(options, {
        what: `${what} in ${table}`,
        resource: table,
        look: () => this.#read(waiting[0].network, table, options),
        judge: (routes) => (waiting.every((item) => isSettled(item, routes)) ? { kind: 'success' } : { kind: 'retry' }),
        describe: (routes) => `${waiting.filter((item) => isSettled(item, routes)).length} of ${waiting.length}`,
      });
    }
  }

  async #read(network: NetworkId, table: RouteTableId, options: CallOptions): Promise<Route[]> {
    const routes: Route[] = [];
    for await (const route of this.list(network, table, { ...options, hops: 'irrelevant' })) routes.push(route);
    return routes;
  }

  /** The driver's bulk verb where its capability is supported; else undefined, and the items go one by one. */
  #bulk<K extends RouteFeature & ('createMany' | 'deleteMany')>(feature: K): RouteDriver[K] {
    if (this.#capabilities.features[feature].status !== 'supported') return undefined;
    const bulk: RouteDriver[K] = this.#driver[feature]?.bind(this.#driver);
    if (bulk === undefined) throw missingMember(this.#invoker.provider, `routes.${feature}`);
    return bulk;
  }

  #checked(request: RouteRequest): RouteCreate {
    const { features, limits } = this.#capabilities;
    const provider = this.#invoker.provider;
    requireSupport(features.explicit, provider, 'writing routes');
    const { description, source } = request;
    const destination = parseCidr(request.destination);
    if (source !== undefined) requireSupport(features.source, provider, 'routes with a source');
    if (cidrFamily(destination) === 6) requireSupport(features.ipv6, provider, 'IPv6 routes');
    const described = features.description.status === 'supported' && description !== undefined;
    if (described) refuse(textProblem(description, limits.description, 'description'));
    return {
      network: networkId(request.network),
      table: routeTableId(request.table),
      destination,
      nextHop: request.nextHop,
      clientToken: request.clientToken ?? this.#invoker.token(),
      ...(source === undefined ? {} : { source: parseCidr(source) }),
      ...(described ? { description } : {}),
    };
  }
}

/** One route on its way, and what has become of it so far. */
interface Entry<T> {
  readonly item: T;
  /** Requests that held it. */
  tries: number;
  /** An answer about it was lost at least once, so it may have been done. */
  doubtful: boolean;
  /** A request with routes of several networks was refused as a whole: from now on each network's go by themselves. */
  apart: boolean;
  /** Of the last request that held it; undefined: it is done, or has not been sent. */
  error: PeerwayError | undefined;
}

/** What one request sends. */
type Batch<T> = readonly [Entry<T>, ...Entry<T>[]];

/** A route that is worth another try, and why the last one failed. */
interface Failed<T> {
  readonly entry: Entry<T>;
  readonly error: PeerwayError;
}

interface RouteWork<T> {
  readonly name: string;
  readonly many: ((batch: readonly T[], call: Call) => Promise<readonly ItemOutcome[]>) | undefined;
  readonly one: (item: T, call: Call) => Promise<void>;
  /** Judges from the table's routes whether the item's work has been done. */
  readonly doneWhen: (item: T, routes: readonly Route[]) => boolean;
  /** Whether `one` may be sent twice without reading back. */
  readonly repeatable: boolean;
}

interface BatchLimits {
  readonly size: number;
  readonly networks: number;
}

function batches<T extends RouteRef | RouteCreate>(entries: readonly Entry<T>[], limits: BatchLimits): Batch<T>[] {
  return [
    ...packed(
      entries.filter(({ apart }) => !apart),
      limits,
    ),
    ...packed(
      entries.filter(({ apart }) => apart),
      { ...limits, networks: 1 },
    ),
  ];
}

/** As few batches as the cloud takes: each of so many routes, in so many networks, and no two that an answer could confuse. */
function packed<T extends RouteRef | RouteCreate>(entries: readonly Entry<T>[], limits: BatchLimits): Batch<T>[] {
  const open: {
    readonly entries: [Entry<T>, ...Entry<T>[]];
    readonly networks: Set<string>;
    readonly named: Set<string>;
  }[] = [];
  // those of one network stay together
  for (const group of groupBy(entries, ({ item }) => item.network).values()) {
    for (const entry of group) {
      const { network } = entry.item;
      const name = answeredBy(entry.item);
      const batch = open.find(
        (one) =>
          one.entries.length < limits.size &&
          (one.networks.has(network) || one.networks.size < limits.networks) &&
          !one.named.has(name),
      );
      if (batch === undefined) open.push({ entries: [entry], networks: new Set([network]), named: new Set([name]) });
      else {
        batch.entries.push(entry);
        batch.networks.add(network);
        batch.named.add(name);
      }
    }
  }
  return open.map((batch) => batch.entries);
}

/** By what the answer to a batch may name an item that failed. */
const answeredBy = (item: RouteRef | RouteCreate): string =>
  ('id' in item ? item.id : undefined) ?? `${item.destination} ${item.source ?? ''} ${item.nextHop.id}`;

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** What makes two readings one route: the cloud's id of it, or, on a cloud without, all that a deletion could name. */
const identityOf = (route: Route): string => route.id ?? `${routeKey(route)} ${route.nextHop.id}`;

const lost = (name: string): ItemOutcome => ({
  ok: false,
  error: new PeerwayError('Internal', `${name} lost an outcome`, {
    remedy: 'This is a defect of the provider package; the conformance kit shows it.',
  }),
});

function unlessCanceled(error: unknown): undefined {
  if (isPeerwayError(error, 'Canceled')) throw error;
}

function throwFirst(outcomes: readonly ItemOutcome[]): void {
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
}
