/** The run's networks on Alibaba Cloud, and the requests that most probes make. */
import type { RawAnswer } from '@peerway/core';
import { codeOf, isGood, rowsAt, textAt } from '../answers.js';
import { markOf } from '../marker.js';
import { Unsettled } from '../unsettled.js';
import { Stage } from '../stage.js';
import type { PartyKey } from '../wire/parties.js';
import { peerRequest, vpcRequest, type Parameters } from './rpc.js';

export interface AlibabaNetwork {
  readonly role: string;
  readonly party: PartyKey;
  readonly id: string;
  readonly router: string;
  readonly table: string;
  readonly account: string;
  readonly cidr: string;
}

/** Refusals that mean: something else is still going on. */
const BUSY = /^(TaskConflict|IncorrectStatus|OperationConflict|IncorrectVpcStatus|LastTokenProcessing)/;
/** A route to something that is not ready is refused by `IncorrectStatus` too, which is what a probe looks for. */
const ROUTES_BUSY = /^(TaskConflict|IncorrectRouteEntryStatus|LastTokenProcessing)/;

export class AlibabaStage extends Stage {
  readonly #networks = new Map<string, AlibabaNetwork>();

  vpc(action: string, query: Parameters = {}, party: PartyKey = 'a'): Promise<RawAnswer> {
    return this.ask(party, vpcRequest(action, this.region(party), query));
  }

  peer(action: string, query: Parameters = {}, party: PartyKey = 'a'): Promise<RawAnswer> {
    return this.ask(party, peerRequest(action, query));
  }

  /** @throws Unsettled for a network that could not be made */
  network(role: string): AlibabaNetwork {
    const network = this.#networks.get(role);
    if (network === undefined) throw new Unsettled(`the network ${role} was not made`);
    return network;
  }

  /** @param cidr in 198.18.0.0/16, as the probes see it */
  async makeNetwork(role: string, party: PartyKey, cidr: string): Promise<AlibabaNetwork> {
    const { name, description } = markOf(this.run, role);
    const made = await this.vpc('CreateVpc', { CidrBlock: cidr, VpcName: name, Description: description }, party);
    if (!isGood(made)) throw new Unsettled(`no network could be made: ${codeOf(made)}`);
    const id = textAt(made.body, 'VpcId');
    const look = async () =>
      rowsAt((await this.vpc('DescribeVpcs', { VpcId: id }, party)).body, 'Vpcs.Vpc').find(
        (row) => row['VpcId'] === id,
      );
    const row = await this.until(look, (vpc) => vpc?.['Status'] === 'Available', {
      what: 'an available network',
      change: 'alibaba.vpc.create',
    });
    const network = {
      role,
      party,
      id,
      cidr,
      router: textAt(made.body, 'VRouterId'),
      table: textAt(made.body, 'RouteTableId'),
      account: textAt(row, 'OwnerId'),
    };
    this.#networks.set(role, network);
    return network;
  }

  /** One request to join two networks; nothing is waited for. */
  join(from: string, to: string, more: Parameters = {}): Promise<RawAnswer> {
    const [one, other] = [this.network(from), this.network(to)];
    return this.peer('CreateVpcPeerConnection', {
      RegionId: this.region(one.party),
      VpcId: one.id,
      AcceptingAliUid: other.account,
      AcceptingRegionId: this.region(other.party),
      AcceptingVpcId: other.id,
      Name: `peerway-parity-${this.run}`,
      ...more,
    });
  }

  /** Joins two networks, again while the cloud is busy with them. @returns the id @throws Unsettled */
  async joined(from: string, to: string): Promise<string> {
    const made = await this.patiently(() => this.join(from, to));
    if (!isGood(made)) throw new Unsettled(`no peering could be made: ${codeOf(made)}`);
    return textAt(made.body, 'InstanceId');
  }

  async statusOf(peering: string, party: PartyKey = 'a'): Promise<string> {
    const answer = await this.peer('GetVpcPeerConnectionAttribute', { InstanceId: peering }, party);
    return isGood(answer) ? textAt(answer.body, 'Status') : codeOf(answer);
  }

  /** Waits for one of the words; `change` as in `until`. */
  async becomes(peering: string, words: readonly string[], change?: string): Promise<string> {
    return this.until(
      () => this.statusOf(peering),
      (word) => words.includes(word),
      {
        what: words.join(' or '),
        ...(change === undefined ? {} : { change }),
      },
    );
  }

  /** Repeats a write while something else is going on. */
  patiently(write: () => Promise<RawAnswer>, busy: RegExp = BUSY): Promise<RawAnswer> {
    return this.until(write, (answer) => isGood(answer) || !busy.test(codeOf(answer)), { what: 'a quiet moment' });
  }

  /** The same for changes of routes. */
  patientlyRouting(write: () => Promise<RawAnswer>): Promise<RawAnswer> {
    return this.patiently(write, ROUTES_BUSY);
  }
}
