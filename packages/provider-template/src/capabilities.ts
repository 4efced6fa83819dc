/** What the miniature cloud can do. Start with everything `unimplemented`, and turn one feature on at a time. */
import type { ProviderCapabilities, Support } from '@peerway/core';

const CHECKED_ON = '2026-11-20';
const yes: Support = { status: 'supported', checkedOn: CHECKED_ON, source: 'cloud.ts' };
const never = (reason: string): Support => ({
  status: 'unsupported',
  reason,
  source: 'cloud.ts',
  checkedOn: CHECKED_ON,
});
const notYet = (reason: string): Support => ({ status: 'unimplemented', reason, checkedOn: CHECKED_ON });

export const capabilities: ProviderCapabilities = {
  mechanisms: [
    {
      name: 'tiny-peering',
      handshake: 'shared',
      autoAcceptSameAccount: true,
      deletableBy: 'either',
      occupiesPairWhen: ['rejected'],
      duplicate: 'refused',
      dead: 'deletable',
      dnsSwitch: 'none',
      dryRunShows: 'nothing',
      bandwidth: 'optional',
      features: {
        crossRegion: yes,
        crossAccount: yes,
        accept: yes,
        reject: yes,
        bandwidth: yes,
        resize: yes,
        name: yes,
        description: yes,
        tags: yes,
        retag: yes,
        suspend: yes,
        dnsSync: never('it has no name service'),
        deletionProtection: yes,
        clientToken: yes,
        dryRun: notYet('the cloud has CheckPeering; nobody asked for it'),
        ipv6: yes,
      },
      limits: {
        bandwidthMbps: { min: 1, max: 10_000 },
        name: { min: 1, max: 64 },
        description: { min: 0, max: 128 },
        tags: { max: 10, key: { min: 1, max: 64 }, value: { min: 0, max: 128 } },
        concurrentCreatesPerNetwork: 1,
        acceptWithinMs: 7 * 86_400_000,
      },
    },
  ],
  routes: {
    features: {
      explicit: yes,
      createMany: yes,
      deleteMany: yes,
      source: never('routes match on the destination alone'),
      ipv6: yes,
      overlap: yes,
      customTables: yes,
      description: yes,
      relabel: never('a route keeps the note that it was made with'),
      clientToken: never('routes take no token'),
    },
    limits: { batch: 5, description: { min: 0, max: 128 } },
  },
  links: {
    features: {
      link: yes,
      suspend: yes,
      bandwidth: yes,
      resize: yes,
      readdress: yes,
      tags: yes,
      retag: yes,
      description: yes,
      relabel: yes,
      edgeRoutes: never('a line has no table of its own'),
      otherAccount: never('a line is its owner’s alone'),
      otherRegion: never('a line is its region’s alone'),
    },
    limits: {
      vlan: { min: 1, max: 4000 },
      bandwidthMbps: { min: 1, max: 10_000 },
      tags: { max: 10, key: { min: 1, max: 64 }, value: { min: 0, max: 128 } },
    },
  },
  networkTags: never('its networks have no tags'),
  networksPerRead: 3,
};
