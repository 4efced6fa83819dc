/** What of a gateway can be changed afterwards (docs/facts/baidu.md 3.5, checked 2026-11). Pure. */
import { PeerwayError, type HealthCheck, type LinkChange } from '@peerway/core';
import type { EtGatewayHealthCheck, UpdateEtGateway } from './wire/api/etGateway.js';
import { PROVIDER } from './wire/errors.js';

/** What the console proposes, for what is not declared. */
const PROBE = { intervalMs: 3_000, failures: 3 };

/** One that is there already is replaced. @throws PeerwayError `Unsupported` without a check: no operation ends one */
export function healthCheckRequest(check: HealthCheck | undefined): EtGatewayHealthCheck {
  if (check === undefined)
    throw new PeerwayError('Unsupported', 'The health check of a gateway cannot be taken away', { provider: PROVIDER });
  const { source, intervalMs = PROBE.intervalMs, failures = PROBE.failures } = check;
  return {
    healthCheckInterval: intervalMs / 1_000,
    healthThreshold: failures,
    unhealthThreshold: failures,
    ...(source === undefined ? {} : { healthCheckSourceIp: source }),
    autoGenerateRouteRule: false, // routes are written by us, and by nobody else in our name
  };
}

/** All but the tags, which change in a service of their own, and the addresses, which are the channel's. */
export function updateOf(change: Exclude<LinkChange, { readonly kind: 'healthCheck' }>): UpdateEtGateway {
  switch (change.kind) {
    case 'labels':
      return {
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.description === undefined ? {} : { description: change.description }),
      };
    case 'bandwidth':
      return { speed: change.bandwidthMbps };
    case 'localPrefixes':
      return { localCidrs: change.prefixes };
    case 'tags':
    case 'addresses':
    case 'suspended':
    case 'settings':
      throw new PeerwayError('Unsupported', `A gateway cannot be given other ${change.kind}`, { provider: PROVIDER });
  }
}
