/** How a good driver is broken: a few members replaced, the rest as it was. */
import { accountId, isPeerwayError } from '@peerway/core';
import type {
  AccountId,
  Call,
  Link,
  LinkDriver,
  NetworkDriver,
  Page,
  Peering,
  PeeringDriver,
  ProviderDriver,
  ProviderPlugin,
  Route,
  RouteDriver,
} from '@peerway/core';
import type { Topic } from '../src/index.js';

export interface Mutant {
  readonly name: string;
  /** Where the defect was seen in the wild, if it was: a number of docs/facts/known-defects.md, or of another source. */
  readonly seen?: string;
  /** Topics that are tried first. */
  readonly topics: readonly Topic[];
  readonly driver?: (good: ProviderDriver) => ProviderDriver;
  readonly plugin?: (good: ProviderPlugin) => ProviderPlugin;
  /** Which good driver is broken. Default: the template's. */
  readonly over?: 'mirrored';
  /** Why the kit cannot see it, for those that it is known to let through. */
  readonly survives?: string;
}

export const withParts = (
  good: ProviderDriver,
  parts: {
    readonly networks?: Partial<NetworkDriver>;
    readonly peerings?: Partial<PeeringDriver>;
    readonly routes?: Partial<RouteDriver>;
    readonly links?: Partial<LinkDriver>;
    readonly native?: ProviderDriver['native'];
  },
): ProviderDriver => ({
  networks: { ...good.networks, ...parts.networks },
  peerings: { ...good.peerings, ...parts.peerings },
  routes: { ...good.routes, ...parts.routes },
  ...(good.links === undefined ? {} : { links: { ...good.links, ...parts.links } }),
  ...(good.ownAccount === undefined
    ? {}
    : { ownAccount: (call: Call) => good.ownAccount?.(call) as Promise<AccountId> }),
  native: parts.native ?? ((token) => good.native(token)),
  close: () => good.close(),
});

export const networks = (part: (good: NetworkDriver) => Partial<NetworkDriver>) => (good: ProviderDriver) =>
  withParts(good, { networks: part(good.networks) });
export const peerings = (part: (good: PeeringDriver) => Partial<PeeringDriver>) => (good: ProviderDriver) =>
  withParts(good, { peerings: part(good.peerings) });
export const routes = (part: (good: RouteDriver) => Partial<RouteDriver>) => (good: ProviderDriver) =>
  withParts(good, { routes: part(good.routes) });
export const links = (part: (good: LinkDriver) => Partial<LinkDriver>) => (good: ProviderDriver) =>
  withParts(good, good.links === undefined ? {} : { links: part(good.links) });

/** Every route that is listed, passed through `change`. */
export const mapRoutes = (change: (route: Route) => Route) =>
  routes((good) => ({
    list: async (network, table, cursor, call) => {
      const page = await good.list(network, table, cursor, call);
      return { ...page, items: page.items.map(change) };
    },
  }));

/** Every reading of a link, of get and list, passed through `change`. */
export const mapLinks = (change: (link: Link) => Link) =>
  links((good) => ({
    get: async (id, call) => change(await good.get(id, call)),
    list: async (query, cursor, call) => {
      const page = await good.list(query, cursor, call);
      return { ...page, items: page.items.map(change) };
    },
  }));

/** Every reading, of get and list, passed through `change`. */
export const readings = (change: (peering: Peering) => Peering) =>
  peerings((good) => ({
    get: async (id, side, call) => change(await good.get(id, side, call)),
    list: async (query, cursor, call) => {
      const page = await good.list(query, cursor, call);
      return { ...page, items: page.items.map(change) };
    },
  }));

type Member = (...args: unknown[]) => unknown;

/** Every member of every part, made anew by `around`. */
const everyMember =
  (around: (member: Member) => Member) =>
  (good: ProviderDriver): ProviderDriver => {
    const wrap = <T extends object>(part: T): T =>
      new Proxy(part, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? around(member as Member) : member;
        },
      });
    return {
      networks: wrap(good.networks),
      peerings: wrap(good.peerings),
      routes: wrap(good.routes),
      ...(good.links === undefined ? {} : { links: wrap(good.links) }),
      ...(good.ownAccount === undefined
        ? {}
        : { ownAccount: around((call) => good.ownAccount?.(call as Call)) as (call: Call) => Promise<AccountId> }),
      native: (token) => good.native(token),
      close: () => good.close(),
    };
  };

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'admit' in value && 'signal' in value;

/** Every call of every member with another `call`. */
export const calls = (change: (call: Call) => Call) =>
  everyMember(
    (member) =>
      (...args) =>
        member(...args.map((one) => (isCall(one) ? change(one) : one))),
  );

/** Every error of every member passed through `change`. */
export const failures = (change: (error: unknown) => unknown) =>
  everyMember((member) => async (...args) => {
    try {
      return await member(...args);
    } catch (error) {
      throw change(error);
    }
  });

/** A listing that stops after its first page. */
export const firstPage = <T>({ items }: Page<T>): Page<T> => ({ items });

/** Every page of a listing, as a driver that must not would read them. */
export async function every<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor);
    all.push(...page.items);
    if (page.next === undefined) return all;
    cursor = page.next;
  }
}

/** An account id that went through a JavaScript number. */
export const rounded = (account: string) => accountId(String(Number(account)));

/** Lets one kind of error pass as success, and every other through. */
export const swallow = (code: Parameters<typeof isPeerwayError>[1]) => (error: unknown) => {
  if (!isPeerwayError(error, code)) throw error;
};
