/** Whose keys these are. No operation in scope says so directly, but every VPC carries its owner, and an account never changes. */
import { PeerwayError, type AccountId, type Call, type RegionId } from '@peerway/core';
import type { Vpc } from './wire/api/network.js';
import type { AlibabaClient } from './wire/client.js';
import { accountOf } from './convert.js';
import { PROVIDER } from './wire/errors.js';

export class OwnAccount {
  readonly #client: AlibabaClient;
  readonly #region: RegionId;
  #known: AccountId | undefined;

  /** @param written the account, when the user wrote it down */
  constructor(client: AlibabaClient, region: RegionId, written: AccountId | undefined) {
    this.#client = client;
    this.#region = region;
    this.#known = written;
  }

  /** Takes the account from VPCs that were read for another reason: most callers then never pay for a request. */
  learn(vpcs: readonly Vpc[]): void {
    const owner = vpcs.find((vpc) => vpc.OwnerId !== undefined)?.OwnerId;
    if (this.#known === undefined && owner !== undefined) this.#known = accountOf(owner);
  }

  /** @throws PeerwayError `FailedPrecondition` when nothing in the region tells */
  async get(call: Call): Promise<AccountId> {
    if (this.#known === undefined) {
      const answer = await this.#client.vpc('DescribeVpcs', { RegionId: this.#region, PageSize: 1 }, call);
      this.learn(answer.Vpcs.Vpc);
    }
    if (this.#known !== undefined) return this.#known;
    throw new PeerwayError(
      'FailedPrecondition',
      `The account of these credentials has no VPC in ${this.#region} to tell its id by`,
      {
        provider: PROVIDER,
        remedy: 'Write `account:` into the provider entry.',
      },
    );
  }
}
