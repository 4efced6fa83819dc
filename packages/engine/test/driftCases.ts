/** Each catalogued kind of drift: how it comes about on the fake cloud. */
import type { DriftKind } from '@peerway/engine';
import { MIRRORED, SHARED, STRICT, FakeCloud, type FakeOptions } from './fakeCloud.js';
import { tagList } from '../src/world/tagList.js';
import { line, pair, Scene, type Declaration } from './scene.js';

export interface DriftCase {
  readonly kind: DriftKind;
  /** `healed`: one apply ends it. `reported`: a problem names it. `none`: nothing to do. */
  readonly then: 'healed' | 'reported' | 'none';
  readonly options?: Partial<FakeOptions>;
  readonly declared?: Declaration;
  /** Runs after the stack was applied once (or before anything with `virgin`). */
  readonly plant: (cloud: FakeCloud, scene: Scene) => void;
  readonly virgin?: true;
}

const OURS = { 'peerway.stack': 'shop', 'peerway.connection': 'web-data' };
const TEXT = 'peerway stack=shop connection=web-data';
/** The cloud changes what it holds, and the cases are run again by others. */
const state = (parts: object) => (cloud: FakeCloud) =>
  void Object.assign(cloud.peeringOf('web', 'data'), { until: 0, then: undefined, ...structuredClone(parts) });
const withRoutesGone = (parts: object) => (cloud: FakeCloud) => {
  cloud.dropRoute('web', '10.1.0.0/16');
  cloud.dropRoute('data', '10.0.0.0/16');
  state(parts)(cloud);
};
const LINKED: Declaration = { links: [line('idc', 'web')] };
/** A cloud that changes links in place. */
const CHANGING = { ...SHARED, linkChanges: true };
const linkState = (parts: object) => (cloud: FakeCloud) => void Object.assign(cloud.links[0]!, structuredClone(parts));

