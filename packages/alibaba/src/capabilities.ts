/**
 * What Alibaba Cloud can do, as data. Sources: the CreateVpcPeerConnection reference (docs/facts/alibaba.md 11.3), vendor metadata of VpcPeer 2022-01-01
 * and Vpc 2016-04-28 (M24 of 2024-07, M25 of 2025-12) and the quota pages, through docs/facts/alibaba.md 3.1 to 3.5 and 5; checked 2026-11.
 */
import { INTERFACE_PACE } from './routerInterface/pace.js';
import { ZONES } from './wire/regions.js';
import type {
  CharacterSet,
  MechanismCapabilities,
  ProviderCapabilities,
  ProviderRegions,
  SettingSupport,
  Support,
  TagLimits,
  TextLimit,
} from '@peerway/core';

const CHECKED = '2026-11-20';
const PEER_DOCS =
  'https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-createvpcpeerconnection';
const RI_DOCS =
  'https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-createrouterinterface';
const VPC_DOCS = 'https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs';
const ROUTE_DOCS = 'https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouteentry';
const VBR_DOCS =
  'https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-createvirtualborderrouter';

const yes = (source: string, note?: string): Support => ({
  status: 'supported',
  checkedOn: CHECKED,
  source,
  ...(note === undefined ? {} : { note }),
});
const no = (reason: string, source: string): Support => ({ status: 'unsupported', reason, source, checkedOn: CHECKED });

const notYet = (reason: string): Support => ({ status: 'unimplemented', reason, checkedOn: CHECKED });

/** Rules for texts: docs/facts/alibaba.md 3.0, and for the first character the comments of @alicloud/vpc20160428 7.3.2 (checked 2026-11). */
const URLS = ['http://', 'https://'];
const LETTER: CharacterSet = { class: 'A-Za-z\\p{Script=Han}', words: 'a letter or a Chinese character' };
const TAG: TextLimit = { min: 0, max: 128, notAtStart: ['aliyun', 'acs:'], nowhere: URLS };
const TAGS: TagLimits = { max: 20, key: { ...TAG, min: 1 }, value: TAG };
const NAME: TextLimit = {
  min: 2,
  max: 128,
  first: LETTER,
  characters: { class: 'A-Za-z\\p{Script=Han}0-9_\\-', words: 'letters, Chinese characters, digits, _ and -' },
  notAtStart: URLS,
};
const DESCRIPTION: TextLimit = { min: 2, max: 256, first: LETTER, notAtStart: URLS };
const LABELS = { name: NAME, description: DESCRIPTION, tags: TAGS };

const SETTINGS_CHECKED = '2026-11-27';
const GROUP = 'the resource group that it is made in';

const VPC_PEER_SETTINGS: Readonly<Record<string, SettingSupport>> = {
  linkType: {
    change: 'in-place',
    only: 'crossRegion',
    about: 'the quality tier: Gold, Platinum, Silver',
    source: 'docs/facts/alibaba.md 11.3',
    checkedOn: SETTINGS_CHECKED,
  },
  resourceGroupId: {
    change: 'in-place',
    about: GROUP,
    source: 'docs/facts/alibaba.md 3.5',
    checkedOn: SETTINGS_CHECKED,
  },
};

const PAIR_SETTINGS: Readonly<Record<string, SettingSupport>> = {
  resourceGroupId: { change: 'fixed', about: GROUP, source: 'docs/facts/alibaba.md 3.1', checkedOn: SETTINGS_CHECKED },
};

const LINK_SETTINGS: Readonly<Record<string, SettingSupport>> = {
  circuitCode: {
    change: 'in-place',
    about: 'the carrier’s number of the line',
    source: 'docs/facts/alibaba.md 3.3',
    checkedOn: SETTINGS_CHECKED,
  },
  resourceGroupId: { change: 'fixed', about: GROUP, source: 'docs/facts/alibaba.md 3.3', checkedOn: SETTINGS_CHECKED },
};

