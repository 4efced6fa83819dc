/** What every part of the driver shares: one account in one region, and the client that speaks for it. */
import type { AccountOwner, RegionId } from '@peerway/core';
import type { BaiduOptions } from './options.js';
import type { BaiduClient } from './wire/client.js';

export interface Scope {
  readonly client: BaiduClient;
  readonly region: RegionId;
  readonly account: AccountOwner;
  readonly options: BaiduOptions;
}

/** Whose provider entry reads; all that a conversion needs. */
export type Reader = Pick<Scope, 'account' | 'region' | 'options'>;
