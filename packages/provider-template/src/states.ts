/** Every word of the cloud and what it means to Peerway. Total: a new word is a type error here, and `Unknown` at run time. */
import { PeerwayError, type LifecycleState, type RouteState, type StateReason } from '@peerway/core';
import type { LineWord, PeeringWord, RouteWord } from './wire.js';

export interface Meaning {
  readonly state: LifecycleState;
  readonly reason?: StateReason;
}

export const PEERING_STATES: Record<PeeringWord, Meaning> = {
  making: { state: 'provisioning' },
  asked: { state: 'pending-acceptance' },
  up: { state: 'active' },
  changing: { state: 'updating' },
  paused: { state: 'inactive', reason: 'suspended' },
  refused: { state: 'rejected' },
  lapsed: { state: 'expired', reason: 'acceptance-timeout' },
  broken: { state: 'failed' },
  ending: { state: 'deleting' },
  gone: { state: 'deleted' },
};

export const LINE_STATES: Record<LineWord, Meaning> = {
  making: { state: 'provisioning' },
  detached: { state: 'provisioning' },
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
