/** What every part of the driver shares: one account in one region, and the client that speaks for it. */
import type { Clock, RegionId } from '@peerway/core';
import type { OwnAccount } from './account.js';
import type { AlibabaClient } from './wire/client.js';
import type { AlibabaOptions } from './options.js';
import type { Routers } from './routerInterface/routers.js';

export interface Scope {
  readonly client: AlibabaClient;
  readonly region: RegionId;
  readonly account: OwnAccount;
  readonly routers: Routers;
  readonly options: AlibabaOptions;
  readonly clock: Clock;
}
