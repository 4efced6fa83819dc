/** The run's networks on Baidu AI Cloud, and the requests that most probes make. */
import type { RawAnswer } from '@peerway/core';
import { codeOf, isGood, rowsAt, textAt, type Row } from '../answers.js';
import { markOf } from '../marker.js';
import { Unsettled } from '../unsettled.js';
import { Stage } from '../stage.js';
import type { PartyKey } from '../wire/parties.js';
import { restRequest, type RestMore } from './rest.js';

export interface BaiduNetwork {
  readonly role: string;
  readonly party: PartyKey;
  readonly id: string;
  readonly table: string;
  readonly cidr: string;
}

/** Bandwidths to begin a link with: where the first is refused, the least or the greatest may lie elsewhere than thought. */
const BANDWIDTHS = [10, 100, 1] as const;

export class BaiduStage extends Stage {
  readonly #networks = new Map<string, BaiduNetwork>();

  get(path: string, query?: Readonly<Record<string, string>>, party: PartyKey = 'a'): Promise<RawAnswer> {
    return this.ask(party, restRequest('GET', path, query === undefined ? {} : { query }));
  }

  /** Creations carry a token of their own. */
  post(path: string, body: unknown, { party = 'a', token }: Asking = {}): Promise<RawAnswer> {
    return this.ask(party, restRequest('POST', path, { query: { clientToken: token ?? this.token() }, body }));
  }

  put(path: string, more: RestMore, party: PartyKey = 'a'): Promise<RawAnswer> {
    return this.ask(party, restRequest('PUT', path, more));
  }

  delete(path: string, party: PartyKey = 'a'): Promise<RawAnswer> {
    return this.ask(party, restRequest('DELETE', path, { query: { clientToken: this.token() } }));
  }

  /** @throws Unsettled for a network that could not be made */
  network(role: string): BaiduNetwork {
    const network = this.#networks.get(role);
    if (network === undefined) throw new Unsettled(`the network ${role} was not made`);
    return network;
  }

  /** One request for a network of the run. */
  tryNetwork(role: string, party: PartyKey, cidr: string, token?: string): Promise<RawAnswer> {
    return this.post(
      '/v1/vpc',
      { ...markOf(this.run, role), cidr },
      { party, ...(token === undefined ? {} : { token }) },
    );
  }

  /** @param cidr in 198.18.0.0/16, as the probes see it */
  async makeNetwork(role: string, party: PartyKey, cidr: string): Promise<BaiduNetwork> {
    const made = await this.tryNetwork(role, party, cidr);
    if (!isGood(made)) throw new Unsettled(`no network could be made: ${codeOf(made)}`);
    const id = textAt(made.body, 'vpcId');
    const table = await this.until(
      async () => textAt((await this.get('/v1/route', { vpcId: id }, party)).body, 'routeTableId'),
      (found) => found !== '',
      { what: 'the route table of a network' },
    );
    const network = { role, party, id, table, cidr };
    this.#networks.set(role, network);
    return network;
  }

  /** One request to join two networks; nothing is waited for. */
  join(from: string, to: string, more: object = {}, asking: Asking = {}): Promise<RawAnswer> {
    const [one, other] = [this.network(from), this.network(to)];
    const body = {
      bandwidthInMbps: BANDWIDTHS[0],
      description: `peerway-parity-${this.run}`,
      localVpcId: one.id,
      peerVpcId: other.id,
      peerRegion: this.region(other.party),
      billing: { paymentTiming: 'Postpaid' },
      ...(other.party === 'b' ? { peerAccountId: this.account('b') } : {}),
      ...more,
    };
    return this.post('/v1/peerconn', body, asking);
  }

  /** Joins two networks, with another bandwidth where the usual one is refused. */
  async joinedOrRefused(from: string, to: string, more: object = {}): Promise<RawAnswer> {
    const [usual, ...others] = BANDWIDTHS;
    let answer = await this.join(from, to, { bandwidthInMbps: usual, ...more });
    for (const bandwidthInMbps of others) {
      if (!isGood(answer)) answer = await this.join(from, to, { bandwidthInMbps, ...more });
    }
    return answer;
  }

  /** The same for probes that need the link. @returns the id @throws Unsettled */
  async joined(from: string, to: string): Promise<string> {
    const made = await this.joinedOrRefused(from, to);
    if (!isGood(made)) throw new Unsettled(`no link could be made: ${codeOf(made)}`);
    return textAt(made.body, 'peerConnId');
  }

  /** A link of the first account's between two networks of its own that works. @throws Unsettled */
  async working(from: string, to: string): Promise<string> {
    const id = await this.joined(from, to);
    const word = await this.provisioned(id);
    if (word !== 'active') throw new Unsettled(`a new link is ${word}`);
    return id;
  }

  /** Waits for a new link inside one account, in the two steps that it shows. @returns `active` or `error` */
  async provisioned(id: string): Promise<string> {
    const begun = await this.becomes(id, ['starting', 'active', 'error'], 'baidu.peerconns.provision');
    return begun === 'starting' ? this.becomes(id, ['active', 'error'], 'baidu.peerconns.start') : begun;
  }

  /** A request to another account, or one that it has accepted. @throws Unsettled */
  async asked(): Promise<string> {
    const id = await this.joined('n1', 'p1');
    const word = await this.becomes(id, ['consulting', 'active', 'error']);
    if (word !== 'consulting') throw new Unsettled(`the request was ${word} before anybody answered`);
    return id;
  }

  async link(id: string, role?: 'initiator' | 'acceptor', party: PartyKey = 'a'): Promise<Row> {
    const answer = await this.get(`/v1/peerconn/${id}`, role === undefined ? undefined : { role }, party);
    return isGood(answer) && typeof answer.body === 'object' ? (answer.body as Row) : {};
  }

  /** Waits for one of the words; '' is a link that cannot be read any more. */
  async becomes(id: string, words: readonly string[], change?: string): Promise<string> {
    const look = async () => textAt(await this.link(id, 'initiator'), 'status');
    return this.until(look, (word) => words.includes(word), {
      what: words.join(' or '),
      ...(change === undefined ? {} : { change }),
    });
  }

  /** One route of a network's own table. */
  route(role: string, nexthopType: string, nexthopId: string): Promise<RawAnswer> {
    const { table, party } = this.network(role);
    return this.post(
      '/v1/route/rule',
      {
        routeTableId: table,
        sourceAddress: '0.0.0.0/0',
        destinationAddress: '198.18.240.0/24',
        nexthopType,
        nexthopId,
        description: '',
      },
      { party },
    );
  }

  /** The rules of a network's table. */
  async routes(role: string): Promise<readonly Row[]> {
    const { id, party } = this.network(role);
    return rowsAt((await this.get('/v1/route', { vpcId: id }, party)).body, 'routeRules');
  }
}

interface Asking {
  readonly party?: PartyKey;
  readonly token?: string;
}
