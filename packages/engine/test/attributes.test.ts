/**
 * Each attribute that the file can say, on each cloud and mechanism: set when the object is made, changed in the file, changed by hand, taken
 * out of the file, and broken off in between. Every time one apply is enough, and the second plan is empty.
 */
import { describe, expect, it } from '@jest/globals';
import { mergeSides, type Link, type Peering, type PeeringSide } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { collect } from '../src/world/collect.js';
import {
  GROUPS,
  LINK_ATTRIBUTES,
  NAMES,
  PEERING_ATTRIBUTES,
  type Both,
  type LinkAttribute,
  type NameCase,
  type PeeringAttribute,
} from './attributeCases.js';
import { EMPTY_FILE, type FileModel, type LinkSays, type Says } from './histories/file.js';
import { pair, suite, type Scene } from './histories/scene.js';

const CLOUDS = ['alibaba', 'baidu'] as const;

/** What a case of a peering and one of a link have in common. */
interface Subject {
  readonly file: (says?: object) => FileModel;
  readonly shown: () => Promise<unknown>;
  readonly byHand: () => Promise<void>;
  /** Name of the connection or link. */
  readonly object: string;
}

const readied = (scene: Scene): void => {
  if (scene.cloud !== 'alibaba') return;
  scene.world.emulator.rules.set({ 'alibaba.vpcPeer.linkTypes': 'Gold,Platinum,Silver' });
  for (const id of GROUPS)
    scene.world.emulator.world.resourceGroup({
      cloud: 'alibaba',
      account: DEFAULT_WORLD.alibaba.accounts.a.id,
      id,
      name: id,
    });
};

function peeringSubject(scene: Scene, one: PeeringAttribute): Subject {
  const { other, mechanism } = one;
  const crossRegion = other !== 'n1';
  const how = {
    ...(mechanism === undefined ? {} : { mechanism }),
    ...(scene.cloud === 'alibaba' && mechanism === 'vpc-peer' && crossRegion ? { bandwidthMbps: 20 } : {}),
  };
  const file = (says: Says = {}): FileModel => pair('x', 'n0', other, { ...how, says });
  const read = async (name: 'n0' | typeof other, side: PeeringSide): Promise<Peering> => {
    const { peerings } = await scene.world.hand(name);
    const [found] = await collect(peerings.list());
    if (found === undefined) throw new Error('there is no peering');
    return peerings.get(found.id, { side });
  };
  const both = async (): Promise<Both> => {
    const [initiator, acceptor] = [await read('n0', 'initiator'), await read(other, 'acceptor')];
    return scene.cloud === 'alibaba'
      ? { initiator: mergeSides(initiator, acceptor), acceptor }
      : { initiator, acceptor };
  };
  return {
    file,
    shown: async () => one.read(await both()),
    byHand: async () => {
      const { hand } = one;
      if (hand === undefined) return;
      const { initiator } = await both();
      const { peerings } = await scene.world.hand('n0');
      const update = typeof hand.update === 'function' ? hand.update(initiator.description) : hand.update;
      await peerings.update(initiator.id, update, mechanism === undefined ? {} : { mechanism });
      await scene.world.pass(60_000);
    },
    object: 'x',
  };
}

function linkSubject(scene: Scene, one: LinkAttribute): Subject {
  const file = (says: LinkSays = {}): FileModel => ({
    ...EMPTY_FILE,
    link: { name: 'idc', vlan: 30, bandwidthMbps: 100, tags: {}, destinations: ['192.168.0.0/16'], says },
  });
  const read = async (): Promise<Link> => {
    const { links } = await scene.world.hand('n0');
    const [found] = await collect(links.list());
    if (found === undefined) throw new Error('there is no link');
    return links.get(found.id);
  };
  return {
    file,
    shown: async () => one.read(await read()),
    byHand: async () => {
      const { hand } = one;
      if (hand === undefined) return;
      const { links } = await scene.world.hand('n0');
      const { id, description } = await read();
      await links.update(id, typeof hand.update === 'function' ? hand.update(description) : hand.update);
      await scene.world.pass(60_000);
    },
    object: 'idc',
  };
}

type AnyAttribute = Pick<PeeringAttribute, 'name' | 'cloud' | 'change' | 'left' | 'undeclared'> & {
  readonly first: { readonly says: object; readonly shows: unknown };
  readonly second: { readonly says: object; readonly shows: unknown };
  readonly hand?: { readonly shows: unknown };
};

