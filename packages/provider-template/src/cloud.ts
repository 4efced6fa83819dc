/**
 * The cloud behind the template: small, in memory, and with a wire format of its own, so that the driver has something
 * real to translate. An author of a provider throws this file away: their cloud is on the other end of HTTP.
 *
 * Lifecycles move by the injected clock. Words, units (kbit/s) and error codes differ from Peerway's on purpose.
 */
import type { Clock } from '@peerway/core';
import { CloudFault, deadline, fits, met, page, type FaultState } from './cloudFaults.js';
import { lineActions } from './cloudLines.js';
import {
  alive,
  each,
  failed,
  joins,
  optional,
  owns,
  refuse,
  Refusal,
  role,
  text,
  view,
  type Action,
  type Caller,
  type Params,
  type StoredLine,
  type StoredPeering,
  type StoredRoute,
  type Timed,
} from './cloudStore.js';
import type { PeeringWord, Role, WireAnswer, WireEnd, WireNetwork, WireRequest, WireRoute, WireTable } from './wire.js';

const STEP_MS = 2_000;
const WEEK_MS = 7 * 86_400_000;
/** Words in which a peering no longer keeps its two networks occupied; a refused one does, until it is deleted. */
const OVER: ReadonlySet<PeeringWord> = new Set(['lapsed', 'broken', 'gone']);

const DEAD: ReadonlySet<PeeringWord> = new Set(['refused', 'lapsed', 'broken']);

interface LoggedWireRequest {
  readonly action: string;
  readonly region: string;
  readonly mutating: boolean;
}

export class Cloud {
  readonly requests: LoggedWireRequest[] = [];
  /** True: what was refused, has lapsed or is broken cannot be deleted and stays listed, but keeps no pair occupied. */
  deadStay = false;
  readonly #clock: Clock;
  readonly #logins = new Map<string, { secret: string; owner: string }>();
  readonly #networks = new Map<string, WireNetwork>();
  readonly #peerings = new Map<string, StoredPeering>();
  readonly #tables = new Map<string, WireTable>();
  readonly #routes = new Map<string, StoredRoute>();
  readonly #lines = new Map<string, StoredLine>();
  readonly #tokens = new Map<string, { input: string; id: string }>();
  readonly #creating = new Map<string, number>();
  #faults: FaultState[] = [];
  readonly #counts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  // What people do in the cloud's console: no request is logged.

  addLogin(key: string, secret: string, owner: string): void {
    this.#logins.set(key, { secret, owner });
  }

  addNetwork(owner: string, region: string, prefixes: readonly string[], name = ''): string {
    const id = this.#id('net');
    this.#networks.set(id, { id, owner, region, name, prefixes, status: 'ready' });
    const table = this.#addTable(`tab-${id}`, id, 'main');
    for (const prefix of prefixes) this.#store(table, prefix, { kind: 'local', id: 'local' }, '', true);
    return id;
  }

  addTable(network: string): string {
    return this.#addTable(this.#id('tab'), network, 'extra').id;
  }

  /** One more subnet uses the table. */
  useTable(id: string): void {
    const table = this.#tables.get(id);
    if (table !== undefined) this.#tables.set(id, { ...table, subnets: table.subnets + 1 });
  }

  plantRoute(network: string, to: string): void {
    this.#store({ id: `tab-${network}`, network }, to, { kind: 'appliance', id: 'vm-1' }, 'not yours');
  }

  removeRoute(network: string, to: string): void {
    for (const [id, route] of this.#routes) {
      if (route.table === `tab-${network}` && route.to === to) this.#routes.delete(id);
    }
  }

  plantPeering(from: string, to: string): string {
    const peering = this.#peer(this.#network(from), this.#network(to), { name: 'not yours', kbps: 1000 });
    peering.status = 'up';
    delete peering.then;
    return peering.id;
  }

  /** Takes it away at once, as if somebody had ended it a while ago. */
  removePeering(id: string): void {
    this.forceWord('peering', id, 'gone');
  }

