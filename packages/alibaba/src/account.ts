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
    this.#known ??= ownerOf(vpcs);
  }

  /** As written, as learned, or else as the cloud says. @throws PeerwayError `FailedPrecondition` when nothing in the region tells */
  async get(call: Call): Promise<AccountId> {
    return (this.#known ??= await this.ask(call));
  }

  /** As the cloud says, whatever was written. @throws PeerwayError `FailedPrecondition` when nothing in the region tells */
  async ask(call: Call): Promise<AccountId> {
    const answer = await this.#client.vpc('DescribeVpcs', { RegionId: this.#region, PageSize: 1 }, call);
    const owner = ownerOf(answer.Vpcs.Vpc);
    if (owner !== undefined) return owner;
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

function ownerOf(vpcs: readonly Vpc[]): AccountId | undefined {
  const owner = vpcs.find((vpc) => vpc.OwnerId !== undefined)?.OwnerId;
  return owner === undefined ? undefined : accountOf(owner);
}
