/**
 * What a person does in the console: one request each, of the cloud's own kind. A refusal is the person's to shrug at. Every
 * hand says which of the stack's objects it has taken the last mark from.
 */
import { isPeerwayError } from '@peerway/core';
import { ALIBABA_HANDS } from './alibabaHands.js';
import { BAIDU_HANDS } from './baiduHands.js';
import { Desk, NOTHING, type HandResult, type Work } from './desk.js';
import type { HistoryWorld } from './world.js';

export type HandKind = keyof typeof ALIBABA_HANDS | keyof typeof BAIDU_HANDS;

/** `at` chooses among the candidates, whatever their number. */
export interface Hand {
  readonly kind: HandKind;
  readonly at: number;
}

export const HANDS = {
  alibaba: Object.keys(ALIBABA_HANDS) as (keyof typeof ALIBABA_HANDS)[],
  baidu: Object.keys(BAIDU_HANDS) as (keyof typeof BAIDU_HANDS)[],
} as const;

export async function layHand(world: HistoryWorld, hand: Hand): Promise<HandResult> {
  const hands: Partial<Record<HandKind, Work>> = world.cloud === 'alibaba' ? ALIBABA_HANDS : BAIDU_HANDS;
  const work = hands[hand.kind];
  if (work === undefined) return NOTHING;
  try {
    return await work(new Desk(world, hand.at));
  } catch (error) {
    if (isPeerwayError(error)) return NOTHING;
    throw error;
  }
}
