/** What every part of the driver shares: one account in one region, and the client that speaks for it. */
import type { RegionId } from '@peerway/core';
import type { OwnAccount } from './account.js';
import type { AwsClient } from './wire/client.js';

export interface Scope {
  readonly client: AwsClient;
  readonly region: RegionId;
  readonly account: OwnAccount;
}
