/** Removes the networks of runs on Baidu AI Cloud and what is in them. */
import { isGood, mustBeGood, rowsAt, textAt, type Row } from '../answers.js';
import { fateOf, Turn, type Pass, type SweepScope, type Sweeper } from '../sweep.js';
import { partyKeysOf, type PartyKey, type Wire } from '../wire/parties.js';
import { restRequest } from './rest.js';

interface OwnVpc {
  readonly party: PartyKey;
  readonly id: string;
  readonly stays: boolean;
}

export class BaiduSweeper implements Sweeper {
  readonly #wire: Wire;
  readonly #parties: readonly PartyKey[];

  constructor(wire: Wire, regions: Readonly<Partial<Record<PartyKey, string>>>) {
    this.#wire = wire;
    this.#parties = partyKeysOf(regions);
  }

  async pass(scope: SweepScope): Promise<Pass> {
    const own: OwnVpc[] = [];
    for (const party of this.#parties) {
      for (const row of await this.vpcs(party)) {
        const mark = { name: textAt(row, 'name'), description: textAt(row, 'description') };
        const stays = fateOf(mark, scope) === 'emptied';
        if (fateOf(mark, scope) !== 'none') own.push({ party, id: textAt(row, 'vpcId'), stays });
      }
    }
    const turn = new Turn();
    for (const vpc of own) await this.#unrouted(turn, vpc);
    if (own.length > 0) for (const party of this.#parties) await this.#parted(turn, party, own);
    for (const vpc of own) await this.#empty(turn, vpc);
    for (const { party, id, stays } of own) {
      if (!stays) turn.count(`the network ${id}`, await this.#delete(party, `/v1/vpc/${id}`));
    }
    return turn.pass();
  }

  /** Every VPC of the party's region. */
  vpcs(party: PartyKey): Promise<readonly Row[]> {
    return this.#pages(party, '/v1/vpc', 'vpcs');
  }

  async #unrouted(turn: Turn, { party, id }: OwnVpc): Promise<void> {
    for (const row of await this.#pages(party, '/v1/route/rule', 'routeRules', { vpcId: id })) {
      const rule = textAt(row, 'routeRuleId');
      if (textAt(row, 'nexthopType') === 'sys' || rule === '') continue;
      turn.count(`the route ${rule}`, await this.#delete(party, `/v1/route/rule/${rule}`));
    }
  }

  async #empty(turn: Turn, { party, id }: OwnVpc): Promise<void> {
    for (const row of await this.#pages(party, '/v1/etGateway', 'etGateways', { vpcId: id })) {
      const gateway = textAt(row, 'etGatewayId');
      turn.count(`the gateway ${gateway}`, await this.#delete(party, `/v1/etGateway/${gateway}`), true);
    }
  }

  /** Links that the party sees from its own side and that have both ends in networks of ours. */
  async #parted(turn: Turn, party: PartyKey, own: readonly OwnVpc[]): Promise<void> {
    const isOwn = (id: string): boolean => own.some((vpc) => vpc.id === id);
    const done = new Set<string>();
    for (const row of await this.#pages(party, '/v1/peerconn', 'peerConns')) {
      const [id, status, role] = [textAt(row, 'peerConnId'), textAt(row, 'status'), textAt(row, 'role')];
      const [here, there] = [textAt(row, 'localVpcId'), textAt(row, 'peerVpcId')];
      if ((!isOwn(here) && !isOwn(there)) || status === 'deleted' || done.has(id)) continue;
      done.add(id);
      // what the other end is hidden from may be of a run whose other account is not given: its description says whose it is
      const isNamed = /^peerway-parity-p[0-9a-f]{8}$/.test(textAt(row, 'description'));
      if (!isOwn(here) || (!isOwn(there) && !isNamed)) {
        turn.block(`${id} joins a network of the run to somebody's`);
        continue;
      }
      if (status === 'deleting') {
        turn.wait(id);
        continue;
      }
      // only the side that asked may release a link between accounts
      if (role === 'acceptor' && party === 'b') {
        turn.wait(id);
        continue;
      }
      await this.#release(turn, party, id, status);
    }
  }

  async #release(turn: Turn, party: PartyKey, id: string, status: string): Promise<void> {
    const gone = await this.#delete(party, `/v1/peerconn/${id}`);
    turn.count(`the link ${id}`, gone, true);
    if (isGood(gone)) return;
    const off = restRequest('PUT', `/v1/peerconn/${id}/deleteProtect`, { body: { deleteProtect: false } });
    await this.#wire.ask(party, off);
    // a request that cannot be taken back is accepted, so that it can be released
    if (status === 'consulting' && this.#parties.includes('b'))
      await this.#wire.ask('b', restRequest('PUT', `/v1/peerconn/${id}`, { query: { accept: '' } }));
  }

  async #pages(
    party: PartyKey,
    path: string,
    member: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<readonly Row[]> {
    const found: Row[] = [];
    let marker = '';
    do {
      const asked = restRequest('GET', path, { query: { ...query, ...(marker === '' ? {} : { marker }) } });
      const { body } = mustBeGood(await this.#wire.ask(party, asked), `GET ${path}`);
      found.push(...rowsAt(body, member));
      marker = textAt(body, 'nextMarker');
    } while (marker !== '');
    return found;
  }

  #delete(party: PartyKey, path: string) {
    return this.#wire.ask(party, restRequest('DELETE', path));
  }
}