const VPC_PEER: MechanismCapabilities = {
  name: 'vpc-peer',
  handshake: 'shared',
  autoAcceptSameAccount: true,
  deletableBy: 'either',
  // whether a Rejected or Expired record blocks a new peering of the pair is not documented; the safe reading is that it does
  occupiesPairWhen: ['rejected', 'expired'],
  duplicate: 'refused',
  dead: 'deletable',
  dnsSwitch: 'none',
  dryRunShows: 'creation',
  // DryRun is in the reference of DeleteVpcPeerConnection; what it looks at is not. If not at routes, the deletion is refused and repeated
  deletionShowsRoutes: true,
  bandwidth: 'crossRegion',
  settings: VPC_PEER_SETTINGS,
  features: {
    crossRegion: yes(PEER_DOCS),
    crossAccount: yes(PEER_DOCS),
    accept: yes(PEER_DOCS, 'only across accounts; inside one the cloud accepts by itself'),
    reject: yes(PEER_DOCS),
    bandwidth: yes(PEER_DOCS, 'only between regions'),
    resize: yes(PEER_DOCS, 'only between regions'),
    name: yes(PEER_DOCS),
    description: yes(PEER_DOCS),
    tags: yes(PEER_DOCS),
    retag: yes(PEER_DOCS),
    suspend: no('the API has no operation to switch a VPC peering off', PEER_DOCS),
    dnsSync: no('the API has no such setting', PEER_DOCS),
    deletionProtection: no('the API has no such setting', PEER_DOCS),
    clientToken: yes(PEER_DOCS),
    dryRun: yes(PEER_DOCS),
    ipv6: yes(PEER_DOCS),
  },
  limits: {
    ...LABELS,
    bandwidthMbps: { min: 1 },
    concurrentCreatesPerNetwork: 1,
    perNetwork: { sameRegion: 10, crossRegion: 20 },
    perAccountAndRegion: 20,
    acceptWithinMs: 7 * 24 * 3_600_000,
  },
};

/** Megabits per second that the service sells, and its word for each (docs/facts/alibaba.md 5.2). `Negative` is the acceptor's. */
export const SPECS: ReadonlyMap<number, string> = new Map([
  [2, 'Mini.2'],
  [5, 'Mini.5'],
  [10, 'Small.1'],
  [20, 'Small.2'],
  [50, 'Small.5'],
  [100, 'Middle.1'],
  [200, 'Middle.2'],
  [500, 'Middle.5'],
  [1_000, 'Large.1'],
  [2_000, 'Large.2'],
  [5_000, 'Large.5'],
  [10_000, 'Xlarge.1'],
]);

const SPEC_LIMITS = { min: 2, max: 10_000, allowed: [...SPECS.keys()] };

const ROUTER_INTERFACE: MechanismCapabilities = {
  name: 'router-interface',
  handshake: 'mirrored',
  autoAcceptSameAccount: false,
  deletableBy: 'each',
  // a survivor of a connected pair never connects again, and five interfaces fill a router
  occupiesPairWhen: ['failed'],
  duplicate: 'refused',
  dead: 'deletable',
  dnsSwitch: 'none',
  dryRunShows: 'nothing',
  bandwidth: 'optional',
  settings: PAIR_SETTINGS,
  features: {
    crossRegion: yes(RI_DOCS),
    crossAccount: yes(RI_DOCS, 'closed to accounts that are not on the vendor’s list'),
    accept: yes(RI_DOCS, 'makes the acceptor’s interface'),
    reject: no('an interface that nobody answers is deleted by its owner', RI_DOCS),
    bandwidth: yes(
      RI_DOCS,
      'one of the specifications; where none is given, Large.2 (2000) inside one region and the option defaultBandwidthMbps between regions',
    ),
    resize: yes(RI_DOCS, 'by the initiator'),
    name: yes(RI_DOCS),
    description: yes(RI_DOCS),
    tags: yes(RI_DOCS),
    retag: yes(RI_DOCS, 'resource type ROUTERINTERFACE, known from the Terraform provider'),
    suspend: yes(RI_DOCS, 'DeactivateRouterInterface and ActivateRouterInterface'),
    dnsSync: no('the API has no such setting', RI_DOCS),
    deletionProtection: no('the API has no such setting', RI_DOCS),
    clientToken: yes(RI_DOCS),
    dryRun: no('CreateRouterInterface has no DryRun', RI_DOCS),
    ipv6: notYet('no document at hand says how an interface’s Ipv6Status is switched on'),
  },
  limits: { ...LABELS, tags: { ...TAGS, max: 18 }, bandwidthMbps: SPEC_LIMITS, perNetwork: { total: 5 } },
  takesMs: INTERFACE_PACE,
};

