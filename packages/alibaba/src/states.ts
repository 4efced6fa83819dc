/**
 * Every state word of the two products, and what it means in the neutral lifecycle. Total tables: a word that is not here is
 * reported with `Unknown`, never guessed. Source: docs/facts/alibaba.md 4.1 to 4.4 (vendor metadata M24), checked 2026-11.
 */
import {
  PeerwayError,
  type NetworkState,
  type PeeringNext,
  type PeeringSide,
  type RouteOrigin,
  type RouteState,
  type Standing,
} from '@peerway/core';
import { PROVIDER } from './wire/errors.js';

type VpcPeerStatus =
  'Creating' | 'Accepting' | 'Updating' | 'Rejected' | 'Expired' | 'Activated' | 'Deleting' | 'Deleted';

export const VPC_PEER_STATES: Record<VpcPeerStatus, Standing<PeeringNext>> = {
  Creating: { state: 'provisioning' },
  Accepting: { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
  Updating: { state: 'updating' },
  Rejected: { state: 'rejected' },
  Expired: { state: 'expired', reason: 'acceptance-timeout' },
  Activated: { state: 'active' },
  Deleting: { state: 'deleting' },
  Deleted: { state: 'deleted' },
};

type RouterInterfaceStatus =
  | 'Idle'
  | 'AcceptingConnecting'
  | 'Connecting'
  | 'Activating'
  | 'Active'
  | 'Modifying'
  | 'Deactivating'
  | 'Inactive'
  | 'Deleting';

type RouterInterfaceRole = 'InitiatingSide' | 'AcceptingSide';

export const ROUTER_INTERFACE_SIDES: Record<RouterInterfaceRole, PeeringSide> = {
  InitiatingSide: 'initiator',
  AcceptingSide: 'acceptor',
};

type RouterInterfaceOwner = 'VRouter' | 'VBR';

/** Whether an interface belongs to a line. */
export const ROUTER_TYPES: Record<RouterInterfaceOwner, 'network' | 'line'> = { VRouter: 'network', VBR: 'line' };

/** What one interface is doing by itself; the state of a pair is made of two of these, see routerInterface/pair.ts. */
export type InterfacePhase = 'unconnected' | 'connecting' | 'up' | 'changing' | 'down' | 'deleting';

export const ROUTER_INTERFACE_PHASES: Record<RouterInterfaceStatus, InterfacePhase> = {
  Idle: 'unconnected',
  AcceptingConnecting: 'connecting',
  Connecting: 'connecting',
  Activating: 'changing',
  Active: 'up',
  Modifying: 'changing',
  Deactivating: 'changing',
  Inactive: 'down',
  Deleting: 'deleting',
};

type VbrStatus = 'unconfirmed' | 'active' | 'terminating' | 'terminated' | 'recovering' | 'deleting';

export const VBR_STATES: Record<VbrStatus, Standing<'continue'>> = {
  unconfirmed: { state: 'pending-acceptance' },
  active: { state: 'active' },
  terminating: { state: 'updating' },
  terminated: { state: 'inactive', reason: 'suspended' },
  recovering: { state: 'updating' },
  deleting: { state: 'deleting' },
};

type VpcStatus = 'Pending' | 'Available';

export const VPC_STATES: Record<VpcStatus, NetworkState> = { Pending: 'provisioning', Available: 'active' };

type RouteEntryStatus = 'Pending' | 'Available' | 'Modifying' | 'Deleting';

export const ROUTE_STATES: Record<RouteEntryStatus, RouteState> = {
  Pending: 'provisioning',
  Available: 'active',
  Modifying: 'provisioning',
  Deleting: 'deleting',
};

type RouteEntryType = 'Custom' | 'System' | 'BGP' | 'CEN' | 'ECR';

export const ROUTE_ORIGINS: Record<RouteEntryType, RouteOrigin> = {
  Custom: 'custom',
  System: 'system',
  BGP: 'propagated',
  CEN: 'propagated',
  ECR: 'propagated',
};

type RouteTableType = 'System' | 'Custom';

export const ROUTE_TABLE_KINDS: Record<RouteTableType, 'main' | 'custom'> = { System: 'main', Custom: 'custom' };

/** Looks a vendor word up. @throws PeerwayError `Unknown` naming the word when no row has it */
export function stateOf<T>(table: Readonly<Record<string, T>>, word: string, what: string): T {
  const state = Object.hasOwn(table, word) ? table[word] : undefined;
  if (state !== undefined) return state;
  throw new PeerwayError(
    'Unknown',
    `Alibaba Cloud says that ${what} is ${JSON.stringify(word)}, which is not a known state`,
    {
      provider: PROVIDER,
      resource: what,
      remedy: 'Update @peerway/alibaba, or report the word.',
    },
  );
}
