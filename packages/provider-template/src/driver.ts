/** The driver: one cloud action per call, nothing else. Validation, retries, waiting and paging loops are core's. */
import {
  accountId,
  linkId,
  networkId,
  peeringId,
  PeerwayError,
  readEach,
  type AccountId,
  type Call,
  type ItemOutcome,
  type LinkChange,
  type LinkDriver,
  type NativeToken,
  type NetworkDriver,
  type Page,
  type PeeringChange,
  type PeeringDriver,
  type ProviderDriver,
  type RouteCreate,
  type RouteDriver,
  type RouteRef,
  type RouteTable,
  type Unreadable,
} from '@peerway/core';
import { tinyClient, type TinyClient } from './client.js';
import type { WireLine, WireNetwork, WirePeering, WireRoute, WireTable } from './wire.js';
import { toKbps, toLink, toNetwork, toPeering, toRole, toRoute, toTable } from './convert.js';
import { fromFailure } from './errors.js';

export class TinyDriver implements ProviderDriver {
  readonly networks: NetworkDriver;
  readonly peerings: PeeringDriver;
  readonly routes: RouteDriver;
  readonly links: LinkDriver;
  readonly #client: TinyClient;
  readonly #account: (call: Call) => Promise<string>;

  constructor(client: TinyClient, account: (call: Call) => Promise<string>) {
    this.#client = client;
    this.networks = networks(client);
    this.peerings = peerings(client, account);
    this.routes = routes(client);
    this.links = links(client);
    this.#account = account;
  }