const BORDER = {
  source: 'docs/facts/alibaba.md 5.1',
  checkedOn: '2026-11-27',
} as const;
const PUBLIC_AND_FINANCE = {
  ...BORDER,
  verdict: 'refused',
  because: 'of the public and of the finance cloud, which do not peer',
  remedy: 'Use networks of one of the two.',
} as const;
const REGIONS: ProviderRegions = {
  zones: ZONES,
  between: [
    {
      ...BORDER,
      zones: ['mainland', 'outside'],
      verdict: 'needs',
      because: 'on two sides of the border of mainland China',
      remedy:
        'See that Cloud Data Transfer (CDT) with its cross-border part is activated in the console of each account.',
    },
    { ...PUBLIC_AND_FINANCE, zones: ['mainland', 'finance'] },
    { ...PUBLIC_AND_FINANCE, zones: ['outside', 'finance'] },
  ],
};

export const CAPABILITIES: ProviderCapabilities = {
  regions: REGIONS,
  mechanisms: [VPC_PEER, ROUTER_INTERFACE],
  routes: {
    features: {
      explicit: yes(ROUTE_DOCS),
      createMany: yes(ROUTE_DOCS),
      deleteMany: yes(ROUTE_DOCS),
      source: no('route entries match the destination only', ROUTE_DOCS),
      ipv6: yes(ROUTE_DOCS),
      overlap: yes(ROUTE_DOCS, 'as long as it lies in no vSwitch'),
      customTables: yes(ROUTE_DOCS),
      description: yes(ROUTE_DOCS),
      relabel: yes(ROUTE_DOCS, 'ModifyRouteEntry'),
      clientToken: yes(ROUTE_DOCS, 'CreateRouteEntry only; the batch calls have none'),
    },
    limits: {
      batch: 50,
      networksPerBatch: 50, // "up to 50 route table IDs": help.aliyun.com/document_detail/456332.htm, seen 2026-11
      concurrentChangesPerNetwork: 1,
      perTable: 200,
      description: { ...DESCRIPTION, min: 1 },
    },
  },
  links: {
    features: {
      link: yes(VBR_DOCS),
      suspend: yes(
        VBR_DOCS,
        'TerminateVirtualBorderRouter and RecoverVirtualBorderRouter, by the owner of the port; resuming activates both router interfaces too',
      ),
      bandwidth: yes(RI_DOCS, 'of the router interfaces behind the border router'),
      resize: yes(RI_DOCS, 'ModifyRouterInterfaceSpec of the border router’s interface'),
      readdress: yes(VBR_DOCS, 'ModifyVirtualBorderRouterAttribute, by the owner of the port'),
      tags: yes(VBR_DOCS),
      retag: yes(VBR_DOCS, 'resource types VIRTUALBORDERROUTER and ROUTERINTERFACE, known from the Terraform provider'),
      description: yes(VBR_DOCS),
      relabel: yes(VBR_DOCS, 'ModifyVirtualBorderRouterAttribute'),
      edgeRoutes: yes(VBR_DOCS),
      otherAccount: yes(
        RI_DOCS,
        'the border router in the account of the port, its pair of interfaces toward the network’s; a border router that the port’s owner makes for another account (VbrOwnerId) is not used: how it is confirmed has no source',
      ),
      otherRegion: yes(
        RI_DOCS,
        'the pair of interfaces joins two regions, with a specification that is sold between them',
      ),
    },
    // one of the twenty tags of an interface names the network
    limits: {
      ...LABELS,
      tags: { ...LABELS.tags, max: 19 },
      vlan: { min: 0, max: 2_999 },
      bandwidthMbps: SPEC_LIMITS,
    },
    takesMs: INTERFACE_PACE,
    settings: LINK_SETTINGS,
    // of the network's interface (docs/facts/alibaba.md 3.1): both addresses or none; rate and threshold are only recommended as 2000 and 8
    healthCheck: {
      source: 'required',
      target: 'any',
      intervalMs: { min: 1, max: 60_000, step: 1 },
      failures: { min: 1, max: 100 },
      removable: true,
      page: RI_DOCS,
      checkedOn: '2026-11-27',
    },
    home: 'port',
  },
  networkTags: yes(VPC_DOCS, 'DescribeVpcs'),
  networksPerRead: 20,
};
