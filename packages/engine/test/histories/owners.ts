/** Whose each object of a world is: the judge's own book, kept by who was at work when it appeared. */
import type { StackName } from './file.js';
import { standing } from './judge.js';
import type { Row } from './manualAccess.js';
import type { HistoryWorld } from './world.js';

/** Keys of what belongs together with it: the other half of a pair, as one of the two names the other, and a border router with its halves. */
export function partnersOf(world: HistoryWorld, key: string): string[] {
  const tables = world.tables();
  const interfaces = tables['alibaba.routerInterfaces'] ?? [];
  const routers = tables['alibaba.borderRouters'] ?? [];
  const named = (row: Row): string => (row['opposite'] as { readonly interface: string }).interface;
  const nextTo = (row: Row): Row[] => [
    ...interfaces.filter((one) => one['router'] === row.id),
    ...routers.filter(({ id }) => row['router'] === id),
    ...(row['opposite'] === undefined
      ? []
      : interfaces.filter((one) => one.id === named(row) || named(one) === row.id)),
  ];
  const keyOf = (row: Row): string =>
    `${row['opposite'] === undefined ? 'alibaba.borderRouters' : 'alibaba.routerInterfaces'} ${row.id}`;
  const start = [...interfaces, ...routers].find((row) => keyOf(row) === key);
  const found = new Set(start === undefined ? [] : [start]);
  for (const row of found) for (const other of nextTo(row)) found.add(other);
  return [...found].filter((row) => row !== start).map(keyOf);
}

export class Owners {
  /** By `table id`. */
  readonly #of = new Map<string, StackName | 'nobody'>();
  /** Of some stack, and without any mark that would tell it so. */
  readonly #disowned = new Set<string>();

  /** Routes where no entry of the file spoke for their network when somebody forced past plan's `end-out-of-reach`. */
  readonly #abandoned = new Set<string>();

  /** Ids of what a release took our mark from, be it broken off: the tags that it left there are its owner's from then on. */
  readonly handedOver = new Set<string>();
  /** Whether a stack has adopted what another had. */
  changedHands = false;

  constructor(private readonly world: HistoryWorld) {
    this.note('nobody');
  }

  /** What nobody has noted yet is of whoever was at work. */
  note(who: StackName | 'nobody'): void {
    for (const key of standing(this.world)) if (!this.#of.has(key)) this.#of.set(key, who);
  }

  disown(keys: readonly string[]): void {
    for (const key of keys) if (this.#of.get(key) !== 'nobody') this.#disowned.add(key);
  }

  /** Plan named what is beyond reach and would stay, and was overruled. */
  abandon(beyond: ReadonlySet<string>): void {
    for (const key of beyond) if (/route/i.test(key)) this.#abandoned.add(key);
  }

  /**
   * Abandoned, and over nothing that stands: both clouds list routes by network or table only (`QueryRoutingTable` wants one of them, `DescribeRouteEntryList` a table), so in
   * a network that nothing names and nothing of ours leads to they show nowhere, also when an entry for the place is back in the file.
   */
  #isOutOfSight(key: string): boolean {
    if (!this.#abandoned.has(key)) return false;
    const rows = this.world.tables();
    const hops = ['alibaba.vpcPeers', 'alibaba.routerInterfaces', 'baidu.peerconns'].flatMap((table) =>
      (rows[table] ?? [])
        .filter((row) => !/^deleted$/i.test(String(row['status'])))
        .flatMap((row) => [
          row.id,
          ...[row['initiator'], row['acceptor']].map((end) => (end as Row | undefined)?.['ifId']),
        ]),
    );
    const row = [...(rows['alibaba.routeEntries'] ?? []), ...(rows['baidu.routeRules'] ?? [])].find(
      ({ id }) => id === key.split(' ')[1],
    );
    const leadsTo = [row?.['nexthopId'], ...((row?.['nextHops'] ?? []) as readonly Row[]).map(({ id }) => id)];
    return !leadsTo.some((hop) => hop !== undefined && hops.includes(hop));
  }

  release(key: string): void {
    this.#of.set(key, 'nobody');
  }

  /** With a peering that nobody owns any more go the routes over it whose mark somebody has taken off: nothing says whose they are. */
  releaseUnmarkedRoutes(): void {
    const rows = this.world.tables();
    const free = (table: string): Row[] =>
      (rows[table] ?? []).filter(({ id }) => this.#of.get(`${table} ${id}`) === 'nobody');
    const ends = free('baidu.peerconns').flatMap((row) => [row['initiator'], row['acceptor']]) as {
      readonly ifId: string;
    }[];
    const hops = new Set<unknown>([
      ...['alibaba.vpcPeers', 'alibaba.routerInterfaces'].flatMap((table) => free(table).map(({ id }) => id)),
      ...ends.map(({ ifId }) => ifId),
    ]);
    const over = (row: Row): boolean =>
      hops.has(row['nexthopId']) ||
      ((row['nextHops'] as readonly { readonly id: string }[] | undefined) ?? []).some(({ id }) => hops.has(id));
    for (const table of ['alibaba.routeEntries', 'baidu.routeRules'])
      for (const row of rows[table] ?? [])
        if (over(row) && !String(row['description']).startsWith('peerway ')) this.release(`${table} ${row.id}`);
  }

  /** What a command must leave alone. */
  foreignTo(stack: StackName): Set<string> {
    return new Set([...this.#of].filter(([, owner]) => owner !== stack).map(([key]) => key));
  }

  /** What a stack has made and its destroy must find. */
  foundBy(stack: StackName): Set<string> {
    return new Set(
      [...this.#of]
        .filter(([key, owner]) => owner === stack && !this.#disowned.has(key) && !this.#isOutOfSight(key))
        .map(([key]) => key),
    );
  }

  /** These became the stack's; the other half of a pair, and the routes over it that bear no other stack's mark, come along. */
  adopt(stack: StackName, keys: readonly string[]): void {
    const take = (key: string): void => {
      if (![undefined, 'nobody', stack].includes(this.#of.get(key))) this.changedHands = true;
      this.#of.set(key, stack);
      this.#disowned.delete(key);
    };
    const along = (key: string): void => {
      if (this.#disowned.has(key) || ['nobody', stack].includes(this.#of.get(key) ?? 'nobody')) take(key);
    };
    for (const key of keys) take(key);
    const ours = (key: string): boolean => this.#of.get(key) === stack;
    const rows = this.world.tables();
    for (const { id } of rows['alibaba.routerInterfaces'] ?? []) {
      const key = `alibaba.routerInterfaces ${id}`;
      if (partnersOf(this.world, key).some(ours)) take(key);
    }
    const hops = new Set(
      ['alibaba.vpcPeers', 'alibaba.routerInterfaces'].flatMap((table) =>
        (rows[table] ?? []).filter(({ id }) => ours(`${table} ${id}`)).map(({ id }) => id),
      ),
    );
    for (const row of rows['alibaba.routeEntries'] ?? [])
      if ((row['nextHops'] as readonly { readonly id: string }[]).some(({ id }) => hops.has(id)))
        along(`alibaba.routeEntries ${row.id}`);
    const ends = (rows['baidu.peerconns'] ?? [])
      .filter((row) => ours(`baidu.peerconns ${row.id}`))
      .flatMap((row) => [row['initiator'], row['acceptor']] as { readonly ifId: string }[]);
    for (const row of rows['baidu.routeRules'] ?? [])
      if (ends.some(({ ifId }) => ifId === row['nexthopId'])) along(`baidu.routeRules ${row.id}`);
  }
}
