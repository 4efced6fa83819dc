/**
 * What a person does in the console: one request each, of the cloud's own kind. A refusal changes nothing. Every
 * change says which of the stack's objects it has taken the last mark from.
 */
import { isPeerwayError } from '@peerway/core';
import { ALIBABA_CHANGES } from './alibabaChanges.js';
import { BAIDU_CHANGES } from './baiduChanges.js';
import { ManualAccess, NOTHING, type ManualChangeResult, type Work } from './manualAccess.js';
import type { HistoryWorld } from './world.js';

export type ManualChangeKind = keyof typeof ALIBABA_CHANGES | keyof typeof BAIDU_CHANGES;

/** `at` chooses among the candidates, whatever their number. */
export interface ManualChange {
  readonly kind: ManualChangeKind;
  readonly at: number;
}

export const MANUAL_CHANGES = {
  alibaba: Object.keys(ALIBABA_CHANGES) as (keyof typeof ALIBABA_CHANGES)[],
  baidu: Object.keys(BAIDU_CHANGES) as (keyof typeof BAIDU_CHANGES)[],
} as const;

export async function changeByHand(world: HistoryWorld, change: ManualChange): Promise<ManualChangeResult> {
  const changes: Partial<Record<ManualChangeKind, Work>> = world.cloud === 'alibaba' ? ALIBABA_CHANGES : BAIDU_CHANGES;
  const work = changes[change.kind];
  if (work === undefined) return NOTHING;
  try {
    return await work(new ManualAccess(world, change.at));
  } catch (error) {
    if (isPeerwayError(error)) return NOTHING;
    throw error;
  }
}
