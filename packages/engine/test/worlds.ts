/** Worlds that a plan finds: each catalogued kind of drift, and what lies between them. */
import { networkId, parseCidr } from '@peerway/core';
import { DRIFT_CASES, type DriftCase } from './driftCases.js';
import { FADING, MIRRORED, SHARED, STRICT, type FakeCloud } from './fakeCloud.js';
import { line, pair, type Declaration, type Scene } from './scene.js';

export interface World extends Omit<DriftCase, 'kind' | 'then'> {
  /** What is asked of the plan. */
  readonly asked?: Parameters<Scene['plan']>[0];
}

/** Only descriptions tell whose a peering is. */
export const UNTAGGED = { ...SHARED, tags: false };
export const WIDE = { bandwidthMbps: 5 };
const FAR: Declaration = { connections: [pair('web-far', 'web', 'far', WIDE)] };
const BOTH: Declaration = {
  connections: [pair('web-data', 'web', 'data'), pair('web-far', 'web', 'far', WIDE)],
  links: [line('idc', 'web')],
};
const LAB = { 'peerway.stack': 'lab', 'peerway.connection': 'x' };
/** A description of so many letters behind the mark of a connection that was called otherwise. */
const described = (letters: number) => (cloud: FakeCloud) =>
  void Object.assign(cloud.peeringOf('web', 'data'), {
    description: `peerway stack=shop connection=old adopted: ${'x'.repeat(letters)}`,
  });