/** Applies until nothing is left to do; `named`: plan goes on to warn of it, and does nothing. */
async function settle(scene: Scene, file: FileModel, warns: boolean): Promise<void> {
  if (!warns) return void (await scene.converge(file));
  await scene.apply(file);
  await scene.world.pass(60_000);
  const { steps, problems } = await scene.plan(file);
  expect([steps, problems.map(({ severity, kind }) => [severity, kind])]).toEqual([[], [['warning', 'unsupported']]]);
}

const leftShows = ({ left, second, first, change }: AnyAttribute): unknown =>
  typeof left === 'object' ? left.shows : change === 'fixed' ? first.shows : second.shows;

function story(scene: Scene, one: AnyAttribute, subject: () => Subject): void {
  const { first, second, change, left, hand, undeclared } = one;
  const fixed = change === 'fixed';
  const bare = (of: Subject): FileModel => of.file();

  it('is set when the object is made, changed in the file and by hand, taken out of it, and set again', async () => {
    const of = subject();
    await scene.converge(of.file(first.says));
    expect(await of.shown()).toEqual(first.shows);
    const changing = await scene.plan(of.file(second.says));
    expect(changing.steps.map(({ action }) => action)).toEqual(fixed ? [] : changing.steps.map(() => 'update'));
    expect(changing.drift.length + changing.problems.length).toBeGreaterThan(0);
    await settle(scene, of.file(second.says), fixed);
    expect(await of.shown()).toEqual(fixed ? first.shows : second.shows);
    if (hand !== undefined) {
      await of.byHand();
      expect(await of.shown()).toEqual(hand.shows);
      expect((await scene.plan(of.file(second.says))).drift.map(({ kind }) => kind)).not.toEqual([]);
      await scene.converge(of.file(second.says));
      expect(await of.shown()).toEqual(second.shows);
    }
    await settle(scene, bare(of), left === 'named');
    expect(await of.shown()).toEqual(leftShows(one));
    if (hand !== undefined) {
      await of.byHand();
      const before = await of.shown();
      await settle(scene, bare(of), left === 'named');
      expect(await of.shown()).toEqual(undeclared === 'stays' ? before : leftShows(one));
    }
    if (fixed) return;
    await scene.converge(of.file(second.says));
    expect(await of.shown()).toEqual(second.shows);
  });

  if (hand === undefined) return;

  it('is its maker’s on an adopted object until the file says it, and goes back only then', async () => {
    const of = subject();
    await scene.converge(bare(of));
    await (await scene.engine(bare(of))).release(of.object);
    await of.byHand();
    const [theirs, mine] = [await of.shown(), bare(of)];
    await (await scene.engine(mine)).adopt(of.object);
    await scene.world.pass(60_000);
    await scene.converge(mine);
    expect(await of.shown()).toEqual(theirs);
    await scene.converge(of.file(second.says));
    expect(await of.shown()).toEqual(second.shows);
    await settle(scene, mine, left === 'named' && JSON.stringify(theirs) !== JSON.stringify(second.shows));
    if (JSON.stringify(theirs) !== JSON.stringify(second.shows)) expect(await of.shown()).toEqual(leftShows(one));
  });

  it('ends as declared when the process dies at any change, before it or after', async () => {
    const of = subject();
    await scene.converge(of.file(first.says));
    for (const [file, shows, warns] of [
      [of.file(second.says), second.shows, false],
      [bare(of), leftShows(one), left === 'named'],
    ] as const) {
      for (const phase of ['before', 'done'] as const)
        await scene.world.process(() => scene.apply(file), { at: 1, phase, counts: 'changes' });
      await scene.world.pass(60_000);
      await settle(scene, file, warns);
      expect(await of.shown()).toEqual(shows);
    }
  });
}

const titled = ({ name, mechanism, other, second: { says } }: PeeringAttribute): string =>
  `${name} (${JSON.stringify(says)}) of a ${mechanism ?? 'peering'} between n0 and ${other}`;

const idc = { name: 'idc', vlan: 30, bandwidthMbps: 100, tags: {}, destinations: ['192.168.0.0/16'] };