export const DRIFT_CASES: readonly DriftCase[] = [
  { kind: 'peering-missing', then: 'healed', virgin: true, plant: () => undefined },
  { kind: 'peering-deleted', then: 'healed', plant: (cloud) => cloud.dropPeering(cloud.peeringOf('web', 'data')) },
  { kind: 'peering-rejected', then: 'healed', plant: state({ state: 'rejected' }) },
  { kind: 'peering-expired', then: 'healed', plant: state({ state: 'expired', reason: 'acceptance-timeout' }) },
  { kind: 'peering-term-ended', then: 'healed', plant: state({ state: 'expired', reason: 'term-ended' }) },
  {
    kind: 'peering-rejected-or-expired',
    then: 'healed',
    options: STRICT,
    plant: state({ state: 'rejected', reason: 'rejected-or-expired' }),
  },
  { kind: 'peering-failed', then: 'healed', plant: state({ state: 'failed' }) },
  {
    kind: 'peering-pending-acceptance',
    then: 'healed',
    plant: withRoutesGone({ state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } }),
  },
  {
    kind: 'peering-provisioning',
    then: 'healed',
    plant: (cloud) => {
      withRoutesGone({ state: 'provisioning' })(cloud);
      const p = cloud.peeringOf('web', 'data');
      cloud.after(9_000, p, () => (p.state = 'active'));
    },
  },
  {
    kind: 'peering-updating',
    then: 'healed',
    plant: (cloud) => {
      const p = cloud.peeringOf('web', 'data');
      p.state = 'updating';
      cloud.after(9_000, p, () => (p.state = 'active'));
    },
  },
  {
    kind: 'peering-deleting',
    then: 'healed',
    plant: (cloud) => {
      withRoutesGone({ state: 'deleting' })(cloud);
      const p = cloud.peeringOf('web', 'data');
      cloud.after(9_000, p, () => cloud.dropPeering(p));
    },
  },
  {
    kind: 'peering-step-missing',
    then: 'healed',
    options: MIRRORED,
    plant: withRoutesGone({ state: 'provisioning', next: { side: 'initiator', verb: 'continue' } }),
  },
  {
    kind: 'peering-half-made',
    then: 'healed',
    options: MIRRORED,
    plant: withRoutesGone({
      state: 'provisioning',
      reason: 'half-made',
      next: { side: 'initiator', verb: 'continue' },
      halves: new Set(['initiator']),
    }),
  },
  {
    kind: 'peering-half-missing',
    then: 'healed',
    options: MIRRORED,
    plant: state({ state: 'inactive', reason: 'peer-missing' }),
  },
  { kind: 'peering-suspended', then: 'healed', plant: state({ state: 'inactive', reason: 'suspended' }) },
  { kind: 'peering-billing-locked', then: 'reported', plant: state({ state: 'inactive', reason: 'billing' }) },
  { kind: 'peering-inactive', then: 'reported', plant: state({ state: 'inactive', reason: 'administrative' }) },
  { kind: 'peering-unmarked', then: 'reported', plant: state({ tags: {}, description: '' }) },
  {
    kind: 'peering-of-other-stack',
    then: 'reported',
    plant: state({ tags: { 'peerway.stack': 'lab', 'peerway.connection': 'x' } }),
  },
  { kind: 'peering-renamed', then: 'healed', plant: state({ tags: { ...OURS, 'peerway.connection': 'old-name' } }) },
  { kind: 'peering-name-changed', then: 'healed', plant: state({ name: 'by-hand' }) },
  {
    kind: 'peering-undeclared',
    then: 'healed',
    plant: (cloud) => cloud.plantPeering('web', 'far', { tags: { ...OURS, 'peerway.connection': 'gone' } }),
  },
  { kind: 'peering-duplicate', then: 'healed', plant: (cloud) => cloud.plantPeering('data', 'web', { tags: OURS }) },
  {
    kind: 'peering-mechanism',
    then: 'healed',
    declared: { connections: [pair('web-data', 'web', 'data', { mechanism: 'fast' })] },
    plant: state({ mechanism: 'old' }),
  },
  { kind: 'marker-lost', then: 'healed', plant: state({ tags: {} }) },
  {
    kind: 'tag-missing',
    then: 'healed',
    declared: { connections: [pair('web-data', 'web', 'data', { tags: { team: 'net' } })] },
    plant: state({ tags: OURS }),
  },
  {
    kind: 'tag-changed',
    then: 'healed',
    declared: { connections: [pair('web-data', 'web', 'data', { tags: { team: 'net' } })] },
    plant: state({ tags: { ...OURS, team: 'other' } }),
  },
  { kind: 'tag-left', then: 'healed', plant: state({ tags: { ...OURS, old: 'x', ...tagList(['old']) } }) },
  { kind: 'setting-changed', then: 'healed', plant: state({ tier: 'iron' }) },
  { kind: 'bandwidth-changed', then: 'healed', options: STRICT, plant: state({ bandwidthMbps: 99 }) },
  { kind: 'bandwidth-unlimited', then: 'healed', options: STRICT, plant: state({ bandwidthMbps: 'unlimited' }) },
  {
    kind: 'deletion-protection-on',
    then: 'reported',
    plant: (cloud, scene) => {
      state({ protection: true })(cloud);
      scene.declaration = { connections: [pair('web-data', 'web', 'data', { mechanism: 'old' })] };
    },
  },
  { kind: 'route-missing', then: 'healed', plant: (cloud) => cloud.dropRoute('web', '10.1.0.0/16') },
  { kind: 'route-for-new-prefix', then: 'healed', plant: (cloud) => cloud.addCidr('data', '10.77.0.0/16') },
  {
    kind: 'route-for-lost-prefix',
    then: 'healed',
    plant: (cloud) => {
      cloud.plantRoute('web', '10.88.0.0/16', cloud.hop(cloud.peeringOf('web', 'data'), 'initiator'), {
        description: TEXT,
      });
    },
  },
  {
    kind: 'route-foreign-in-place',
    then: 'reported',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '10.1.0.0/16', { kind: 'other', id: 'nat-1' });
    },
  },
  {
    kind: 'route-system-in-place',
    then: 'reported',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute('web', '10.1.0.0/16', { kind: 'other', id: 'cen' }, { origin: 'propagated' });
    },
  },
  {
    kind: 'route-of-other-stack',
    then: 'reported',
    plant: (cloud) => {
      cloud.dropRoute('web', '10.1.0.0/16');
      cloud.plantRoute(
        'web',
        '10.1.0.0/16',
        { kind: 'other', id: 'nat-1' },
        { description: 'peerway stack=lab connection=x' },
      );
    },
  },
  {
    kind: 'route-wrong-next-hop',
    then: 'healed',
    plant: (cloud) => {
      cloud.routesOf('web')[0]!.nextHop = cloud.hop(cloud.peeringOf('web', 'far'), 'initiator');
    },
    declared: {
      connections: [
        pair('web-data', 'web', 'data'),
        pair('web-far', 'web', 'far', { routes: 'none', bandwidthMbps: 5 }),
      ],
    },
  },
  {
    kind: 'route-stale',
    then: 'healed',
    plant: (cloud) => {
      cloud.routesOf('web')[0]!.nextHop = { kind: 'peering', id: 'pcc-gone' };
    },
  },
  {
    kind: 'route-blackhole',
    then: 'healed',
    plant: (cloud) => void (cloud.routesOf('web')[0]!.broken = true),
  },
  {
    kind: 'route-filtered',
    then: 'none',
    plant: (cloud) => void (cloud.routesOf('web')[0]!.broken = 'filtered'),
  },
  {
    kind: 'route-provisioning',
    then: 'none',
    plant: (cloud) =>
      Object.assign(cloud.routesOf('web')[0]!, { state: 'provisioning', until: cloud.clock.now() + 9_000 }),
  },
  {
    kind: 'route-deleting',
    then: 'healed',
    plant: (cloud) => Object.assign(cloud.routesOf('web')[0]!, { state: 'deleting', until: cloud.clock.now() + 9_000 }),
  },
  {
    kind: 'route-unmarked',
    then: 'none',
    plant: (cloud) => Object.assign(cloud.routesOf('web')[0]!, { description: '' }),
  },
  {
    kind: 'route-renamed',
    then: 'none',
    plant: (cloud) => Object.assign(cloud.routesOf('web')[0]!, { description: 'peerway stack=shop connection=old' }),
  },
  {
    kind: 'route-undeclared',
    then: 'healed',
    plant: (cloud) =>
      cloud.plantRoute(
        'web',
        '10.99.0.0/16',
        { kind: 'peering', id: 'pcc-old' },
        { description: 'peerway stack=shop connection=old' },
      ),
  },
  {
    declared: { networks: { web: 'web', data: 'vpc-none' }, connections: [pair('web-data', 'web', 'data')] },
    kind: 'network-missing',
    then: 'reported',
    virgin: true,
    plant: () => undefined,
  },
  {
    kind: 'network-not-active',
    then: 'reported',
    plant: (cloud) => void (cloud.networks.get('data')!.state = 'deleting'),
  },
  { kind: 'link-missing', then: 'healed', declared: LINKED, virgin: true, plant: () => undefined },
  {
    kind: 'link-unmarked',
    then: 'reported',
    declared: LINKED,
    virgin: true,
    plant: (cloud) => cloud.link({ port: 'pc-1', vlan: 30 }),
  },
  {
    kind: 'link-of-other-stack',
    then: 'reported',
    declared: LINKED,
    virgin: true,
    plant: (cloud) => cloud.link({ port: 'pc-1', vlan: 30, description: 'peerway stack=lab connection=x' }),
  },
  {
    kind: 'link-provisioning',
    then: 'healed',
    declared: LINKED,
    plant: (cloud) => {
      const link = cloud.links[0]!;
      link.state = 'provisioning';
      cloud.after(9_000, link, () => (link.state = 'active'));
    },
  },
  {
    kind: 'link-step-missing',
    then: 'healed',
    declared: LINKED,
    plant: linkState({ state: 'provisioning', next: 'continue' }),
  },
  {
    kind: 'link-half-made',
    then: 'healed',
    declared: LINKED,
    plant: linkState({ state: 'provisioning', next: 'continue', reason: 'half-made' }),
  },
  {
    kind: 'link-suspended',
    then: 'healed',
    declared: LINKED,
    plant: linkState({ state: 'inactive', reason: 'suspended' }),
  },
  {
    kind: 'link-inactive',
    then: 'reported',
    declared: LINKED,
    plant: linkState({ state: 'inactive', reason: 'administrative' }),
  },
  { kind: 'link-terminal', then: 'healed', declared: LINKED, plant: linkState({ state: 'failed' }) },
  {
    kind: 'link-deleting',
    then: 'healed',
    declared: LINKED,
    plant: (cloud) => {
      cloud.routes.splice(0, cloud.routes.length, ...cloud.routes.filter((route) => route.origin !== 'custom'));
      const link = cloud.links[0]!;
      link.state = 'deleting';
      cloud.after(9_000, link, () => cloud.links.splice(0, 1));
    },
  },
  {
    kind: 'link-elsewhere',
    then: 'healed',
    declared: LINKED,
    plant: (cloud) => {
      cloud.links[0]!.network = cloud.networks.get('data')!.id;
    },
  },
  // where the cloud changes nothing in place, a new one is made
  { kind: 'link-moved', then: 'healed', declared: LINKED, plant: linkState({ vlan: 31 }) },
  { kind: 'link-name-changed', then: 'healed', options: CHANGING, declared: LINKED, plant: linkState({ name: 'x' }) },
  {
    kind: 'link-renamed',
    then: 'healed',
    options: CHANGING,
    declared: LINKED,
    plant: linkState({ description: 'peerway stack=shop connection=old' }),
  },
  {
    kind: 'link-prefixes-changed',
    then: 'healed',
    options: CHANGING,
    declared: LINKED,
    plant: linkState({ localPrefixes: [] }),
  },
  { kind: 'setting-changed', then: 'healed', options: CHANGING, declared: LINKED, plant: linkState({ setting: 'on' }) },
  {
    kind: 'tag-left',
    then: 'healed',
    options: CHANGING,
    declared: LINKED,
    plant: (cloud) => void Object.assign(cloud.links[0]!.tags, { left: '1', ...tagList(['left']) }),
  },
  { kind: 'link-addresses-changed', then: 'healed', declared: LINKED, plant: linkState({ customerIp: '10.255.0.3' }) },
  {
    kind: 'link-undeclared',
    then: 'healed',
    declared: LINKED,
    plant: (_, scene) => {
      scene.declaration = { connections: [pair('web-data', 'web', 'data')], links: [] };
    },
  },
];

/** The world of a case before anything was changed by hand. */
export async function worldOf({
  options = {},
  declared,
  virgin,
}: Pick<DriftCase, 'options' | 'declared' | 'virgin'>): Promise<Scene> {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  const needed = options.bandwidth === 'required' ? { bandwidthMbps: 10 } : {};
  const scene = new Scene(cloud, declared ?? { connections: [pair('web-data', 'web', 'data', needed)] });
  if (virgin === true) return scene;
  const { outcome } = await scene.apply();
  if (outcome !== 'done') throw new Error(`the first apply ${outcome}`);
  return scene;
}