/** Worlds beside the catalogued kinds of drift. */
const MORE: readonly (readonly [string, World])[] = [
  [
    'a mark without a connection',
    { plant: (cloud) => void (cloud.peeringOf('web', 'data').tags = { 'peerway.stack': 'shop' }) },
  ],
  ['a description that has room for the new mark', { options: UNTAGGED, plant: described(152) }],
  ['a description that has no room for the new mark', { options: UNTAGGED, plant: described(153) }],
  [
    'a description that was emptied',
    { options: UNTAGGED, plant: (cloud) => void (cloud.peeringOf('web', 'data').description = '') },
  ],
  [
    'a bandwidth that cannot be changed',
    {
      options: { ...STRICT, resize: false },
      plant: (cloud) => void (cloud.peeringOf('web', 'data').bandwidthMbps = 99),
    },
  ],
  [
    'no limit that can be set',
    {
      options: { ...STRICT, resize: false },
      plant: (cloud) => void (cloud.peeringOf('web', 'data').bandwidthMbps = 'unlimited'),
    },
  ],
  [
    'a peering without any mark, as one that was released, where routes of ours lead',
    {
      plant: (cloud, scene) => {
        Object.assign(cloud.peeringOf('web', 'data'), { tags: {}, description: '' });
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a peering that lost its tags and that nothing declares',
    {
      plant: (cloud, scene) => {
        cloud.peeringOf('web', 'data').tags = {};
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a line that lost its tags and that nothing declares',
    {
      options: { linkChanges: true },
      declared: { links: [line('idc', 'web')] },
      plant: (cloud, scene) => {
        cloud.links[0]!.tags = {};
        scene.declaration = { links: [line('other', 'web', { vlan: 31, destinations: [parseCidr('172.16.0.0/12')] })] };
      },
    },
  ],
  [
    'a line whose tags name another stack and whose description names ours',
    {
      options: { linkChanges: true },
      declared: { links: [line('idc', 'web')] },
      plant: (cloud) => void Object.assign(cloud.links[0]!, { tags: LAB }),
    },
  ],
  [
    'a route to one line that leads to another line of ours',
    {
      declared: {
        links: [line('idc', 'web'), line('idc-2', 'web', { vlan: 31, destinations: [parseCidr('172.16.0.0/12')] })],
      },
      plant: (cloud) => {
        const route = cloud
          .routesOf('web')
          .find(({ destination, table }) => /^192/.test(destination) && table === 'vtb-web');
        if (route !== undefined) route.nextHop = { kind: 'link', id: cloud.links[1]!.id };
      },
    },
  ],
  [
    'a line that is gone and still shown',
    {
      declared: { links: [line('idc', 'web')] },
      plant: (cloud) => void (cloud.links[0]!.state = 'deleted'),
    },
  ],
  [
    'a line of another stack’s in the same network, and its route',
    {
      declared: { links: [line('idc', 'web')] },
      plant: (cloud, scene) => {
        const theirs = cloud.link({
          port: 'pc-1',
          vlan: 31,
          network: networkId('web'),
          tags: LAB,
          description: 'peerway stack=lab connection=x',
        });
        cloud.plantRoute('web', '172.16.0.0/12', { kind: 'link', id: theirs.id });
        scene.declaration = {
          links: [line('idc', 'web', { destinations: [parseCidr('192.168.0.0/16'), parseCidr('172.16.0.0/12')] })],
        };
      },
    },
  ],
  [
    'a line of ours that is attached to nothing and that nothing declares',
    {
      virgin: true,
      declared: { links: [] },
      plant: (cloud, scene) => {
        cloud.link({ port: 'pc-1', vlan: 30, description: 'peerway stack=shop connection=idc' });
        scene.declaration = { links: [line('other', 'web', { vlan: 31 })] };
      },
    },
  ],
  [
    'the cloud’s own and a stranger’s route over a peering that goes',
    {
      plant: (cloud, scene) => {
        const hop = cloud.hop(cloud.peeringOf('web', 'data'), 'initiator');
        cloud.plantRoute('web', '10.50.0.0/16', hop, { origin: 'propagated' });
        cloud.plantRoute('web', '10.51.0.0/16', hop);
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a stranger’s route in place that leads to another stack’s peering',
    {
      plant: (cloud) => {
        cloud.dropRoute('web', '10.1.0.0/16');
        const theirs = cloud.plantPeering('web', 'far', { tags: LAB, description: 'peerway stack=lab connection=x' });
        cloud.plantRoute('web', '10.1.0.0/16', cloud.hop(theirs, 'initiator'));
      },
    },
  ],
  [
    'a wrong next hop that is no peering of a connection',
    {
      plant: (cloud) => {
        const theirs = cloud.plantPeering('web', 'far');
        cloud.routesOf('web')[0]!.nextHop = cloud.hop(theirs, 'initiator');
      },
    },
  ],
  [
    'a stranger’s peering beside ours, which is off',
    {
      plant: (cloud) => {
        Object.assign(cloud.peeringOf('web', 'data'), { state: 'inactive', reason: 'administrative' });
        cloud.plantPeering('data', 'web');
      },
    },
  ],
  [
    'an acceptor’s half without its marks',
    {
      options: MIRRORED,
      declared: FAR,
      plant: (cloud) => void (cloud.peeringOf('web', 'far').acceptorTags = {}),
    },
  ],
  [
    'a mirrored peering that the acceptor has not made its half of',
    {
      options: MIRRORED,
      declared: FAR,
      plant: (cloud) =>
        void Object.assign(cloud.peeringOf('web', 'far'), {
          state: 'provisioning',
          reason: 'half-made',
          next: { side: 'acceptor', verb: 'accept' },
          halves: new Set(['initiator']),
        }),
    },
  ],
  [
    'a peering that fades, where routes keep no mark',
    { options: FADING, declared: FAR, plant: (cloud) => cloud.dropPeering(cloud.peeringOf('web', 'far')) },
  ],
  [
    'a peering that was rejected and fades',
    { options: FADING, declared: FAR, plant: (cloud) => void (cloud.peeringOf('web', 'far').state = 'rejected') },
  ],
  [
    'one of two connections and a line, which is asked for alone',
    {
      declared: BOTH,
      asked: { targets: ['web-far'] },
      plant: (cloud) => {
        cloud.dropRoute('web', '10.1.0.0/16');
        cloud.dropRoute('web', '10.2.0.0/16');
        cloud.plantPeering('data', 'far', { tags: { 'peerway.stack': 'shop', 'peerway.connection': 'gone' } });
        cloud.links[0]!.state = 'failed';
      },
    },
  ],
  [
    'everything of ours where nothing is declared',
    { declared: BOTH, plant: (_, scene) => (scene.declaration = { connections: [], links: [] }) },
  ],
  [
    'a line that is attached elsewhere, and a second one that nothing declares',
    {
      declared: {
        links: [line('idc', 'web'), line('idc-2', 'web', { vlan: 31, destinations: [parseCidr('172.16.0.0/12')] })],
      },
      plant: (cloud, scene) => {
        cloud.links[0]!.network = networkId('far');
        scene.declaration = { links: [line('idc', 'web')] };
      },
    },
  ],
];

/** Of equal names the second is told apart. */
export const WORLDS: readonly (readonly [string, World])[] = [
  ...DRIFT_CASES.map((one, at): readonly [string, World] => {
    const before = DRIFT_CASES.slice(0, at).filter(({ kind }) => kind === one.kind).length;
    return [before === 0 ? one.kind : `${one.kind} ${before + 1}`, one];
  }),
  ...MORE,
];
