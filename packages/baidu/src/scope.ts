/** What every part of the driver shares: one account in one region, and the client that speaks for it. */
import type { AccountOwner, Clock, RegionId } from '@peerway/core';
import type { BaiduOptions } from './options.js';
import type { BaiduClient } from './wire/client.js';
import type { EtChannelRecord, VpcRecord } from './wire/api/records.js';

export interface Scope {
  readonly client: BaiduClient;
  readonly region: RegionId;
  readonly account: AccountOwner;
  readonly options: BaiduOptions;
  readonly recent: RecentReadings;
}

/** Whose provider entry reads; all that a conversion needs. */
export type Reader = Pick<Scope, 'account' | 'region' | 'options'>;

/** As long as what a plan has read holds for the apply that follows it. */
const HOLDS_MS = 60_000;

/** What was read a moment ago for another reason, and changes only by people's hands. */
export class RecentReadings {
  readonly #channels = new Map<string, { readonly at: number; readonly channels: readonly EtChannelRecord[] }>();
  readonly #vpcs = new Map<string, { readonly at: number; readonly vpc: VpcRecord }>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  rememberVpcs(vpcs: readonly VpcRecord[]): void {
    const at = this.clock.now();
    for (const vpc of vpcs) this.#vpcs.set(vpc.vpcId, { at, vpc });
  }

  vpc(id: string): VpcRecord | undefined {
    return this.#fresh(this.#vpcs.get(id))?.vpc;
  }

  /** @param channels every one of the line */
  rememberChannels(line: string, channels: readonly EtChannelRecord[]): void {
    this.#channels.set(line, { at: this.clock.now(), channels });
  }

  channels(line: string): readonly EtChannelRecord[] | undefined {
    return this.#fresh(this.#channels.get(line))?.channels;
  }

  #fresh<T extends { readonly at: number }>(reading: T | undefined): T | undefined {
    return reading !== undefined && this.clock.now() - reading.at <= HOLDS_MS ? reading : undefined;
  }
}
