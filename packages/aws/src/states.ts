/**
 * The cloud's words for states, each mapped once. Source: the enums of @aws-sdk/client-ec2 3.1169.0 and
 * docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html (lifecycle), checked 2026-11.
 */
import {
  PeerwayError,
  type NetworkState,
  type PeeringNext,
  type RouteOrigin,
  type RouteState,
  type Standing,
} from '@peerway/core';
import { PROVIDER } from './wire/errors.js';

const VPC_STATES: Readonly<Record<string, NetworkState>> = {
  pending: 'provisioning',
  available: 'active',
  deleting: 'deleting',
};

/** Whether a prefix in this state is the VPC's: one that is on its way in or out routes nothing. */
const PREFIX_STATES: Readonly<Record<string, boolean>> = {
  associating: false,
  associated: true,
  disassociating: false,
  disassociated: false,
  failing: false,
  failed: false,
};

const PEERING_STATES: Readonly<Record<string, Standing<PeeringNext>>> = {
  'initiating-request': { state: 'provisioning' },
  'pending-acceptance': { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
  provisioning: { state: 'provisioning' },
  active: { state: 'active' },
  rejected: { state: 'rejected' },
  expired: { state: 'expired', reason: 'acceptance-timeout' },
  failed: { state: 'failed' },
  deleting: { state: 'deleting' },
  deleted: { state: 'deleted' },
};

const ROUTE_STATES: Readonly<Record<string, RouteState>> = {
  active: 'active',
  blackhole: 'blackhole',
  filtered: 'filtered',
};

const ROUTE_ORIGINS: Readonly<Record<string, RouteOrigin>> = {
  CreateRouteTable: 'system',
  CreateRoute: 'custom',
  EnableVgwRoutePropagation: 'propagated',
  Advertisement: 'propagated',
};

export const vpcState = (word: string): NetworkState => lookUp(VPC_STATES, word, 'state of a VPC');
export const isAssociated = (word: string): boolean => lookUp(PREFIX_STATES, word, 'state of a prefix');
export const peeringState = (word: string): Standing<PeeringNext> =>
  lookUp(PEERING_STATES, word, 'state of a peering connection');
export const routeState = (word: string): RouteState => lookUp(ROUTE_STATES, word, 'state of a route');
export const routeOrigin = (word: string): RouteOrigin => lookUp(ROUTE_ORIGINS, word, 'origin of a route');

/** @throws PeerwayError `Unknown` with the word */
function lookUp<T>(table: Readonly<Record<string, T>>, word: string, what: string): T {
  const found = Object.hasOwn(table, word) ? table[word] : undefined;
  if (found !== undefined) return found;
  throw new PeerwayError('Unknown', `AWS says a word that is not known as a ${what}: ${JSON.stringify(word)}`, {
    provider: PROVIDER,
    remedy: 'Update @peerway/aws, or report the word.',
  });
}
