/**
 * The typed escape hatch: `provider.native(awsEc2)` for the vendor's own client, `nativeOf(object, token)` for its own records.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { NativeToken } from '@peerway/core';
import type { PeeringRecord, RouteRecord, VpcRecord } from './wire/api/records.js';
import type { AwsClient } from './wire/client.js';

/** The vendor's client of EC2, with the keys, region, address and time limit of the entry; it repeats nothing. */
export const awsEc2 = new NativeToken<EC2Client>('aws.ec2');

/** Records behind neutral objects. */
export const awsPeeringRecord = new NativeToken<PeeringRecord>('aws.peering.record');
export const awsVpcRecord = new NativeToken<VpcRecord>('aws.vpc.record');
export const awsRouteRecord = new NativeToken<RouteRecord>('aws.route.record');

export const nativeClients = (client: AwsClient): ReadonlyMap<NativeToken<unknown>, unknown> =>
  new Map<NativeToken<unknown>, unknown>([[awsEc2, client.ec2]]);
