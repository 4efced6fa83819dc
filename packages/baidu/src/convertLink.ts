/** One dedicated gateway and the channel that it is bound to as a Link. Pure. Source: docs/facts/baidu.md 3.5 and 3.6, checked 2026-11. */
import {
  attachNative,
  canonicalCidr,
  isPeerwayError,
  linkId,
  networkId,
  parseAddress,
  portId,
  type HealthCheck,
  type Link,
  type Standing,
} from '@peerway/core';
import { tagsOf } from './convert.js';
import { baiduEtGatewayRecord } from './native.js';
import type { Reader } from './scope.js';
import { etGatewayState } from './states.js';
import type { EtChannelRecord, EtGatewayRecord } from './wire/api/records.js';
import { PROVIDER } from './wire/errors.js';

/** @param channel the one that the gateway names; undefined where it names none or its line has it no longer */
export function linkOf(gateway: EtGatewayRecord, channel: EtChannelRecord | undefined, reader: Reader): Link {
  const bound = isBound(gateway);
  const shown = etGatewayState(gateway.status);
  const standing: Standing<'continue'> =
    !bound && shown.state === 'active' ? { state: 'provisioning', reason: 'half-made', next: 'continue' } : shown;
  const createdAt = gateway.createTime === undefined ? Number.NaN : Date.parse(gateway.createTime);
  const speed = Number(gateway.speed);
  const link: Link = {
    provider: PROVIDER,
    id: linkId(gateway.etGatewayId),
    name: gateway.name,
    description: gateway.description ?? '',
    account: reader.account,
    region: reader.region,
    network: networkId(gateway.vpcId),
    ...(bound ? { port: portId(gateway.etId), localPrefixes: (gateway.localCidrs ?? []).map(canonicalCidr) } : {}),
    ...(channel === undefined
      ? {}
      : {
          vlan: Number(channel.vlanId),
          cloudIp: channel.baiduAddress,
          customerIp: addressOf(channel.customerAddress),
        }),
    ...(Number.isFinite(speed) ? { bandwidthMbps: speed } : {}),
    ...standing,
    nativeState: gateway.status,
    nextHop: { kind: 'link', id: gateway.etGatewayId },
    ...(Number.isNaN(createdAt) ? {} : { createdAt: new Date(createdAt) }),
    tags: tagsOf(gateway.tags),
    ...healthCheckOf(gateway),
  };
  return attachNative(link, baiduEtGatewayRecord, gateway);
}

/** Shown by the answer for one gateway alone, and there only when something is probed. */
function healthCheckOf(gateway: EtGatewayRecord): { readonly healthCheck?: HealthCheck } {
  const { healthCheckSourceIp: source, healthCheckDestIp: target } = gateway;
  const { healthCheckInterval: seconds, unhealthThreshold: failures } = gateway;
  if (seconds === undefined || Number(seconds) === 0) return {};
  return {
    healthCheck: {
      ...(source === undefined || source === '' ? {} : { source }),
      ...(target === undefined || target === '' ? {} : { target }),
      intervalMs: Number(seconds) * 1_000,
      ...(failures === undefined ? {} : { failures: Number(failures) }),
    },
  };
}

/** Whether its state is one that the tables map. */
export function isReadable({ status }: EtGatewayRecord): boolean {
  try {
    etGatewayState(status);
    return true;
  } catch (error) {
    if (isPeerwayError(error)) return false;
    throw error;
  }
}

type BoundGateway = EtGatewayRecord & { readonly etId: string; readonly channelId: string };

export const isBound = (gateway: EtGatewayRecord): gateway is BoundGateway =>
  typeof gateway.etId === 'string' &&
  gateway.etId !== '' &&
  typeof gateway.channelId === 'string' &&
  gateway.channelId !== '';

/** `10.0.0.1/30` and `10.0.0.1` are the same end of a line. */
export function addressOf(text: string): string {
  const bare = text.split('/')[0] ?? text;
  const { family } = parseAddress(bare);
  return canonicalCidr(`${bare}/${family === 4 ? 32 : 128}`).split('/')[0] ?? bare;
}
