/** The two mechanisms behind one PeeringDriver; ids tell them apart. */
import {
  PeerwayError,
  type BeforeDelete,
  type Call,
  type Cursor,
  type DeleteProgress,
  type ObjectSettings,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringDriver,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
  type SettingDrift,
} from '@peerway/core';
import { ROUTER_INTERFACE, VPC_PEER } from './convert.js';
import { RouterInterfacePeerings } from './routerInterface/peerings.js';
import type { Scope } from './scope.js';
import { VpcPeerings } from './vpcPeer.js';
import { PROVIDER } from './wire/errors.js';

/** Where a listing of both mechanisms has got to: the pairs come in one page, after the last page of the others. */
const PAIRS = 'pairs';

export class AlibabaPeerings implements PeeringDriver {
  readonly #vpcPeer: VpcPeerings;
  readonly #pairs: RouterInterfacePeerings;

  constructor(scope: Scope) {
    this.#vpcPeer = new VpcPeerings(scope);
    this.#pairs = new RouterInterfacePeerings(scope);
  }

  async create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    return (input.mechanism === ROUTER_INTERFACE ? this.#pairs : this.#vpcPeer).create(input, call);
  }

  /** Only `vpc-peer` has one; core asks no other. */
  async dryRun(input: PeeringCreate, call: Call): Promise<void> {
    return this.#vpcPeer.dryRun(input, call);
  }

  /** Only of `vpc-peer`; core asks no other. */
  async isUnrouted(id: PeeringId, _side: PeeringSide, call: Call): Promise<boolean> {
    return this.#vpcPeer.isUnrouted(id, call);
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    return this.#of(id).get(id, side, call);
  }

  async list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>> {
    if (cursor === PAIRS || query.mechanism === ROUTER_INTERFACE) return this.#pairs.list(query, call);
    const page = await this.#vpcPeer.list(query, cursor, call);
    if (page.next !== undefined || query.mechanism === VPC_PEER) return page;
    return { ...page, next: PAIRS };
  }

  async accept(id: PeeringId, call: Call, seen?: Peering): Promise<void> {
    return this.#of(id).accept(id, call, seen);
  }

  async continue(id: PeeringId, side: PeeringSide, call: Call, seen?: Peering): Promise<void> {
    return this.#pairs.continue(id, side, call, seen);
  }

  async reject(id: PeeringId, call: Call): Promise<void> {
    const mechanism = this.#of(id);
    if (mechanism instanceof VpcPeerings) return mechanism.reject(id, call);
    throw new PeerwayError('Unsupported', 'A router-interface pair cannot be rejected, only left unanswered', {
      provider: PROVIDER,
      resource: id,
    });
  }

  async update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    return this.#of(id).update(id, side, change, call);
  }

  settingsDrift(seen: Peering, settings: ObjectSettings): readonly SettingDrift[] {
    return this.#of(seen.id).settingsDrift(seen, settings);
  }

  async delete(id: PeeringId, side: PeeringSide, call: Call, before?: BeforeDelete<Peering>): Promise<DeleteProgress> {
    return this.#of(id).delete(id, side, call, before);
  }

  #of(id: PeeringId): VpcPeerings | RouterInterfacePeerings {
    if (id.startsWith('pcc-')) return this.#vpcPeer;
    if (id.startsWith('ri-')) return this.#pairs;
    throw new PeerwayError('NotFound', `${id} is no peering of Alibaba Cloud`, { provider: PROVIDER, resource: id });
  }
}