/** A name that a person changes in the console: it comes back where Peerway wrote it, and stays where Peerway writes none or took the object over. */
function renaming(scene: Scene, { table, mechanism, line, role, shown, hand, whose }: NameCase): void {
  const file: FileModel =
    line === true
      ? { ...EMPTY_FILE, link: idc }
      : pair('web-data', 'n0', 'n1', { ...(mechanism === undefined ? {} : { mechanism }) });
  const at = (): number =>
    scene.cloud === 'baidu'
      ? Number(role === 'acceptor')
      : Math.max(
          0,
          scene.rows(table).findIndex((row) => row['role'] === role),
        );
  const name = (): unknown => shown(scene.rows(table)[scene.cloud === 'baidu' ? 0 : at()] ?? { id: '' });

  it(whose === 'theirs' ? 'is left as a person wrote it' : 'comes back', async () => {
    await scene.converge(file);
    if (whose !== 'theirs') expect(name()).toBe(whose.name);
    await scene.hand(hand, at());
    expect(name()).toBe('by-hand');
    const plan = await scene.plan(file);
    expect(plan.drift.map(({ kind }) => kind)).toEqual(whose === 'theirs' ? [] : [whose.drift]);
    expect(plan.steps.map(({ action }) => action)).toEqual(whose === 'theirs' ? [] : ['update']);
    await scene.converge(file);
    expect(name()).toBe(whose === 'theirs' ? 'by-hand' : whose.name);
  });

  if (whose === 'theirs') return;

  it('is its maker’s on what was taken over', async () => {
    await scene.converge(file);
    const object = line === true ? 'idc' : 'web-data';
    await (await scene.engine(file)).release(object);
    await scene.world.pass(60_000);
    await scene.hand(hand, at());
    await (await scene.engine(file)).adopt(object);
    await scene.world.pass(60_000);
    await scene.converge(file);
    expect(name()).toBe('by-hand');
  });
}

for (const cloud of CLOUDS)
  suite(cloud, (scene) => {
    describe.each(NAMES.filter((one) => one.cloud === cloud).map((one) => [one.what, one] as const))(
      'the name of %s',
      (_, one) => renaming(scene, one),
    );
  });

for (const cloud of CLOUDS)
  suite(cloud, (scene) => {
    describe.each(PEERING_ATTRIBUTES.filter((one) => one.cloud === cloud).map((one) => [titled(one), one] as const))(
      '%s',
      (_, one) =>
        story(scene, one, () => {
          readied(scene);
          return peeringSubject(scene, one);
        }),
    );
    describe.each(LINK_ATTRIBUTES.filter((one) => one.cloud === cloud).map((one) => [one.name, one] as const))(
      '%s of a line',
      (_, one) =>
        story(scene, one, () => {
          readied(scene);
          return linkSubject(scene, one);
        }),
    );
  });

suite('baidu', (scene) => {
  it('names that could not be closed at the acceptor are closed by the next apply: the marks name them until then', async () => {
    await scene.converge(pair('x', 'n0', 'far', { says: { dnsSync: 'both' } }));
    const status = { status: 409, code: 'OperationDenied', message: 'no' };
    const acceptor = DEFAULT_WORLD.baidu.accounts.b.id;
    const { faults } = scene.world.emulator;
    faults.add({ cloud: 'baidu', operation: 'ClosePeerConnSyncDns', account: acceptor, kind: 'error', ...status });
    const engine = await scene.engine(pair('x', 'n0', 'far'));
    const report = await engine.apply(await engine.plan());
    expect(report.steps.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'skipped']);
    faults.clear();
    await scene.converge(pair('x', 'n0', 'far'));
    const far = (await scene.world.hand('far')).peerings;
    expect((await collect(far.list())).map(({ dnsSync }) => dnsSync)).toEqual(['off']);
  });

  it('what is only said when an object is made is said then, and plan finds nothing to do about it', async () => {
    const near = { settings: { peerInterfaceName: 'from-shop', resourceGroupId: 'rg-1' } };
    const far = { settings: { paymentTiming: 'Prepaid', reservationMonths: 2 } };
    const [ours] = pair('near', 'n0', 'n1', { says: near }).connections;
    const [paid] = pair('far', 'n0', 'n2', { says: far }).connections;
    if (ours === undefined || paid === undefined) throw new Error('no connections');
    const link = { name: 'idc', vlan: 30, bandwidthMbps: 100, tags: {}, destinations: ['192.168.0.0/16'] };
    await scene.converge({
      ...EMPTY_FILE,
      connections: [ours, paid],
      link: { ...link, says: { settings: { resourceGroupId: 'rg-2' } } },
    });
    const inside = scene.rows('baidu.peerconns').find((row) => JSON.stringify(row).includes('from-shop'));
    expect(inside).toMatchObject({ initiator: { resourceGroupId: 'rg-1' }, acceptor: { ifName: 'from-shop' } });
    const billing = scene
      .rows('baidu.peerconns')
      .map((row) => row['billing'] as { paidFrom?: number; expiresAt?: number });
    const days = billing.map(({ paidFrom = 0, expiresAt = 0 }) => Math.round((expiresAt - paidFrom) / 86_400_000));
    expect(days.filter((one) => one > 0)).toEqual([expect.closeTo(61, -1)]);
    expect(scene.rows('baidu.gateways')).toMatchObject([{ resourceGroupId: 'rg-2' }]);
  });
});