  async ownAccount(call: Call): Promise<AccountId> {
    return accountId(await this.#account(call));
  }

  native<T>(token: NativeToken<T>): T | undefined {
    return (token as NativeToken<unknown>) === tinyClient ? (this.#client as T) : undefined;
  }

  async close(): Promise<void> {}
}

interface WirePage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Whose an item is that cannot be read: a listing names it and goes on. */
type Whose = Omit<Unreadable, 'error'>;

const pageOf = <W, T>(wire: WirePage<W>, convert: (item: W) => T, whose: (item: W) => Whose): Page<T> => ({
  ...readEach(wire.items, convert, whose),
  ...(wire.next === undefined ? {} : { next: wire.next }),
});

const whoseNetwork = ({ id }: WireNetwork): Whose => ({ id, networks: [networkId(id)], description: '', tags: {} });
const whosePeering = ({ id, from, to, note, labels }: WirePeering): Whose => ({
  id,
  networks: [networkId(from.network), networkId(to.network)],
  description: note,
  tags: labels,
});
const whoseRoute = ({ id, network, note }: WireRoute): Whose => ({
  id,
  networks: [networkId(network)],
  description: note,
  tags: {},
});
const whoseLine = ({ id, network, note, labels }: WireLine): Whose => ({
  id,
  networks: [networkId(network)],
  description: note,
  tags: labels,
});

const networks = (client: TinyClient): NetworkDriver => ({
  get: async (ids, call) =>
    (await client.send<WirePage<WireNetwork>>('ListNetworks', { ids }, call)).items.map(toNetwork),
  list: async (marker, call) =>
    pageOf(await client.send<WirePage<WireNetwork>>('ListNetworks', { marker }, call), toNetwork, whoseNetwork),
});

const peerings = (client: TinyClient, account: (call: Call) => Promise<string>): PeeringDriver => ({
  async create({ initiator, acceptor, name, description, bandwidthMbps, tags, deletionProtection, clientToken }, call) {
    const made = await client.send<{ id: string }>(
      'CreatePeering',
      {
        token: clientToken,
        from: initiator,
        to: acceptor.network,
        toOwner: acceptor.account ?? (await account(call)),
        toRegion: acceptor.region,
        name,
        note: description,
        labels: tags,
        ...(deletionProtection === true ? { locked: true } : {}),
        ...(bandwidthMbps === undefined ? {} : { kbps: toKbps(bandwidthMbps) }),
      },
      call,
    );
    return peeringId(made.id);
  },
  get: async (id, side, call) =>
    toPeering(await client.send<WirePeering>('GetPeering', { id, role: toRole(side) }, call)),
  async list({ network, between }, marker, call) {
    const wire = await client.send<WirePage<WirePeering>>(
      'ListPeerings',
      { network: network ?? between?.[0], marker },
      call,
    );
    // the cloud filters by one network only
    const joins = ({ from, to }: WirePeering): boolean =>
      between === undefined || (between.includes(networkId(from.network)) && between.includes(networkId(to.network)));
    return pageOf({ ...wire, items: wire.items.filter(joins) }, toPeering, whosePeering);
  },
  accept: (id, call) => client.send('AcceptPeering', { id, role: 'to' }, call),
  reject: (id, call) => client.send('RejectPeering', { id, role: 'to' }, call),
  update: (id, side, change, call) =>
    client.send('ChangePeering', { id, role: toRole(side), ...toWireChange(change) }, call),
  async delete(id, side, call) {
    await client.send('DeletePeering', { id, role: toRole(side) }, call);
    return 'started';
  },
});

function toWireChange(change: PeeringChange): Record<string, unknown> {
  switch (change.kind) {
    case 'labels':
      return { name: change.name, note: change.description };
    case 'bandwidth':
      return { kbps: toKbps(change.bandwidthMbps) };
    case 'tags':
      return { setLabels: change.set, removeLabels: change.remove };
    case 'deletionProtection':
      return { locked: change.enabled };
    case 'suspended':
      return { paused: change.suspended };
    case 'dnsSync':
    case 'settings':
      throw new PeerwayError('Unsupported', `There is no ${change.kind} here`);
  }
}

const routes = (client: TinyClient): RouteDriver => {
  const many = async (action: string, items: readonly object[], call: Call): Promise<ItemOutcome[]> => {
    const { results } = await client.send<{ results: readonly ({ code: string; message: string } | null)[] }>(
      action,
      { items },
      call,
    );
    return results.map((failure) =>
      failure === null ? { ok: true } : { ok: false, error: fromFailure(failure, { nativeOperation: action }) },
    );
  };
  const createMany = (inputs: readonly RouteCreate[], call: Call): Promise<ItemOutcome[]> =>
    many(
      'AddRoutes',
      inputs.map(({ table, destination, nextHop, description }) => ({
        table,
        to: destination,
        via: { kind: nextHop.kind === 'link' ? 'line' : 'interface', id: nextHop.id },
        note: description,
      })),
      call,
    );
  const deleteMany = (refs: readonly RouteRef[], call: Call): Promise<ItemOutcome[]> =>
    many(
      'RemoveRoutes',
      refs.map(({ table, destination }) => ({ table, to: destination })),
      call,
    );
  const single = async (outcomes: Promise<readonly ItemOutcome[]>): Promise<void> => {
    const [outcome] = await outcomes;
    if (outcome?.ok === false) throw outcome.error;
  };
  return {
    async tables(network, call) {
      const tables: RouteTable[] = [];
      let marker: string | undefined;
      do {
        const page = await client.send<WirePage<WireTable>>('ListTables', { network, marker }, call);
        tables.push(...page.items.map(toTable));
        marker = page.next;
      } while (marker !== undefined);
      return tables;
    },
    list: async (_network, table, marker, call) =>
      pageOf(await client.send<WirePage<WireRoute>>('ListRoutes', { table, marker }, call), toRoute, whoseRoute),
    create: (input, call) => single(createMany([input], call)),
    createMany,
    delete: (route, call) => single(deleteMany([route], call)),
    deleteMany,
  };
};

const links = (client: TinyClient): LinkDriver => ({
  async create(
    { network, port, vlan, cloudIp, customerIp, name, description, bandwidthMbps, tags, clientToken },
    call,
  ) {
    const made = await client.send<{ id: string }>(
      'CreateLine',
      {
        token: clientToken,
        network,
        port,
        vlan,
        near: cloudIp,
        far: customerIp,
        name,
        note: description,
        labels: tags,
        kbps: toKbps(bandwidthMbps ?? 0),
      },
      call,
    );
    return linkId(made.id);
  },
  continue: (id, _input, call) => client.send('AttachLine', { id }, call),
  get: async (id, call) => toLink(await client.send<WireLine>('GetLine', { id }, call)),
  list: async ({ network, port }, marker, call) =>
    pageOf(await client.send<WirePage<WireLine>>('ListLines', { network, port, marker }, call), toLink, whoseLine),
  async update(id, change, call) {
    if (change.kind === 'suspended') await client.send('PauseLine', { id, paused: change.suspended }, call);
    else await client.send('ChangeLine', { id, ...toWireLineChange(change) }, call);
  },
  async delete(id, call) {
    await client.send('DeleteLine', { id }, call);
    return 'started';
  },
});

function toWireLineChange(change: Exclude<LinkChange, { kind: 'suspended' }>): Record<string, unknown> {
  switch (change.kind) {
    case 'labels':
      return { name: change.name, note: change.description };
    case 'bandwidth':
      return { kbps: toKbps(change.bandwidthMbps) };
    case 'tags':
      return { setLabels: change.set, removeLabels: change.remove };
    case 'addresses':
      return { near: change.cloudIp, far: change.customerIp };
    case 'localPrefixes':
    case 'healthCheck':
    case 'settings':
      throw new PeerwayError('Unsupported', `There is no ${change.kind} here`);
  }
}
