/** The lifecycles of Alibaba Cloud as tables (facts: alibaba.md section 4). */
import type { Transition } from '../lifecycle.js';
import type { RouteStatus, VpcPeerStatus, VpcRecord } from './records.js';

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

export const VSWITCH_LIFECYCLE: readonly Transition<VpcRecord['status'], 'create'>[] = [
  { from: 'Pending', event: 'create', delay: 'vswitch.create', to: 'Available' },
];
