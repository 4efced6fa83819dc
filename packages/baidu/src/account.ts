/** Whose account a provider entry is. Baidu's VPC answers name no account, so the config must, where it matters. */
import { createHash } from 'node:crypto';
import { unknownAccount, type AccountId, type AccountOwner } from '@peerway/core';

/** The configured account, or what stands for an unknown one: the same for the same keys and different for others. */
export const ownAccount = (configured: AccountId | undefined, accessKeyId: string): AccountOwner =>
  configured ?? unknownAccount(createHash('sha256').update(accessKeyId).digest('hex').slice(0, 8));

/**
 * The account to name as the peer's in a creation; undefined where none is to be named: `peerAccountId` is only for
 * links across accounts.
 */
export const peerAccountOf = (own: AccountOwner, acceptor: AccountId | undefined): string | undefined =>
  acceptor === own ? undefined : acceptor;
