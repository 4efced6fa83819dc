/** Why a peering or link between two networks carries no traffic: one sentence and one fix for every state and reason. */
import type { LifecycleState, StateReason } from '@peerway/core';
import type { ReachFinding } from './answer.js';

interface Explained {
  readonly fault: string;
  readonly sentence: (object: string) => string;
  readonly fix: string;
}

type Carrier = {
  readonly state: LifecycleState;
  readonly reason?: StateReason;
  readonly nativeState: string;
  readonly next?: unknown;
};

const REASONS: Record<StateReason, Explained> = {
  billing: {
    fault: 'billing-locked',
    sentence: (object) => `${object} is locked because a bill is open, so it drops everything.`,
    fix: 'Settle the bill of the account that owns it; it comes back by itself.',
  },
  suspended: {
    fault: 'suspended',
    sentence: (object) => `${object} was switched off by an owner.`,
    fix: 'Run `peerway apply` to switch it on again.',
  },
  'peer-missing': {
    fault: 'half-missing',
    sentence: (object) => `The other half of ${object} is gone, so nothing arrives there.`,
    fix: 'Run `peerway apply` to make it anew.',
  },
  'half-made': {
    fault: 'half-made',
    sentence: (object) => `${object} exists only in part: whoever made it was interrupted.`,
    fix: 'Run `peerway apply` to finish it.',
  },
  'rejected-or-expired': {
    fault: 'rejected-or-expired',
    sentence: (object) => `The request ${object} was refused or not answered in time; the cloud does not tell which.`,
    fix: 'Agree with the owner of the other network, then run `peerway apply`.',
  },
  'acceptance-timeout': {
    fault: 'expired',
    sentence: (object) => `Nobody accepted ${object} in time.`,
    fix: 'Run `peerway apply` to ask again, and accept it in the other account.',
  },
  'term-ended': {
    fault: 'term-ended',
    sentence: (object) => `The paid term of ${object} has ended.`,
    fix: 'Renew it in the cloud’s console, or delete it and run `peerway apply`.',
  },
  administrative: {
    fault: 'switched-off',
    sentence: (object) => `${object} was switched off by the cloud.`,
    fix: 'Look at it in the cloud’s console; only the cloud can switch it on again.',
  },
};

const STATES: Record<Exclude<LifecycleState, 'active'>, Explained> = {
  provisioning: {
    fault: 'provisioning',
    sentence: (object) => `${object} is still being made.`,
    fix: 'Wait a moment and ask again; if it stays so, run `peerway apply`.',
  },
  'pending-acceptance': {
    fault: 'pending-acceptance',
    sentence: (object) => `${object} waits for the other account to accept it.`,
    fix: 'Run `peerway apply` with a provider entry for the accepting account, or let its owner accept it.',
  },
  updating: {
    fault: 'updating',
    sentence: (object) => `${object} is being changed right now.`,
    fix: 'Wait a moment and ask again.',
  },
  inactive: {
    fault: 'inactive',
    sentence: (object) => `${object} is inactive, and the cloud does not say why.`,
    fix: 'Look at it in the cloud’s console.',
  },
  rejected: {
    fault: 'rejected',
    sentence: (object) => `The owner of the other network refused ${object}.`,
    fix: 'Agree with that owner, then run `peerway apply` to ask again.',
  },
  expired: {
    fault: 'expired',
    sentence: (object) => `Nobody accepted ${object} in time.`,
    fix: 'Run `peerway apply` to ask again, and accept it in the other account.',
  },
  failed: {
    fault: 'failed',
    sentence: (object) => `The cloud could not make ${object}.`,
    fix: 'Look for overlapping prefixes and quotas, then run `peerway apply`.',
  },
  deleting: {
    fault: 'deleting',
    sentence: (object) => `${object} is being removed.`,
    fix: 'If that was not meant, run `peerway apply` to make it anew.',
  },
  deleted: {
    fault: 'deleted',
    sentence: (object) => `${object} has been deleted.`,
    fix: 'Run `peerway apply` to make it anew.',
  },
};

/** Undefined when it carries traffic. */
export function whyDown(carrier: Carrier, object: string): ReachFinding | undefined {
  if (carrier.state === 'active') return undefined;
  if (carrier.next !== undefined && carrier.reason === undefined && carrier.state === 'provisioning') {
    return {
      fault: 'step-missing',
      severity: 'blocks',
      object,
      sentence: `A step of making ${object} has not been taken yet.`,
      fix: 'Run `peerway apply` to take it.',
    };
  }
  const explained = (carrier.reason === undefined ? undefined : REASONS[carrier.reason]) ?? STATES[carrier.state];
  return {
    fault: explained.fault,
    severity: 'blocks',
    object,
    sentence: explained.sentence(object),
    fix: explained.fix,
  };
}

/** The same of what is not ours, which apply does not touch. @param connection that declares the pair; undefined: none does */
export function asForeign(finding: ReachFinding, connection: string | undefined): ReachFinding {
  if (!finding.fix.includes('`peerway apply`')) return finding;
  const fix =
    connection === undefined
      ? 'It is not ours: let its owner finish or remove it.'
      : `It is not ours: run \`peerway adopt ${connection}\`, then \`peerway apply\`.`;
  return { ...finding, fix };
}
