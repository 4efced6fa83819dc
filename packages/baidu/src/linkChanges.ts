/** What of a gateway can be changed afterwards (docs/facts/baidu.md 3.5, checked 2026-11). Pure. */
import { PeerwayError, type LinkChange } from '@peerway/core';
import type { UpdateEtGateway } from './wire/api/etGateway.js';
import { PROVIDER } from './wire/errors.js';

/** All but the tags, which change in a service of their own, and the addresses, which are the channel's. */
export function updateOf(change: LinkChange): UpdateEtGateway {
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
