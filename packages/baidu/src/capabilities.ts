/** What Baidu AI Cloud can do here, as data. Pages are under cloud.baidu.com/doc/VPC/s/; docs/facts/baidu.md 3, 4 and 5. */
import { BAIDU_REGIONS } from './wire/regions.js';
import type { ProviderCapabilities, SettingSupport, Support, TagLimits, TextLimit } from '@peerway/core';

export const MECHANISM = 'peerconn';

/** After seven days of silence a request lapses (docs/facts/baidu.md 4.2). */
export const ACCEPT_WITHIN_MS = 7 * 24 * 3_600_000;

const CHECKED = '2026-11-20';
const page = (id: string): string => `https://cloud.baidu.com/doc/VPC/s/${id}`;
const CREATE = page('bjwvyue8y');
const UPDATE = page('1jwvyufpd');

const can = (source: string, note?: string): Support => ({
  status: 'supported',
  checkedOn: CHECKED,
  source,
  ...(note === undefined ? {} : { note }),
});
const cannot = (reason: string, source: string): Support => ({
  status: 'unsupported',
  reason,
  source,
  checkedOn: CHECKED,
});
const notYet = (reason: string): Support => ({ status: 'unimplemented', reason, checkedOn: CHECKED });

/** Rules for texts: docs/facts/baidu.md 3.1.1 (tags), 3.5 (gateways) and 5 (descriptions), checked 2026-11. */
const TAG: TextLimit = {
  min: 0,
  max: 65,
  characters: {
    class: 'A-Za-z0-9\\p{Script=Han}\\-_ /.',
    words: 'letters, digits, Chinese characters, blanks and - _ / .',
  },
};
const TAGS: TagLimits = { max: 20, key: { ...TAG, min: 1 }, value: TAG }; // how many is not documented [unverified]
const DESCRIPTION: TextLimit = { min: 0, max: 200 };
const GATEWAY_NAME: TextLimit = {
  min: 1,
  max: 65,
  first: { class: 'A-Za-z', words: 'a letter' },
  characters: { class: 'A-Za-z0-9\\-_/.', words: 'letters, digits and - _ / .' },
};

const CREATION = { change: 'creation', source: 'docs/facts/baidu.md 3.1.1', checkedOn: '2026-11-27' } as const;

const PEERCONN_SETTINGS: Readonly<Record<string, SettingSupport>> = {
  localInterfaceName: { ...CREATION, change: 'in-place', about: 'the name of the initiator’s interface' },
  peerInterfaceName: { ...CREATION, only: 'sameAccount', about: 'the name of the acceptor’s interface' },
  paymentTiming: { ...CREATION, change: 'fixed', only: 'crossRegion', about: 'Postpaid, or Prepaid for a term' },
  reservationMonths: { ...CREATION, only: 'crossRegion', about: 'the first term of a prepaid peering' },
  resourceGroupId: { ...CREATION, about: 'the resource group that it is made in' },
};

const GATEWAY_SETTINGS: Readonly<Record<string, SettingSupport>> = {
  resourceGroupId: { ...CREATION, source: 'docs/facts/baidu.md 3.5', about: 'the resource group that it is made in' },
};

