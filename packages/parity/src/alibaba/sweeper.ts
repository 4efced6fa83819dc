/** Removes the networks of runs on Alibaba Cloud and what is in them. */
import type { RawAnswer } from '@peerway/core';
import { isGood, mustBeGood, rowsAt, textAt, type Row } from '../answers.js';
import { fateOf, Turn, type Pass, type SweepScope, type Sweeper } from '../sweep.js';
import { partyKeysOf, type PartyKey, type Wire } from '../wire/parties.js';
import { peerRequest, vpcRequest, type Parameters } from './rpc.js';

interface OwnVpc {
  readonly party: PartyKey;
  readonly id: string;
  readonly router: string;
  readonly stays: boolean;
}

const LARGEST_PAGE = 50;

export class AlibabaSweeper implements Sweeper {
  readonly #wire: Wire;
  readonly #regions: Readonly<Partial<Record<PartyKey, string>>>;

  constructor(wire: Wire, regions: Readonly<Partial<Record<PartyKey, string>>>) {
    this.#wire = wire;
    this.#regions = regions;
  }

  async pass(scope: SweepScope): Promise<Pass> {
    const own: OwnVpc[] = [];
    for (const party of this.#parties()) {
      for (const row of await this.vpcs(party)) {
        const mark = { name: textAt(row, 'VpcName'), description: textAt(row, 'Description') };
        const stays = fateOf(mark, scope) === 'emptied';
        if (fateOf(mark, scope) === 'none') continue;
        own.push({ party, id: textAt(row, 'VpcId'), router: textAt(row, 'VRouterId'), stays });
      }
    }
    if (own.length === 0) return { removed: 0, left: [], blocked: [] };
    const turn = new Turn();
    for (const vpc of own) await this.#empty(turn, vpc);
    for (const party of this.#parties()) await this.#parted(turn, party, own);
    for (const vpc of own) {
      if (!vpc.stays) turn.count(`the network ${vpc.id}`, await this.#vpc('DeleteVpc', vpc.party, { VpcId: vpc.id }));
    }
    return turn.pass();
  }

  /** Every VPC of the party's region. */
  async vpcs(party: PartyKey): Promise<readonly Row[]> {
    return this.#pages(party, 'DescribeVpcs', 'Vpcs.Vpc');
  }

  async #empty(turn: Turn, { party, id, router }: OwnVpc): Promise<void> {
    const tables = await this.#pages(party, 'DescribeRouteTableList', 'RouterTableList.RouterTableListType', {
      VpcId: id,
    });
    for (const table of tables) {
      const RouteTableId = textAt(table, 'RouteTableId');
      const query = { RouteTableId, RouteEntryType: 'Custom' };
      const listed = mustBeGood(await this.#vpc('DescribeRouteEntryList', party, query), 'reading routes');
      for (const row of rowsAt(listed.body, 'RouteEntrys.RouteEntry')) {
        const RouteEntryId = textAt(row, 'RouteEntryId');
        turn.count(`the route ${RouteEntryId}`, await this.#vpc('DeleteRouteEntry', party, { RouteEntryId }), true);
      }
    }
    for (const row of await this.#pages(party, 'DescribeVSwitches', 'VSwitches.VSwitch', { VpcId: id })) {
      const VSwitchId = textAt(row, 'VSwitchId');
      turn.count(`the vSwitch ${VSwitchId}`, await this.#vpc('DeleteVSwitch', party, { VSwitchId }));
    }
    for (const row of await this.#pages(party, 'DescribeRouterInterfaces', 'RouterInterfaceSet.RouterInterfaceType')) {
      if (textAt(row, 'RouterId') !== router) continue;
      const RouterInterfaceId = textAt(row, 'RouterInterfaceId');
      const gone = await this.#vpc('DeleteRouterInterface', party, { RouterInterfaceId });
      turn.count(`the router interface ${RouterInterfaceId}`, gone, true);
    }
  }

  /** Peerings that the party sees and that have both ends in networks of ours. */
  async #parted(turn: Turn, party: PartyKey, own: readonly OwnVpc[]): Promise<void> {
    const isOwn = (id: string): boolean => own.some((vpc) => vpc.id === id);
    for (const row of await this.#peerings(party)) {
      const [one, other] = [textAt(row, 'Vpc.VpcId'), textAt(row, 'AcceptingVpc.VpcId')];
      const [id, status] = [textAt(row, 'InstanceId'), textAt(row, 'Status')];
      if ((!isOwn(one) && !isOwn(other)) || status === 'Deleted') continue;
      // what one end is hidden from may be of a run whose other account is not given: its name says whose it is
      const named = textAt(row, 'Name').startsWith('peerway-parity-p');
      if (!isOwn(one) && !(named && isOwn(other))) {
        turn.block(`${id} joins somebody's network to one of the run's`);
        continue;
      }
      if (!isOwn(other) && !named) {
        turn.block(`${id} joins a network of the run to somebody's`);
        continue;
      }
      if (status === 'Deleting') {
        turn.wait(id);
        continue;
      }
      const gone = await this.#wire.ask(party, peerRequest('DeleteVpcPeerConnection', { InstanceId: id }));
      turn.count(`the peering ${id}`, gone, true);
      // some positions of the rules let only an accepted request be deleted
      if (!isGood(gone) && status === 'Accepting' && this.#regions.b !== undefined)
        await this.#wire.ask('b', peerRequest('AcceptVpcPeerConnection', { InstanceId: id }));
    }
  }

  async #peerings(party: PartyKey): Promise<readonly Row[]> {
    const found: Row[] = [];
    let token = '';
    do {
      const answer = await this.#wire.ask(
        party,
        peerRequest('ListVpcPeerConnections', {
          RegionId: this.#regions[party] ?? '',
          MaxResults: '100',
          ...(token === '' ? {} : { NextToken: token }),
        }),
      );
      found.push(...rowsAt(mustBeGood(answer, 'reading peerings').body, 'VpcPeerConnects'));
      token = textAt(answer.body, 'NextToken');
    } while (token !== '');
    return found;
  }

  async #pages(party: PartyKey, action: string, path: string, more: Parameters = {}): Promise<readonly Row[]> {
    const found: Row[] = [];
    for (let page = 1; ; page += 1) {
      const query = { ...more, PageSize: String(LARGEST_PAGE), PageNumber: String(page) };
      const rows = rowsAt(mustBeGood(await this.#vpc(action, party, query), action).body, path);
      found.push(...rows);
      if (rows.length < LARGEST_PAGE) return found;
    }
  }

  #vpc(action: string, party: PartyKey, query: Parameters): Promise<RawAnswer> {
    return this.#wire.ask(party, vpcRequest(action, this.#regions[party] ?? '', query));
  }

  #parties(): readonly PartyKey[] {
    return partyKeysOf(this.#regions);
  }
}
