/** Requests of Alibaba Cloud in one line each. */
import type { RawRequest } from '@peerway/core';

export type Parameters = Readonly<Record<string, string>>;

export const vpcRequest = (action: string, region: string, query: Parameters = {}): RawRequest => ({
  operation: `Vpc.${action}`,
  query: { RegionId: region, ...query },
});

export const peerRequest = (action: string, query: Parameters = {}): RawRequest => ({
  operation: `VpcPeer.${action}`,
  query,
});
