/** Whose account a provider entry is. Baidu's VPC answers name no account, so the config must, where it matters. */
import { createHash } from 'node:crypto';
import { accountId, PeerwayError, type AccountId } from '@peerway/core';
import { PROVIDER } from './wire/errors.js';

/** 32 hexadecimal characters is what a real account id looks like, so this can never be one. */
const UNKNOWN = /^unknown-[0-9a-f]{8}$/;

/** Whether only a stand-in is known. */
export const isStandIn = (account: AccountId): boolean => UNKNOWN.test(account);

/** The configured account, or a stand-in that is the same for the same keys and different for others. */
export function ownAccount(configured: AccountId | undefined, accessKeyId: string): AccountId {
  if (configured !== undefined) return configured;
  return accountId(`unknown-${createHash('sha256').update(accessKeyId).digest('hex').slice(0, 8)}`);
}

/**
 * The account to name as the peer's in a creation; undefined where none is to be named: `peerAccountId` is only for
 * links across accounts.
 * @throws PeerwayError `InvalidArgument` for another account of which only a stand-in is known
 */
export function peerAccountOf(own: AccountId, acceptor: AccountId | undefined): string | undefined {
  if (acceptor === undefined || acceptor === own) return undefined;
  if (!isStandIn(acceptor)) return acceptor;
  throw new PeerwayError('InvalidArgument', 'The account of the accepting network is not known', {
    provider: PROVIDER,
    remedy: 'Set account: (32 hexadecimal characters) on the provider entry of the accepting network, and on this one.',
  });
}
