/** What AWS can do here, as data. Pages are under docs.aws.amazon.com; what was only read in the vendor's SDK says so. */
import type { ProviderCapabilities, Support, TagLimits, TextLimit } from '@peerway/core';

export const MECHANISM = 'vpc-peering';

/** After a week of silence a request expires (vpc/latest/peering/vpc-peering-basics.html). */
const ACCEPT_WITHIN_MS = 7 * 24 * 3_600_000;

const CHECKED = '2026-11-26';
const page = (path: string): string => `https://docs.aws.amazon.com/${path}`;
const CREATE = page('AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html');
const LIFE = page('vpc/latest/peering/vpc-peering-basics.html');
const TAGGING = page('AWSEC2/latest/UserGuide/Using_Tags.html');
const OPTIONS = page('AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html');
const ROUTE = page('AWSEC2/latest/APIReference/API_CreateRoute.html');

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
const NO_LINE = notYet('Direct Connect is a service of its own, and no server to test its interfaces against is known');

/** Restrictions of tags: AWSEC2/latest/UserGuide/Using_Tags.html, checked 2026-11. */
const TAG: TextLimit = {
  min: 0,
  max: 256,
  characters: { class: '\\p{L}\\p{N}\\p{Zs}+\\-=._:/@', words: 'letters, digits, blanks and + - = . _ : / @' },
};
const TAGS: TagLimits = {
  max: 49, // of 50; one is the name
  key: { ...TAG, min: 1, max: 128, notAtStart: ['aws:'], except: ['Name'] },
  value: TAG,
};

export const CAPABILITIES: ProviderCapabilities = {
  mechanisms: [
    {
      name: MECHANISM,
      handshake: 'shared',
      autoAcceptSameAccount: false,
      deletableBy: 'either',
      occupiesPairWhen: [],
      // in the other direction a second request is taken, which cannot be accepted
      duplicate: 'returns-existing',
      // a failed one is shown for two hours, a rejected one for two days to its requester
      dead: 'fades',
      dnsSwitch: 'opens-own',
      dryRunShows: 'rights',
      bandwidth: 'none',
      features: {
        crossRegion: can(CREATE),
        crossAccount: can(CREATE),
        accept: can(LIFE, 'also inside one account'),
        reject: can(LIFE),
        bandwidth: cannot('a peering connection has no bandwidth of its own', LIFE),
        resize: cannot('a peering connection has no bandwidth of its own', LIFE),
        name: can(TAGGING, 'the tag Name, which each side has for itself'),
        description: cannot('a peering connection has none', CREATE),
        tags: can(TAGGING, 'each account and region sees its own only'),
        retag: can(TAGGING),
        suspend: cannot('there is no such operation', LIFE),
        dnsSync: can(OPTIONS, 'each side opens its own names to the other; once the peering is active'),
        deletionProtection: cannot('there is no such switch', LIFE),
        clientToken: cannot('a creation takes none; for a pair that is joined it answers what is there', CREATE),
        dryRun: can(CREATE, 'DryRun looks at rights alone'),
        ipv6: can(page('vpc/latest/peering/vpc-peering-routing.html')),
      },
      limits: {
        name: { ...TAG, min: 1 },
        tags: TAGS,
        perNetwork: { total: 50 },
        pendingPerAccountAndRegion: 25,
        acceptWithinMs: ACCEPT_WITHIN_MS,
      },
    },
  ],
  routes: {
    features: {
      explicit: can(ROUTE),
      createMany: cannot('one route per request', ROUTE),
      deleteMany: cannot('one route per request', ROUTE),
      source: cannot('routes match on the destination alone', ROUTE),
      ipv6: can(ROUTE),
      overlap: can(ROUTE, 'wider than the VPC; what equals or lies inside its own prefixes leads nowhere else'),
      customTables: can(page('vpc/latest/userguide/VPC_Route_Tables.html')),
      description: cannot('routes keep neither a description nor tags', ROUTE),
      relabel: cannot('routes keep neither a description nor tags', ROUTE),
      clientToken: cannot('a route takes none', ROUTE),
    },
    limits: { perTable: 50 }, // vpc/latest/userguide/amazon-vpc-limits.html; an account's own may be higher
  },
  links: {
    features: {
      link: NO_LINE,
      suspend: NO_LINE,
      bandwidth: NO_LINE,
      resize: NO_LINE,
      readdress: NO_LINE,
      tags: NO_LINE,
      retag: NO_LINE,
      description: NO_LINE,
      relabel: NO_LINE,
      edgeRoutes: NO_LINE,
      otherAccount: NO_LINE,
      otherRegion: NO_LINE,
    },
    limits: {},
  },
  networkTags: can(page('AWSEC2/latest/APIReference/API_DescribeVpcs.html')),
  networksPerRead: 200, // values of one filter: AWSEC2/latest/UserGuide/Using_Filtering.html
};
