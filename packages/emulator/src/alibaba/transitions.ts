/** The lifecycles of Alibaba Cloud as tables (docs/facts/alibaba.md 4). */
import type { Transition } from '../machine/lifecycle.js';
import type { BorderRouterStatus, RouterInterfaceStatus, RouteStatus, VpcPeerStatus, VpcRecord } from './records.js';

export type VpcPeerEvent =
  'create' | 'await-acceptance' | 'accept' | 'reject' | 'expire' | 'modify' | 'delete' | 'bury';

export const VPC_PEER_LIFECYCLE: readonly Transition<VpcPeerStatus, VpcPeerEvent>[] = [
  { from: 'Creating', event: 'create', delay: 'vpcPeer.create', to: 'Activated' },
  { from: 'Creating', event: 'await-acceptance', delay: 'vpcPeer.create', to: 'Accepting' },
  { from: 'Accepting', event: 'accept', via: 'Updating', delay: 'vpcPeer.accept', to: 'Activated' },
  { from: 'Accepting', event: 'reject', via: 'Rejected', delay: 'vpcPeer.reject', to: 'Rejected' },
  { from: 'Accepting', event: 'expire', delay: 'vpcPeer.create', to: 'Expired' },
  { from: 'Activated', event: 'modify', via: 'Updating', delay: 'vpcPeer.modify', to: 'Activated' },
  { from: 'Activated', event: 'delete', via: 'Deleting', delay: 'vpcPeer.delete', to: 'Deleted' },
  { from: 'Accepting', event: 'delete', via: 'Deleting', delay: 'vpcPeer.delete', to: 'Deleted' },
  { from: 'Rejected', event: 'delete', via: 'Deleting', delay: 'vpcPeer.delete', to: 'Deleted' },
  { from: 'Expired', event: 'delete', via: 'Deleting', delay: 'vpcPeer.delete', to: 'Deleted' },
  { from: 'Deleted', event: 'bury', delay: 'vpcPeer.tombstone', to: 'gone' },
];

export type RouteEvent = 'create' | 'delete';

export const ROUTE_LIFECYCLE: readonly Transition<RouteStatus, RouteEvent>[] = [
  { from: 'Pending', event: 'create', delay: 'routeEntry.create', to: 'Available' },
  { from: 'Available', event: 'delete', via: 'Deleting', delay: 'routeEntry.delete', to: 'gone' },
];

export const VPC_LIFECYCLE: readonly Transition<VpcRecord['status'], 'create'>[] = [
  { from: 'Pending', event: 'create', delay: 'vpc.create', to: 'Available' },
];

export type VSwitchEvent = 'create' | 'change-table';

export const VSWITCH_LIFECYCLE: readonly Transition<VpcRecord['status'], VSwitchEvent>[] = [
  { from: 'Pending', event: 'create', delay: 'vswitch.create', to: 'Available' },
  { from: 'Available', event: 'change-table', via: 'Pending', delay: 'vswitch.changeTable', to: 'Available' },
];

export type InterfaceEvent = 'connect' | 'be-connected' | 'activate' | 'deactivate' | 'resize' | 'delete';

/** There is no way back to Idle after a connect. */
export const INTERFACE_LIFECYCLE: readonly Transition<RouterInterfaceStatus, InterfaceEvent>[] = [
  { from: 'Idle', event: 'connect', via: 'Connecting', delay: 'routerInterface.connect', to: 'Active' },
  { from: 'Idle', event: 'be-connected', via: 'AcceptingConnecting', delay: 'routerInterface.connect', to: 'Active' },
  { from: 'Active', event: 'deactivate', via: 'Deactivating', delay: 'routerInterface.deactivate', to: 'Inactive' },
  { from: 'Inactive', event: 'activate', via: 'Activating', delay: 'routerInterface.activate', to: 'Active' },
  // before a connect nothing carries traffic: the provider's acceptance test RouterInterfaceBasic resizes such a one
  { from: 'Idle', event: 'resize', via: 'Idle', delay: 'routerInterface.spec', to: 'Idle' },
  { from: 'Active', event: 'resize', via: 'Activating', delay: 'routerInterface.spec', to: 'Active' },
  { from: 'Idle', event: 'delete', via: 'Deleting', delay: 'routerInterface.delete', to: 'gone' },
  { from: 'Inactive', event: 'delete', via: 'Deleting', delay: 'routerInterface.delete', to: 'gone' },
];

export type BorderRouterEvent = 'confirm' | 'terminate' | 'recover' | 'delete';

export const BORDER_ROUTER_LIFECYCLE: readonly Transition<BorderRouterStatus, BorderRouterEvent>[] = [
  { from: 'unconfirmed', event: 'confirm', delay: 'vbr.confirm', to: 'active' },
  { from: 'active', event: 'terminate', via: 'terminating', delay: 'vbr.terminate', to: 'terminated' },
  { from: 'terminated', event: 'recover', via: 'recovering', delay: 'vbr.recover', to: 'active' },
  { from: 'unconfirmed', event: 'delete', via: 'deleting', delay: 'vbr.delete', to: 'gone' },
  { from: 'active', event: 'delete', via: 'deleting', delay: 'vbr.delete', to: 'gone' },
  { from: 'terminated', event: 'delete', via: 'deleting', delay: 'vbr.delete', to: 'gone' },
];
