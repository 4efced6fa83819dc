/** What every step is handed beside its work, and how long steps wait for a cloud. */
import { PeerwayError } from '@peerway/core';
import type { StepWork } from '../plan/plan.js';
import type { Evidence } from './evidence.js';
import type { Retried, ProviderCalls } from './providerCalls.js';

/** An object may be unreadable for a while after its creation, and on the other side longer. */
export const VISIBLE_WITHIN_MS = 60_000;
/** An object that has not reached its state by then is reported; what is done stays done. */
export const GIVE_UP_AFTER_MS = 900_000;

export interface StepContext {
  readonly stack: string;
  /** Client tokens, one for each step of the assignment, in order. */
  readonly tokens: readonly string[];
  readonly calls: ProviderCalls;
  /** Stop waiting. */
  readonly signal: AbortSignal;
  /** Give up requests under way. */
  readonly abandon: AbortSignal;
  readonly released: () => void;
  readonly waiting: (cause: string, etaMs?: number) => void;
  readonly retried: Retried;
  readonly evidence: Evidence;
}

export type Work<V extends StepWork['verb']> = Extract<StepWork, { readonly verb: V }>;

/** The token of one step of the assignment, as requests take it. */
export const tokenOf = ({ tokens }: StepContext, at = 0): { readonly clientToken?: string } => {
  const clientToken = tokens[at];
  return clientToken === undefined ? {} : { clientToken };
};

/** A deletion was answered with "no such object", and readings go on to show the object: the one answer or the other is not true. */
export const goneAndListed = (object: string): PeerwayError =>
  new PeerwayError('Unavailable', `The cloud says that the ${object} is not there, and shows it all the same`, {
    retry: 'never',
    remedy: 'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
  });
