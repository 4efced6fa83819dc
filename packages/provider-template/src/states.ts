/** Every word of the cloud and what it means to Peerway. Total: a new word is a type error here, and `Unknown` at run time. */
import { PeerwayError, type NetworkState, type PeeringNext, type RouteState, type Standing } from '@peerway/core';
import type { LineWord, NetworkWord, PeeringWord, RouteWord } from './wire.js';

export const NETWORK_STATES: Record<NetworkWord, NetworkState> = {
  building: 'provisioning',
  ready: 'active',
  closing: 'deleting',
};

export const PEERING_STATES: Record<PeeringWord, Standing<PeeringNext>> = {
  making: { state: 'provisioning' },
  asked: { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
  up: { state: 'active' },
  changing: { state: 'updating' },
  paused: { state: 'inactive', reason: 'suspended' },
  refused: { state: 'rejected' },
  lapsed: { state: 'expired', reason: 'acceptance-timeout' },
  broken: { state: 'failed' },
  ending: { state: 'deleting' },
  gone: { state: 'deleted' },
};

export const LINE_STATES: Record<LineWord, Standing<'continue'>> = {
  making: { state: 'provisioning' },
  detached: { state: 'provisioning', next: 'continue' },
  up: { state: 'active' },
  changing: { state: 'updating' },
  paused: { state: 'inactive', reason: 'suspended' },
  ending: { state: 'deleting' },
  gone: { state: 'deleted' },
};

export const ROUTE_STATES: Record<RouteWord, RouteState> = {
  pending: 'provisioning',
  ok: 'active',
  dead: 'blackhole',
  removing: 'deleting',
};

/** @throws PeerwayError `Unknown` for a word that stands in no table */
export function meaningOf<T>(table: Readonly<Record<string, T>>, word: string): T {
  const meaning = Object.hasOwn(table, word) ? table[word] : undefined;
  if (meaning === undefined)
    throw new PeerwayError('Unknown', `The cloud says ${JSON.stringify(word)}, which no table knows`);
  return meaning;
}
