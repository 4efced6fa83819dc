/** Everything one emulated Alibaba Cloud holds: its tables, its lifecycles and how its ids look. */
import type { Services } from '../machine/cloud.js';
import { Lifecycle } from '../machine/lifecycle.js';
import type { Table } from '../machine/table.js';
import { alibabaDelays } from './delays.js';
import {
  BORDER_ROUTER_LIFECYCLE,
  INTERFACE_LIFECYCLE,
  ROUTE_LIFECYCLE,
  VPC_LIFECYCLE,
  VPC_PEER_LIFECYCLE,
  VSWITCH_LIFECYCLE,
} from './transitions.js';
import type { BorderRouterEvent, InterfaceEvent, RouteEvent, VpcPeerEvent, VSwitchEvent } from './transitions.js';
import { regionMark } from './regions.js';
import { alibabaRules } from './rules.js';
import type {
  BorderRouterRecord,
  BorderRouterStatus,
  PhysicalConnectionRecord,
  Place,
  ResourceGroupRecord,
  RouteEntryRecord,
  RouterInterfaceRecord,
  RouterInterfaceStatus,
  RouteStatus,
  RouteTableRecord,
  TagsRecord,
  VpcPeerRecord,
  VpcPeerStatus,
  VpcRecord,
  VSwitchRecord,
} from './records.js';

/** `2026-11-20T09:19:49Z` */
export const timestamp = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

export class AlibabaState {
  readonly services: Services;
  readonly vpcs: Table<VpcRecord>;
  readonly vswitches: Table<VSwitchRecord>;
  readonly routeTables: Table<RouteTableRecord>;
  readonly routes: Table<RouteEntryRecord>;
  readonly peers: Table<VpcPeerRecord>;
  readonly tags: Table<TagsRecord>;
  readonly resourceGroups: Table<ResourceGroupRecord>;
  readonly ports: Table<PhysicalConnectionRecord>;
  readonly interfaces: Table<RouterInterfaceRecord>;
  readonly borderRouters: Table<BorderRouterRecord>;
  readonly vpcLife: Lifecycle<VpcRecord['status'], 'create', VpcRecord>;
  readonly vswitchLife: Lifecycle<VSwitchRecord['status'], VSwitchEvent, VSwitchRecord>;
  readonly routeLife: Lifecycle<RouteStatus, RouteEvent, RouteEntryRecord>;
  readonly peerLife: Lifecycle<VpcPeerStatus, VpcPeerEvent, VpcPeerRecord>;
  readonly interfaceLife: Lifecycle<RouterInterfaceStatus, InterfaceEvent, RouterInterfaceRecord>;
  readonly borderRouterLife: Lifecycle<BorderRouterStatus, BorderRouterEvent, BorderRouterRecord>;

  constructor(services: Services) {
    this.services = services;
    this.vpcs = services.table('alibaba.vpcs');
    this.vswitches = services.table('alibaba.vswitches');
    this.routeTables = services.table('alibaba.routeTables');
    this.routes = services.table('alibaba.routeEntries');
    this.peers = services.table('alibaba.vpcPeers');
    this.tags = services.table('alibaba.tags');
    this.resourceGroups = services.table('alibaba.resourceGroups');
    this.ports = services.table('alibaba.physicalConnections');
    this.interfaces = services.table('alibaba.routerInterfaces');
    this.borderRouters = services.table('alibaba.borderRouters');
    this.vpcLife = new Lifecycle(this.vpcs, VPC_LIFECYCLE, alibabaDelays, services);
    this.vswitchLife = new Lifecycle(this.vswitches, VSWITCH_LIFECYCLE, alibabaDelays, services);
    this.routeLife = new Lifecycle(this.routes, ROUTE_LIFECYCLE, alibabaDelays, services);
    this.interfaceLife = new Lifecycle(
      this.interfaces,
      INTERFACE_LIFECYCLE,
      alibabaDelays,
      services,
      (record, _, to) => {
        if (to === 'gone') this.dropTags(record.id);
      },
    );
    this.borderRouterLife = new Lifecycle(
      this.borderRouters,
      BORDER_ROUTER_LIFECYCLE,
      alibabaDelays,
      services,
      (record, _, to) => this.#borderRouterSettled(record, to),
    );
    this.peerLife = new Lifecycle(this.peers, VPC_PEER_LIFECYCLE, alibabaDelays, services, (record, event, to) =>
      this.#peerSettled(record, event, to),
    );
  }

  /** A new id of the Vpc family: prefix, mark of the region, 18 characters. */
  vpcId(prefix: string, region: string): string {
    return `${prefix}-${regionMark(region)}${this.services.random.lowerAlphanumeric(18)}`;
  }

  /** The record, when it belongs to this account and region; what others own does not exist for a caller. */
  owned<R extends Place>(record: R | undefined, account: string, region: string | undefined): R | undefined {
    return record?.account === account && record.region === region ? record : undefined;
  }

  tagsOf(account: string, resource: string): Readonly<Record<string, string>> {
    return this.tags.get(`${account}/${resource}`)?.tags ?? {};
  }

  setTags(account: string, resource: string, tags: Readonly<Record<string, string>>): void {
    const id = `${account}/${resource}`;
    if (Object.keys(tags).length === 0) this.tags.delete(id);
    else this.tags.put({ id, account, resource, tags });
  }

  /** Forgets the tags that every account had put on an object that is gone. */
  dropTags(resource: string): void {
    for (const { id } of this.tags.filter((record) => record.resource === resource)) this.tags.delete(id);
  }

  #borderRouterSettled(record: BorderRouterRecord, to: BorderRouterStatus | 'gone'): void {
    if (to === 'terminated') this.borderRouters.patch(record.id, { terminatedAt: this.services.clock.now() });
    if (to !== 'gone') return;
    this.dropTags(record.id);
    this.dropTags(record.routeTable);
    this.routeTables.delete(record.routeTable);
    for (const route of this.routes.filter(({ table }) => table === record.routeTable)) {
      this.routeLife.forget(route.id);
      this.routes.delete(route.id);
    }
  }

  #peerSettled(record: VpcPeerRecord, event: VpcPeerEvent, to: VpcPeerStatus | 'gone'): void {
    if (to === 'Accepting') {
      const window = this.services.rules.value(alibabaRules.acceptWindowMs);
      this.peerLife.begin(record, 'expire', record.createdAt + window - this.services.clock.now());
    } else if (to === 'Deleted') {
      this.dropTags(record.id);
      this.peerLife.begin(record, 'bury');
      // whatever still points at it (possible when only the caller's routes block a deletion) goes with it
      for (const route of this.routes.filter(({ nextHops }) => nextHops.some((hop) => hop.id === record.id))) {
        this.routeLife.forget(route.id);
        this.routes.delete(route.id);
      }
    } else if (to === 'Activated' && event !== 'create') {
      this.peers.patch(record.id, { modifiedAt: this.services.clock.now() });
    }
  }
}
