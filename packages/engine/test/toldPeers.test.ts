/** A network of somebody else's on clouds of every kind: what we ask of them and what they ask of us, as text, until it all goes again. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { accountId, parseCidr, regionId } from '@peerway/core';
import type { PeerNetwork } from '@peerway/engine';
import { tellReach, tellStatus } from './faultLines.js';
import { FADING, FakeCloud, SHARED, STRICT, type FakeOptions } from './fakeCloud.js';
import { pair, Scene } from './scene.js';
import { carriedLines, planLines, Told } from './told.js';
import { UNTAGGED } from './worlds.js';

const CLOUDS: Readonly<Record<string, Partial<FakeOptions>>> = {
  shared: SHARED,
  untagged: UNTAGGED,
  strict: { ...STRICT, bandwidth: 'optional' },
  fading: FADING,
};

const WHOSE: PeerNetwork = {
  account: accountId('acc-b'),
  region: regionId('r2'),
  cidrs: [parseCidr('10.2.0.0/16')],
};
const AWAITED: PeerNetwork = { ...WHOSE, awaited: true };
const [WE_ASK, THEY_ASK] = [
  ['web', 'far'],
  ['far', 'web'],
] as const;

interface Case {
  readonly between: readonly [string, string];
  readonly peer: PeerNetwork;
  /** What is there before the first plan. */
  readonly found?: (cloud: FakeCloud) => void;
  /** At their end, when we have looked four times. */
  readonly meanwhile?: (cloud: FakeCloud) => void;
  /** What they do between the first apply and the second. */
  readonly then?: (cloud: FakeCloud) => void;
}

const settled = (parts: object) => (cloud: FakeCloud) => {
  for (const peering of cloud.peerings)
    if (peering.state !== 'deleted') Object.assign(peering, { until: 0, then: undefined, next: undefined, ...parts });
};
const agree = settled({ state: 'active' });
const asked = (cloud: FakeCloud): unknown =>
  cloud.plantPeering('far', 'web', { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } });

const CASES: readonly (readonly [string, Case])[] = [
  ['we ask, and they agree', { between: WE_ASK, peer: WHOSE, then: agree }],
  ['we ask, and they refuse', { between: WE_ASK, peer: WHOSE, then: settled({ state: 'rejected' }) }],
  ['we ask, and they agree and end it', { between: WE_ASK, peer: WHOSE, then: (cloud) => cloud.peerings.splice(0) }],
  ['we wait, and they agree', { between: WE_ASK, peer: AWAITED, meanwhile: agree }],
  ['we wait, and they refuse', { between: WE_ASK, peer: AWAITED, meanwhile: settled({ state: 'rejected' }) }],
  ['we wait, and they never answer', { between: WE_ASK, peer: AWAITED }],
  [
    'their prefixes are not known',
    { between: WE_ASK, peer: { account: WHOSE.account, region: WHOSE.region }, then: agree },
  ],
  ['they are to ask, and do not', { between: THEY_ASK, peer: WHOSE }],
  ['they have asked', { between: THEY_ASK, peer: WHOSE, found: asked }],
  [
    'they have asked for what another account is named for',
    { between: THEY_ASK, peer: { ...WHOSE, account: accountId('acc-c') }, found: asked },
  ],
  [
    'they have asked from another region',
    { between: THEY_ASK, peer: { ...WHOSE, region: regionId('r9') }, found: asked },
  ],
  [
    'they have asked twice',
    {
      between: THEY_ASK,
      peer: WHOSE,
      found: (cloud) => {
        cloud.plantPeering('far', 'web');
        asked(cloud);
      },
    },
  ],
  [
    'they have asked, and end it later',
    { between: THEY_ASK, peer: WHOSE, found: asked, then: (cloud) => cloud.peerings.splice(0) },
  ],
  ['they are to be asked, and have asked us', { between: WE_ASK, peer: WHOSE, found: asked }],
  [
    'another stack has asked them',
    {
      between: WE_ASK,
      peer: WHOSE,
      found: (cloud) =>
        cloud.plantPeering('web', 'far', {
          tags: { 'peerway.stack': 'lab', 'peerway.connection': 'x' },
          description: 'peerway stack=lab connection=x',
        }),
    },
  ],
];

async function story(
  { between, peer, found, meanwhile, then }: Case,
  options: Partial<FakeOptions>,
): Promise<string[]> {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16'], { region: 'r3' }); // another entry than the one that is written beside the peer
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  const scene = new Scene(cloud, {
    connections: [pair('partner', ...between, { bandwidthMbps: 5 })],
    peers: { far: peer },
  });
  found?.(cloud);
  let looks = 0;
  cloud.onRequest = (operation) => {
    if (operation === 'peerings.list' && ++looks === 4) meanwhile?.(cloud);
  };
  const lines = await carriedLines(scene);
  then?.(cloud);
  return [
    ...lines,
    ...tellStatus(await scene.engine().status()),
    ...(await carriedLines(scene)),
    ...tellReach(await scene.engine().verify('web', 'far')),
    ...(await carriedLines(scene, 'destroy')),
    ...planLines(await scene.plan({ mode: 'destroy' })),
  ];
}

describe('where the other end is somebody else’s', () => {
  const told = new Told('peers');
  afterAll(() => told.end());

  it.each(CASES)('%s is told', async (name, one) => {
    expect(await told.differences(name, CLOUDS, (cloud) => story(one, cloud))).toEqual([]);
  });
});
