/** The two mechanisms behind one PeeringDriver; ids tell them apart. */
import {
  PeerwayError,
  type Call,
  type Cursor,
  type DeleteProgress,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringDriver,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
} from '@peerway/core';
import { PROVIDER, ROUTER_INTERFACE, VPC_PEER } from './convert.js';
import type { Scope } from './scope.js';
import { VpcPeerings } from './vpcPeer.js';

export class AlibabaPeerings implements PeeringDriver {
  readonly #vpcPeer: VpcPeerings;

  constructor(scope: Scope) {
    this.#vpcPeer = new VpcPeerings(scope);
  }

  create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    return this.#vpcPeer.create(input, call);
  }

  dryRun(input: PeeringCreate, call: Call): Promise<void> {
    return this.#vpcPeer.dryRun(input, call);
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    return this.#of(id).get(id, side, call);
  }

  async list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>> {
    return this.#vpcPeer.list(query, cursor, call);
  }

  async accept(id: PeeringId, call: Call): Promise<void> {
    return this.#of(id).accept(id, call);
  }

  async reject(id: PeeringId, call: Call): Promise<void> {
    return this.#of(id).reject(id, call);
  }

  async update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    return this.#of(id).update(id, side, change, call);
  }

  async delete(id: PeeringId, _side: PeeringSide, call: Call): Promise<DeleteProgress> {
    return this.#of(id).delete(id, call);
  }

  #of(id: PeeringId): VpcPeerings {
    if (id.startsWith('pcc-')) return this.#vpcPeer;
    throw new PeerwayError('NotFound', `${id} is no peering of Alibaba Cloud`, { provider: PROVIDER, resource: id });
  }
}
void ROUTER_INTERFACE;
void VPC_PEER;