  /** Shows the word, whatever it is, as the state of the thing. */
  forceWord(kind: 'network' | 'peering' | 'line' | 'route', id: string, word: string): void {
    const things = { network: this.#networks, peering: this.#peerings, line: this.#lines, route: this.#routes }[kind];
    const thing = things.get(id) as { status: string; then?: unknown } | undefined;
    if (thing === undefined) throw new Error(`there is no ${kind} ${id}`);
    thing.status = word;
    delete thing.then;
  }

  /** The id of the route in the network's main table. */
  routeTo(network: string, to: string): string {
    const found = [...this.#routes.values()].find((one) => one.table === `tab-${network}` && one.to === to);
    if (found === undefined) throw new Error(`there is no route to ${to}`);
    return found.id;
  }

  respellNetwork(id: string, prefixes: readonly string[]): void {
    this.#networks.set(id, { ...this.#network(id), prefixes });
  }

  respellRoute(id: string, to: string): void {
    const route = this.#routes.get(id);
    if (route !== undefined) route.spelled = to;
  }

  fault(fault: FaultState): void {
    this.#faults.push({ ...fault });
  }

  clearFaults(): void {
    this.#faults = [];
  }

  /** Every request comes through here. Rejects only when the connection breaks or the signal aborts. */
  async send(request: WireRequest): Promise<WireAnswer> {
    const action = this.#actions[request.action];
    const mutating = !/^(Get|List)/.test(request.action);
    this.requests.push({ action: request.action, region: request.region, mutating });
    const fault = met(this.#faults, mutating);
    const label = this.#id('request');
    if (typeof fault?.kind === 'object')
      return failed(fault.kind.status, { code: fault.kind.code, message: 'refused on purpose' }, label);
    if (fault?.kind === 'hang') await deadline(request.signal);
    if (fault?.kind === 'cut') throw new CloudFault('cut');
    if (fault?.kind === 'htmlError') return { status: 502, body: '<html><body>Bad Gateway</body></html>' };
    if (fault?.kind === 'denied') return failed(403, { code: 'NoRight', message: 'these keys may not' }, label);
    if (fault?.kind === 'throttle') return failed(429, { code: 'SlowDown', message: 'too many requests' }, label);
    if (fault?.kind === 'unavailable') return failed(503, { code: 'TryLater', message: 'out of service' }, label);
    const answer = this.#answer(action, request, label);
    if (fault?.kind === 'lostAnswer') throw new CloudFault('cut');
    if (fault?.kind === 'truncatedBody')
      return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    return answer;
  }

  #answer(action: Action | undefined, request: WireRequest, label: string): WireAnswer {
    const login = this.#logins.get(request.key);
    if (login === undefined || login.secret !== request.secret) {
      return failed(401, { code: 'BadKey', message: 'the key is unknown or its secret is another' }, label);
    }
    if (action === undefined) return failed(400, { code: 'NoSuchAction', message: request.action }, label);
    this.#tick();
    try {
      return {
        status: 200,
        body: JSON.stringify(action({ owner: login.owner, region: request.region }, request.params) ?? {}),
      };
    } catch (thrown) {
      if (thrown instanceof Refusal) return failed(thrown.status, thrown.failure, label);
      throw thrown;
    }
  }

  readonly #actions: Readonly<Record<string, Action>> = {
    ListNetworks: (who, { marker, ids }) =>
      page(
        [...this.#networks.values()].filter((one) => owns(who, one) && fits(ids, one.id)),
        marker,
      ),

    GetOwner: (who) => ({ owner: who.owner }),

    CreatePeering: (who, params) => {
      const { token, ...input } = params;
      const known = this.#tokens.get(`${who.owner} ${String(token)}`);
      if (known !== undefined) {
        if (known.input !== JSON.stringify(input)) refuse(400, 'TokenReused', 'the token was used for something else');
        return { id: known.id };
      }
      const from = this.#network(text(params, 'from'), who);
      const to = this.#network(text(params, 'to'));
      if (to.owner !== text(params, 'toOwner') || to.region !== text(params, 'toRegion'))
        refuse(404, 'NoSuchNetwork', to.id);
      for (const other of this.#peerings.values()) {
        const over = OVER.has(other.status) || (this.deadStay && DEAD.has(other.status));
        if (!over && joins(other, from.id, to.id)) refuse(409, 'PairJoined', `joined by ${other.id}`);
      }
      for (const one of [from.id, to.id]) {
        if ((this.#creating.get(one) ?? 0) > this.#clock.now()) refuse(409, 'NetworkBusy', `${one} is being joined`);
      }
      const { id } = this.#peer(from, to, params);
      this.#tokens.set(`${who.owner} ${String(token)}`, { input: JSON.stringify(input), id });
      return { id };
    },

    GetPeering: (who, params) => view(this.#seen(who, params), role(params)),

    ListPeerings: (who, { network, marker }) => {
      const views = [...this.#peerings.values()]
        .filter((one) => one.status !== 'gone')
        .flatMap((one) => (['from', 'to'] as const).filter((end) => owns(who, one[end])).map((end) => view(one, end)))
        .filter((one) => network === undefined || one.from.network === network || one.to.network === network);
      return page(views, marker);
    },

    AcceptPeering: (who, params) => {
      const peering = this.#seen(who, params, 'to');
      if (peering.status === 'up') return;
      if (peering.status !== 'asked') refuse(409, 'WrongState', peering.status);
      this.#move(peering, 'changing', 'up');
    },

    RejectPeering: (who, params) => {
      const peering = this.#seen(who, params, 'to');
      if (peering.status !== 'asked') refuse(409, 'WrongState', peering.status);
      peering.status = 'refused';
    },

    ChangePeering: (who, params) => {
      const peering = this.#seen(who, params);
      if (peering.status !== 'up' && peering.status !== 'paused') refuse(409, 'WrongState', peering.status);
      const rest = peering.status;
      if (typeof params['name'] === 'string') peering.name = params['name'];
      if (typeof params['note'] === 'string') peering.note = params['note'];
      if (typeof params['locked'] === 'boolean') peering.locked = params['locked'];
      const labels = peering.labels[role(params)];
      Object.assign(labels, params['setLabels'] ?? {});
      for (const gone of (params['removeLabels'] ?? []) as string[]) delete labels[gone];
      if (typeof params['kbps'] === 'number') {
        peering.kbps = params['kbps'];
        this.#move(peering, 'changing', rest);
      }
      if (typeof params['paused'] === 'boolean') this.#move(peering, 'changing', params['paused'] ? 'paused' : 'up');
    },

    DeletePeering: (who, params) => {
      const peering = this.#seen(who, params);
      if (peering.status === 'gone') refuse(404, 'NoSuchPeering', peering.id);
      if (this.deadStay && DEAD.has(peering.status)) refuse(409, 'WrongState', peering.status);
      if (peering.locked) refuse(409, 'Locked', 'unlock it first');
      if (peering.status !== 'ending') this.#move(peering, 'ending', 'gone');
    },

    ListTables: (who, { network, marker }) => {
      const { id } = this.#network(String(network), who);
      return page(
        [...this.#tables.values()].filter((one) => one.network === id),
        marker,
      );
    },

    ListRoutes: (who, params) => {
      const { id } = this.#table(who, text(params, 'table'));
      return page(
        [...this.#routes.values()].filter((one) => one.table === id).map((one) => this.#routeView(one)),
        params['marker'],
      );
    },

    AddRoutes: (who, params) =>
      each(params, (item) => {
        const table = this.#table(who, text(item, 'table'));
        const via = item['via'] as WireRoute['via'];
        if (this.#target(via) === undefined) refuse(400, 'NoSuchHop', via.id);
        const existing = [...this.#routes.values()].find((one) => one.table === table.id && one.to === item['to']);
        if (existing !== undefined) refuse(409, 'RouteExists', existing.id);
        const route = this.#store(table, text(item, 'to'), via, optional(item, 'note'));
        this.#move(route, 'pending', 'ok');
      }),

    RemoveRoutes: (who, params) =>
      each(params, (item) => {
        const { id } = this.#table(who, text(item, 'table'));
        const route = [...this.#routes.values()].find((one) => one.table === id && one.to === item['to']);
        if (route === undefined) refuse(404, 'NoSuchRoute', text(item, 'to'));
        if (route.builtIn) refuse(403, 'BuiltIn', 'built-in routes stay');
        route.status = 'removing';
        route.removedAt = this.#clock.now() + STEP_MS;
      }),

    ...lineActions({
      lines: this.#lines,
      tokens: this.#tokens,
      id: (kind) => this.#id(kind),
      network: (id, who) => this.#network(id, who),
      move: (line, now, then) => this.#move(line, now, then),
    }),
  };

  #id(kind: string): string {
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    return `${kind}-${number.toString(16).padStart(8, '0')}`;
  }

  #peer(from: WireNetwork, to: WireNetwork, params: Params): StoredPeering {
    const auto = from.owner === to.owner;
    const end = ({ owner, region, id }: WireNetwork): WireEnd => ({ owner, region, network: id });
    const peering: StoredPeering = {
      id: this.#id('peer'),
      from: end(from),
      to: end(to),
      status: 'making',
      kbps: Number(params['kbps'] ?? 0),
      name: optional(params, 'name'),
      note: optional(params, 'note'),
      born: this.#clock.now(),
      locked: params['locked'] === true,
      labels: { from: { ...(params['labels'] as object | undefined) }, to: {} },
      ...(auto ? {} : { lapses: this.#clock.now() + WEEK_MS }),
    };
    this.#peerings.set(peering.id, peering);
    this.#move(peering, 'making', auto ? 'up' : 'asked');
    for (const one of [from.id, to.id]) this.#creating.set(one, this.#clock.now() + STEP_MS);
    return peering;
  }

  #addTable(id: string, network: string, name: WireTable['name']): WireTable {
    const table: WireTable = { id, network, name, subnets: 0 };
    this.#tables.set(id, table);
    return table;
  }

  #store(
    table: Pick<WireTable, 'id' | 'network'>,
    to: string,
    via: WireRoute['via'],
    note: string,
    builtIn = false,
  ): StoredRoute {
    const route: StoredRoute = {
      id: this.#id('route'),
      table: table.id,
      network: table.network,
      to,
      via,
      status: 'ok',
      builtIn,
      note,
    };
    this.#routes.set(route.id, route);
    return route;
  }

  #move<W>(thing: Timed<W>, now: W, then: W): void {
    thing.status = now;
    thing.then = { at: this.#clock.now() + STEP_MS, status: then };
  }

  /** Brings every lifecycle up to the present. */
  #tick(): void {
    const now = this.#clock.now();
    const due = <W>(thing: Timed<W>): void => {
      if (thing.then === undefined || thing.then.at > now) return;
      thing.status = thing.then.status;
      delete thing.then;
    };
    for (const peering of this.#peerings.values()) {
      due(peering);
      if (peering.status === 'asked' && (peering.lapses ?? Infinity) <= now) peering.status = 'lapsed';
    }
    this.#lines.forEach(due);
    for (const route of this.#routes.values()) {
      due(route);
      if ((route.removedAt ?? Infinity) <= now) this.#routes.delete(route.id);
    }
  }

  #network(id: string, who?: Caller): WireNetwork {
    const network = this.#networks.get(id);
    if (network === undefined || (who !== undefined && !owns(who, network))) refuse(404, 'NoSuchNetwork', id);
    return network;
  }

  #seen(who: Caller, params: Params, needed: Role = role(params)): StoredPeering {
    const peering = this.#peerings.get(text(params, 'id'));
    if (peering === undefined || !(owns(who, peering.from) || owns(who, peering.to)))
      refuse(404, 'NoSuchPeering', text(params, 'id'));
    if (!owns(who, peering[needed])) refuse(403, 'NotYourEnd', needed);
    return peering;
  }

  #table(who: Caller, id: string): WireTable {
    const table = this.#tables.get(id);
    if (table === undefined || !owns(who, this.#network(table.network))) refuse(404, 'NoSuchTable', id);
    return table;
  }

  #target(via: WireRoute['via']): { readonly alive: boolean } | undefined {
    if (via.kind === 'line') return alive(this.#lines.get(via.id)?.status);
    if (via.kind === 'interface')
      return alive(this.#peerings.get(via.id.slice('if-'.length).replace(/-(from|to)$/, ''))?.status);
    return { alive: true };
  }

  #routeView(route: StoredRoute): WireRoute {
    const { then: _then, removedAt: _removedAt, spelled = route.to, ...kept } = route;
    const rest = { ...kept, to: spelled };
    return route.status === 'ok' && this.#target(route.via)?.alive !== true ? { ...rest, status: 'dead' } : rest;
  }
}
