/** Whose account the keys belong to: one request to STS in the life of a driver, and only when somebody needs to know. */
import { accountId, type AccountId, type Call } from '@peerway/core';
import type { AwsClient } from './wire/client.js';

export class OwnAccount {
  readonly #client: AwsClient;
  #known: AccountId | undefined;

  constructor(client: AwsClient) {
    this.#client = client;
  }

  /** Keys never change their account, so that asking once is no caching of state. */
  async get(call: Call): Promise<AccountId> {
    this.#known ??= accountId((await this.#client.send('GetCallerIdentity', {}, call)).Account);
    return this.#known;
  }
}
