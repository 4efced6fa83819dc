/**
 * What a step has to show for itself. A step that trusts its requests is done only when at least one of them could change
 * something, or when a look shows what it was for: nothing sent and nothing seen is no success.
 */
import {
  PeerwayError,
  tagOf,
  type DnsSyncState,
  type LinkUpdate,
  type PeeringUpdate,
  type RequestObserver,
  type Tags,
} from '@peerway/core';
import type { StepVerb } from '../plan/plan.js';

/** `looks`: the step ends only when a reading shows what it is for. `trusts`: it ends when its requests were answered. */
const ENDS_WHEN_IT: Record<StepVerb, 'looks' | 'trusts'> = {
  'peering.create': 'looks',
  'peering.settle': 'looks',
  'peering.update': 'trusts',
  'peering.delete': 'looks',
  'route.create': 'looks',
  'route.describe': 'trusts',
  'route.delete': 'looks',
  'link.create': 'looks',
  'link.settle': 'looks',
  'link.resume': 'looks',
  'link.update': 'trusts',
  'link.delete': 'looks',
};

/** Of one step, or of one batch of steps. */
export class Evidence {
  #changing = 0;
  #seen = false;

  /** Counts the requests that may change something. */
  readonly observer: RequestObserver = {
    requestSent: (_, { mutating }) => {
      if (mutating) this.#changing++;
    },
  };

  get nothingSent(): boolean {
    return this.#changing === 0;
  }

  /** A reading shows what the step was for, whoever did it. */
  seen(): void {
    this.#seen = true;
  }

  /** @throws PeerwayError `FailedPrecondition` when a step that trusts its requests has neither */
  require(verb: StepVerb): void {
    if (ENDS_WHEN_IT[verb] === 'trusts') this.requireShown(verb);
  }

  /** For a step that looks, where the cloud leaves nothing to look at. @throws PeerwayError as `require` */
  requireShown(verb: StepVerb): void {
    if (!this.nothingSent || this.#seen) return;
    throw new PeerwayError('FailedPrecondition', 'Nothing was sent and nothing has changed', {
      operation: verb,
      remedy:
        'Plan again. If the same step comes back, the provider cannot make this change: make it in the cloud’s console, and report it.',
    });
  }
}

interface Carries {
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number | 'unlimited';
  readonly deletionProtection?: boolean;
  readonly dnsSync?: DnsSyncState;
  readonly tags: Tags;
}

/** Whether a reading shows everything that an update was to bring about; what no reading shows counts only when it was sent. */
export function shows(
  {
    name,
    description,
    bandwidthMbps,
    setTags = {},
    removeTags = [],
    deletionProtection,
    dnsSync,
    ...others
  }: PeeringUpdate & LinkUpdate,
  seen: Carries,
): boolean {
  return (
    Object.keys(others).length === 0 &&
    (name === undefined || seen.name === name) &&
    (description === undefined || seen.description === description) &&
    (bandwidthMbps === undefined || seen.bandwidthMbps === bandwidthMbps) &&
    (deletionProtection === undefined || (seen.deletionProtection ?? false) === deletionProtection) &&
    (dnsSync === undefined || ['on', 'turning-on'].includes(seen.dnsSync ?? 'off') === dnsSync) &&
    Object.entries(setTags).every(([key, value]) => tagOf(seen.tags, key) === value) &&
    removeTags.every((key) => tagOf(seen.tags, key) === undefined)
  );
}