export const CAPABILITIES: ProviderCapabilities = {
  // what a link to Hong Kong or Singapore needs besides is said by no page at hand (docs/facts/baidu.md 2)
  regions: { zones: Object.fromEntries(Object.keys(BAIDU_REGIONS).map((region) => [region, 'public'])), between: [] },
  mechanisms: [
    {
      name: MECHANISM,
      handshake: 'shared',
      autoAcceptSameAccount: true,
      deletableBy: 'initiator',
      // one link per pair of VPCs, counted in every state but deleted
      occupiesPairWhen: ['rejected', 'expired', 'failed'],
      duplicate: 'refused',
      dead: 'deletable',
      dnsSwitch: 'resolves-other',
      dryRunShows: 'nothing',
      // the cloud wants a number with every creation; `defaultBandwidthMbps` of the options gives one where the caller does not
      bandwidth: 'optional',
      settings: PEERCONN_SETTINGS,
      features: {
        crossRegion: can(CREATE),
        crossAccount: can(CREATE, 'needs `account:` on both provider entries: VPC answers name no account'),
        accept: can(page('wjwvyud6p'), 'across accounts only; inside one account the cloud accepts by itself'),
        reject: can(page('wjwvyud6p'), 'the initiator cannot tell a refusal from seven days of silence'),
        bandwidth: can(CREATE),
        resize: can(page('Wjwvyufcb'), 'by the initiator; Prepaid links only grow'),
        name: cannot('a peer connection has interface names and descriptions, no name of its own', CREATE),
        description: can(UPDATE, 'each side has its own'),
        tags: can(CREATE),
        retag: notYet('tags of an existing link are changed by the separate tag service'),
        suspend: cannot('there is no such operation', CREATE),
        dnsSync: can(page('Qjwvyuf0h'), 'each side has its own'),
        deletionProtection: can(page('4lzjn3dsi')),
        clientToken: can(page('gjwvyu77i'), 'for 24 hours after its last use'),
        dryRun: cannot('there is no such parameter', CREATE),
        ipv6: notYet('IPv6 over peer connections is not described in the pages at hand'),
      },
      limits: {
        bandwidthMbps: { min: 1 }, // neither end of the range is documented; samples show 10 to 1,000
        description: DESCRIPTION, // documented for VPCs and rules; for links the same is assumed [unverified]
        tags: TAGS,
        perNetwork: { total: 10 },
        perAccount: 10,
        acceptWithinMs: ACCEPT_WITHIN_MS,
      },
      takesMs: { delete: 3_000 }, // chosen; no source says
    },
  ],
  routes: {
    // a rule has no status, and the vendor's own clients wait for none: docs/facts/baidu.md 3.4 and 3.8
    immediate: true,
    features: {
      explicit: can(page('Ljwvyugpl')),
      createMany: cannot('one rule per request', page('Ljwvyugpl')),
      deleteMany: cannot('one rule per request', page('Ljwvyugpl')),
      source: can(page('Ljwvyugpl'), 'inside a subnet of the VPC, or any; any range in a relay VPC'),
      ipv6: notYet('only the Go SDK knows the field that IPv6 rules need'),
      overlap: cannot('a destination may not overlap the VPC, 0.0.0.0/0 excepted', page('Ljwvyugpl')),
      customTables: notYet('custom tables are newer than the API pages at hand'),
      description: can(page('Ljwvyugpl')),
      relabel: can(page('Ljwvyugpl'), 'UpdateRoutingRules'),
      clientToken: can(page('gjwvyu77i'), 'for 24 hours after its last use'),
    },
    limits: { perTable: 50, description: DESCRIPTION },
  },
  links: {
    listedBy: 'network',
    features: {
      link: can(page('Hk2ygtxlw'), 'a dedicated gateway bound to a channel that exists on the line'),
      suspend: cannot('there is no such operation', page('Hk2ygtxlw')),
      bandwidth: can(page('Hk2ygtxlw')),
      resize: can(page('Hk2ygtxlw'), 'UpdateDedicatedGateway'),
      readdress: cannot("the addresses are the channel's, and that is the line owner's", page('Hk2ygtxlw')),
      tags: can(page('Hk2ygtxlw')),
      retag: notYet('tags change in a service of their own'),
      description: can(page('Hk2ygtxlw')),
      relabel: can(page('Hk2ygtxlw'), 'UpdateDedicatedGateway'),
      edgeRoutes: cannot(
        "a gateway has no route table: its channel has, and that is the line owner's",
        page('Hk2ygtxlw'),
      ),
      otherAccount: can(page('Hk2ygtxlw'), 'where the owner of the line has authorised the account for the channel'),
      otherRegion: cannot('a gateway lies in the region of its line’s access point', page('Hk2ygtxlw')),
    },
    limits: {
      name: GATEWAY_NAME,
      description: DESCRIPTION,
      tags: TAGS,
      vlan: { min: 0, max: 4_009 },
      bandwidthMbps: { min: 2, max: 10_000 },
    },
    settings: GATEWAY_SETTINGS,
    // toward the customer's end of the channel; one number for both thresholds. No page names an operation that ends it
    healthCheck: {
      source: 'optional',
      target: 'customer',
      intervalMs: { min: 1_000, max: 60_000, step: 1_000 },
      failures: { min: 2, max: 5 },
      removable: false,
      page: page('Hk2ygtxlw'),
      checkedOn: '2026-11-27',
    },
    home: 'network',
  },
  networkTags: can('docs/facts/baidu.md 3.2', 'QueryVpcList'),
  networksPerRead: 100, // how many ids one listing takes is not documented; a hundred keep the address under 2,000 characters
};
