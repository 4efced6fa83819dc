/** What a fake cloud can do, as parameters, and the capabilities that follow from them. */
import type { ProviderCapabilities, Support } from '@peerway/core';

export interface FakeOptions {
  readonly id: string;
  readonly handshake: 'shared' | 'mirrored';
  readonly autoAccept: boolean;
  readonly deletableBy: 'either' | 'initiator' | 'each';
  readonly occupies: readonly ('rejected' | 'expired' | 'failed')[];
  /** Peerings that are over stay shown: a dead one cannot be deleted, a deleted one is a tombstone; routes to it drop traffic. */
  readonly fades: boolean;
  /** How many requests of one account may wait in one region; undefined: no such rule. */
  readonly pendingPerRegion?: number;
  /** Whether networks show their tags. */
  readonly networkTags: boolean;
  readonly createMs: number;
  readonly stepMs: number;
  readonly deleteMs: number;
  readonly routeMs: number;
  readonly oneCreatePerNetwork: boolean;
  readonly serialRoutes: boolean;
  readonly batch: number | undefined;
  /** Each side sees its own next hop only. */
  readonly hopPerSide: boolean;
  readonly tags: boolean;
  readonly retag: boolean;
  readonly routeDescriptions: boolean;
  readonly bandwidth: 'required' | 'optional' | 'crossRegion' | 'none';
  readonly links: boolean;
  /** Absent: a bandwidth can be changed. */
  readonly resize?: false;
  /** Whether a link can be changed afterwards. */
  readonly linkChanges: boolean;
  /** How long a new peering is invisible. */
  readonly lagMs: number;
  /** A defect: changes of a peering are taken for made and never sent. */
  readonly deaf?: true;
}

export const SHARED: FakeOptions = {
  id: 'fake',
  handshake: 'shared',
  autoAccept: true,
  deletableBy: 'either',
  occupies: [],
  fades: false,
  networkTags: true,
  createMs: 5_000,
  stepMs: 2_000,
  deleteMs: 3_000,
  routeMs: 1_500,
  oneCreatePerNetwork: true,
  serialRoutes: true,
  batch: 50,
  hopPerSide: false,
  tags: true,
  retag: true,
  routeDescriptions: true,
  bandwidth: 'crossRegion',
  links: true,
  linkChanges: false,
  lagMs: 0,
};

export const STRICT: FakeOptions = {
  ...SHARED,
  deletableBy: 'initiator',
  occupies: ['rejected', 'expired', 'failed'],
  oneCreatePerNetwork: false,
  serialRoutes: false,
  batch: undefined,
  hopPerSide: true,
  bandwidth: 'required',
  routeMs: 0,
};

export const MIRRORED: FakeOptions = {
  ...SHARED,
  handshake: 'mirrored',
  oneCreatePerNetwork: false,
  hopPerSide: true,
  deletableBy: 'each',
};

/** A cloud that keeps no mark on routes and shows for a while what is over. */
export const FADING: FakeOptions = {
  ...SHARED,
  autoAccept: false,
  fades: true,
  routeDescriptions: false,
  oneCreatePerNetwork: false,
  serialRoutes: false,
  batch: undefined,
  routeMs: 0,
};

const yes: Support = { status: 'supported', checkedOn: '2026-11-20' };
const no: Support = { status: 'unsupported', reason: 'the fake has none', source: 'fake', checkedOn: '2026-11-20' };
const when = (on: boolean): Support => (on ? yes : no);

export function fakeCapabilities(o: FakeOptions): ProviderCapabilities {
  const mechanism = (name: string): ProviderCapabilities['mechanisms'][0] => ({
    name,
    handshake: o.handshake,
    autoAcceptSameAccount: o.autoAccept,
    deletableBy: o.deletableBy,
    occupiesPairWhen: o.occupies,
    duplicate: 'refused',
    dead: o.fades ? 'fades' : 'deletable',
    dnsSwitch: 'none',
    dryRunShows: 'creation',
    bandwidth: o.bandwidth,
    features: {
      crossRegion: yes,
      crossAccount: yes,
      accept: yes,
      reject: yes,
      bandwidth: when(o.bandwidth !== 'none'),
      resize: when(o.resize !== false),
      name: yes,
      description: yes,
      tags: when(o.tags),
      retag: when(o.retag),
      suspend: yes,
      dnsSync: no,
      deletionProtection: yes,
      clientToken: no,
      dryRun: yes,
      ipv6: yes,
    },
    limits: {
      bandwidthMbps: { min: 1, max: 10_000 },
      name: { min: 2, max: 64 },
      description: { min: 0, max: 200 },
      tags: { max: 20, key: { min: 1, max: 64 }, value: { min: 0, max: 100 } },
      ...(o.oneCreatePerNetwork ? { concurrentCreatesPerNetwork: 1 } : {}),
      perNetwork: { total: 200 },
      perAccountAndRegion: 1000,
      ...(o.pendingPerRegion === undefined ? {} : { pendingPerAccountAndRegion: o.pendingPerRegion }),
    },
  });
  return {
    mechanisms: [mechanism('fast'), mechanism('old')],
    routes: {
      features: {
        explicit: yes,
        createMany: when(o.batch !== undefined),
        deleteMany: when(o.batch !== undefined),
        source: no,
        ipv6: yes,
        overlap: yes,
        customTables: yes,
        description: when(o.routeDescriptions),
        relabel: no,
        clientToken: no,
      },
      limits: {
        ...(o.batch === undefined ? {} : { batch: o.batch }),
        ...(o.serialRoutes ? { concurrentChangesPerNetwork: 1 } : {}),
        perTable: 200,
        description: { min: 0, max: 128 },
      },
    },
    links: {
      features: {
        link: when(o.links),
        suspend: yes,
        bandwidth: yes,
        resize: when(o.linkChanges),
        readdress: when(o.linkChanges),
        tags: yes,
        retag: when(o.linkChanges),
        description: yes,
        relabel: when(o.linkChanges),
        edgeRoutes: yes,
        otherAccount: when(false),
        otherRegion: when(false),
      },
      limits: { vlan: { min: 1, max: 4000 } },
    },
    networkTags: when(o.networkTags),
    networksPerRead: 20,
  };
}
