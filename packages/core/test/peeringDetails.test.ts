/** The edges of what a peering may ask for, and what reaches the driver of it. */
import { describe, expect, it } from '@jest/globals';
import {
  type Call,
  type LifecycleState,
  type Peering,
  type PeeringRequest,
  type PeeringUpdate,
  type ProviderCapabilities,
  type SettingSupport,
  type BandwidthLimit,
} from '@peerway/core';
import {
  acceptNext,
  ALICE,
  AWAY,
  BOB,
  CAPABILITIES,
  DATA,
  fake,
  HOME,
  MECHANISM,
  page,
  peering,
  PEERING,
  request,
  sameAccount,
  WEB,
  without,
} from './fakeProvider.js';
import { fail, lost, rejection } from './support.js';

const setting = (more: Partial<SettingSupport> = {}): SettingSupport => ({
  change: 'in-place',
  about: 'a switch',
  source: 'https://cloud.example/doc',
  checkedOn: '2026-11-20',
  ...more,
});
const capable = (more: Partial<typeof MECHANISM>): ProviderCapabilities => ({
  ...CAPABILITIES,
  mechanisms: [{ ...MECHANISM, ...more }],
});
const withSettings = capable({
  settings: {
    payer: setting(),
    lane: setting({ only: 'crossRegion' }),
    jumbo: setting({ only: 'sameAccount' }),
  },
});

/** Code and place of everything that is wrong. */
const wrongs = (asked: Partial<PeeringRequest>, capabilities = CAPABILITIES, account?: typeof ALICE): unknown[] =>
  fake({}, { capabilities, ...(account === undefined ? {} : { account }) })
    .provider.peerings.problems({ ...request, ...asked })
    .map(({ code, details }) => [code, details.place]);

describe('a request at its limits', () => {
  it.each<[string, Partial<PeeringRequest>]>([
    ['the shortest name', { name: 'ab' }],
    ['the longest name', { name: 'abcdefghij' }],
    ['the longest description', { description: 'x'.repeat(20) }],
    ['no description', { description: '' }],
    ['as many tags as there may be', { tags: { a: '1', b: '2' } }],
    ['keys and values of the longest', { tags: { abcdefgh: 'abcdefgh' } }],
    ['a key that is nearly kept', { tags: { name: '', xName: '' } }],
    ['a key that holds what none begins with', { tags: { xcloudx: '' } }],
    ['the least bandwidth', { bandwidthMbps: 1 }],
    ['the most bandwidth', { bandwidthMbps: 1_000 }],
    ['the longest token', { clientToken: `!~${'x'.repeat(62)}` }],
    ['the shortest token', { clientToken: 'x' }],
    ['no protection', { deletionProtection: false }],
  ])('takes %s', (_, asked) => {
    expect(wrongs(asked)).toEqual([]);
  });

  it.each<[string, Partial<PeeringRequest>, Parameters<typeof without>[0], string]>([
    ['another region', { acceptor: { region: AWAY, network: DATA } }, 'crossRegion', 'acceptor'],
    ['another account', { acceptor: { account: BOB, region: HOME, network: DATA } }, 'crossAccount', 'acceptor'],
    ['a name', { name: 'shop' }, 'name', 'name'],
    ['a description', { description: 'x' }, 'description', 'description'],
    ['tags', { tags: { a: 'b' } }, 'tags', 'tags'],
    ['protection', { deletionProtection: true }, 'deletionProtection', 'deletionProtection'],
    ['a bandwidth', { bandwidthMbps: 10 }, 'bandwidth', 'bandwidthMbps'],
  ])('names the field that asks for %s where the cloud cannot, and nothing else', (_, asked, feature, place) => {
    expect(wrongs(asked, without(feature), ALICE)).toEqual([['Unsupported', place]]);
    expect(wrongs({ deletionProtection: false, tags: {} }, without(feature), ALICE)).toEqual([]);
  });

  it('names the provider, and a token that no cloud takes', () => {
    expect(wrongs({ clientToken: 'a b' })).toEqual([['InvalidArgument', 'clientToken']]);
    const { peerings } = fake({}, { capabilities: without('tags') }).provider;
    const [problem] = peerings.problems({ ...request, tags: { a: 'b' } });
    expect([problem?.details.provider, problem?.message.split(' (')[0]]).toEqual([
      'fake',
      'fake does not support tags on a peering',
    ]);
  });

  it('asks nothing of the limits of tags where tags are refused as such', () => {
    expect(wrongs({ tags: { a: '1', b: '2', c: '3' } }, without('tags'))).toEqual([['Unsupported', 'tags']]);
  });

  it('takes an account for foreign when both are known and differ', () => {
    const foreign = { acceptor: { account: BOB, region: HOME, network: DATA } };
    expect(wrongs(foreign, without('crossAccount'))).toEqual([]);
    const { peerings } = fake({}, { capabilities: without('crossAccount') }).provider;
    expect(peerings.problems({ ...request, ...foreign }, ALICE)).toHaveLength(1);
    expect(peerings.problems({ ...request, ...foreign }, BOB)).toEqual([]);
  });

  it('refuses an id that is none, wherever it stands', () => {
    for (const acceptor of [
      { account: '' as typeof BOB, region: HOME, network: DATA },
      { region: HOME, network: 'a b' as typeof DATA },
    ])
      expect(wrongs({ acceptor }).map((one) => (one as string[])[0])).toEqual(['InvalidArgument']);
    expect(wrongs({ acceptor: { region: HOME, network: WEB } })).toEqual([['InvalidArgument', 'acceptor']]);
  });

  it('has settings that are offered, where they are', () => {
    const away = { acceptor: { region: AWAY, network: DATA } };
    const foreign = { acceptor: { account: BOB, region: HOME, network: DATA } };
    const refused = (name: string) => [['Unsupported', `settings.${name}`]];
    expect(wrongs({ settings: { payer: 1 } }, withSettings, ALICE)).toEqual([]);
    expect(wrongs({ settings: { payer: 1 } })).toEqual(refused('payer'));
    expect(wrongs({ settings: { toString: 1 } }, withSettings)).toEqual(refused('toString'));
    expect(wrongs({ settings: { lane: 1 } }, withSettings, ALICE)).toEqual(refused('lane'));
    expect(wrongs({ settings: { lane: 1 }, ...away }, withSettings, ALICE)).toEqual([]);
    expect(wrongs({ settings: { jumbo: 1 } }, withSettings, ALICE)).toEqual([]);
    expect(wrongs({ settings: { jumbo: 1 }, ...foreign }, withSettings, ALICE)).toEqual(refused('jumbo'));
    const remedies = (capabilities: ProviderCapabilities) =>
      fake({}, { capabilities })
        .provider.peerings.problems({ ...request, settings: { other: 1 } })
        .map(({ details }) => details.remedy);
    expect(remedies(withSettings)).toEqual(['Remove it; there are payer, lane, jumbo.']);
    expect(remedies(CAPABILITIES)).toEqual(['Remove it: there are none.']);
  });

  it('reaches the driver whole, and without what was left out', async () => {
    const { provider, inputs } = fake({ 'peerings.create': [PEERING] }, { capabilities: withSettings });
    const whole: PeeringRequest = {
      initiator: WEB,
      acceptor: { account: BOB, region: HOME, network: DATA },
      mechanism: 'wire',
      name: 'shop',
      description: 'to the shop',
      bandwidthMbps: 10,
      tags: { a: 'b' },
      deletionProtection: true,
      settings: { payer: 'a' },
      clientToken: 'mine',
    };
    await provider.peerings.request(whole);
    await provider.peerings.request({ ...request, deletionProtection: false, settings: {} });
    const [first, second] = inputs('peerings.create');
    expect(first).toEqual(whole);
    expect(second).toEqual({
      mechanism: 'wire',
      initiator: WEB,
      acceptor: { region: HOME, network: DATA },
      tags: {},
      clientToken: expect.any(String),
    });
  });

  it('has a bandwidth of the list, or from the least on where there is no most', () => {
    const bandwidths = (bandwidthMbps?: BandwidthLimit) => (mbps: number) =>
      wrongs({ bandwidthMbps: mbps }, capable({ limits: bandwidthMbps ? { bandwidthMbps } : {} })).length === 0;
    expect([1, 9, 10, 1_000_000].map(bandwidths({ min: 10 }))).toEqual([false, false, true, true]);
    expect([50, 60, 100].map(bandwidths({ min: 1, allowed: [50, 100] }))).toEqual([true, false, true]);
    expect([1, 0, -5].map(bandwidths())).toEqual([true, false, false]);
  });

  it('tells the limits in its remedy', () => {
    const remedy = (limit: BandwidthLimit) =>
      fake({}, { capabilities: capable({ limits: { bandwidthMbps: limit } }) })
        .provider.peerings.problems({ ...request, bandwidthMbps: 3 })
        .map(({ details }) => details.remedy);
    expect(remedy({ min: 10 })).toEqual(['Give at least 10.']);
    expect(remedy({ min: 10, max: 20 })).toEqual(['Give 10 to 20.']);
    expect(remedy({ min: 1, allowed: [10, 20] })).toEqual(['Choose one of 10, 20.']);
  });
});

describe('an update', () => {
  const problems = (update: PeeringUpdate, capabilities = CAPABILITIES, sameRegion?: boolean): unknown[] =>
    fake({}, { capabilities })
      .provider.peerings.updateProblems(update, sameRegion === undefined ? {} : { sameRegion })
      .map(({ code, details }) => [code, details.place]);

  it.each<[PeeringUpdate, Parameters<typeof without>[0], string]>([
    [{ name: 'shop' }, 'name', 'name'],
    [{ description: 'x' }, 'description', 'description'],
    [{ setTags: { a: 'b' } }, 'retag', 'tags'],
    [{ removeTags: ['a'] }, 'retag', 'tags'],
    [{ deletionProtection: true }, 'deletionProtection', 'deletionProtection'],
    [{ dnsSync: true }, 'dnsSync', 'dnsSync'],
    [{ bandwidthMbps: 5 }, 'resize', 'bandwidthMbps'],
  ])('%j is refused without %s, and what switches off is not', (update, feature, place) => {
    expect(problems(update, without(feature))).toEqual([['Unsupported', place]]);
    expect(problems({ deletionProtection: false, dnsSync: false, setTags: {} }, without(feature))).toEqual([]);
    expect(problems(update)).toEqual([]);
  });

  it('keeps to the limits of labels and tags', () => {
    expect(problems({ name: 'x', description: 'x'.repeat(21), setTags: { Name: 'x' } })).toEqual([
      ['InvalidArgument', 'name'],
      ['InvalidArgument', 'description'],
      ['InvalidArgument', 'tags'],
    ]);
  });

  it('has no bandwidth inside a region where there is none, and is not judged where that is not known', () => {
    const between = capable({ bandwidth: 'crossRegion' });
    expect(problems({ bandwidthMbps: 5 }, between, true)).toEqual([['InvalidArgument', 'bandwidthMbps']]);
    expect(problems({ bandwidthMbps: 5 }, between, false)).toEqual([]);
    expect(problems({ bandwidthMbps: 5 }, between)).toEqual([]);
  });

  it('takes back before it labels, and sets after', async () => {
    const { provider, asked } = fake({ 'peerings.update': [undefined] });
    await provider.peerings.update(
      PEERING,
      {
        name: 'shop',
        description: 'x',
        dnsSync: false,
        deletionProtection: true,
        settings: { names: ['payer', 'lane'], values: { payer: 'a' } },
      },
      { wait: false },
    );
    const values = { payer: 'a' };
    expect(asked.map(({ args }) => args)).toEqual(
      [
        { kind: 'dnsSync', enabled: false },
        { kind: 'settings', names: ['lane'], values },
        { kind: 'labels', name: 'shop', description: 'x' },
        { kind: 'deletionProtection', enabled: true },
        { kind: 'settings', names: ['payer'], values },
      ].map((change) => [PEERING, 'initiator', change]),
    );
    await provider.peerings.update(PEERING, { description: 'y' }, { wait: false });
    expect(asked.at(-1)?.args[2]).toEqual({ kind: 'labels', description: 'y' });
  });

  it('of settings is one change where all of them are set, or none is any more', async () => {
    const changes = async (values: Readonly<Record<string, unknown>>): Promise<unknown[]> => {
      const { provider, asked } = fake({ 'peerings.update': [undefined] });
      await provider.peerings.update(PEERING, { settings: { names: ['payer'], values } }, { wait: false });
      return asked.map(({ args }) => args[2]);
    };
    for (const values of [{ payer: 'a' }, { lane: 'b' }, {}])
      expect(await changes(values)).toEqual([{ kind: 'settings', names: ['payer'], values }]);
  });

  it.each(['turning-on', 'turning-off'] as const)('waits while names are %s', async (dnsSync) => {
    const { provider, counts } = fake({
      'peerings.update': [undefined],
      'peerings.get': [peering('active', { dnsSync }), peering('active')],
    });
    await provider.peerings.update(PEERING, { dnsSync: dnsSync === 'turning-on' });
    expect(counts()).toEqual({ 'peerings.update': 1, 'peerings.get': 2 });
  });

  it('tells what it waits for when time runs out', async () => {
    const { provider } = fake({ 'peerings.update': [undefined], 'peerings.get': [peering('updating')] });
    const error = await rejection(provider.peerings.update(PEERING, { name: 'shop' }, { timeoutMs: 1_000 }));
    expect(error.details).toMatchObject({ provider: 'fake', resource: PEERING });
    expect(error.message).toMatch(/peering pcc-1 to settle.*native-updating/);
  });
});

describe('a handshake', () => {
  it('gives the driver the reading that asked for the step', async () => {
    const { provider, asked } = fake({ 'peerings.accept': [undefined], 'peerings.continue': [undefined] });
    const pending = peering('pending-acceptance');
    const half = peering('provisioning', { next: { side: 'initiator', verb: 'continue' } });
    expect(await provider.peerings.advance(pending, 'acceptor')).toBe(true);
    expect(await provider.peerings.advance(half, 'initiator')).toBe(true);
    expect(asked.map(({ args }) => args)).toEqual([
      [PEERING, pending],
      [PEERING, 'initiator', half],
    ]);
  });

  it('is taken on both sides inside one account and region alone', async () => {
    const pending = (acceptor: Peering['acceptor']) => peering('pending-acceptance', { acceptor, ...acceptNext });
    const script = (one: Peering) => ({
      'peerings.get': [one, peering('active')],
      'peerings.accept': [undefined],
    });
    const own = fake(script(pending(sameAccount.acceptor)));
    await own.provider.peerings.settle(PEERING, 'initiator');
    expect(own.counts()).toEqual({ 'peerings.get': 2, 'peerings.accept': 1 });
    const away = fake(script(pending({ ...sameAccount.acceptor, region: AWAY })));
    expect((await away.provider.peerings.settle(PEERING, 'initiator')).state).toBe('pending-acceptance');
    expect(away.counts()).toEqual({ 'peerings.get': 1 });
    // read from the acceptor's side, the other region is the initiator's
    const from = peering('pending-acceptance', {
      ...acceptNext,
      initiator: { account: BOB, region: AWAY, network: DATA },
      acceptor: { account: BOB, region: HOME, network: WEB },
    });
    const acceptors = fake(script(from));
    await acceptors.provider.peerings.settle(PEERING, 'acceptor');
    expect(acceptors.asked[0]?.args).toEqual([PEERING, 'acceptor']);
    expect(acceptors.counts()).toEqual({ 'peerings.get': 2, 'peerings.accept': 1 });
  });

  it('that cannot go on says what to do', async () => {
    const remedy = async (state: LifecycleState) =>
      (await rejection(fake({ 'peerings.get': [peering(state)] }).provider.peerings.settle(PEERING, 'initiator')))
        .details.remedy;
    expect(await remedy('inactive')).toContain('Resume it');
    expect(await remedy('failed')).toContain('Delete it');
  });

  it('whose answer was lost is looked for among the peerings of the two networks', async () => {
    const made = peering('provisioning', { name: 'shop', tags: { stack: 'ours' } });
    const { provider, inputs } = fake({
      'peerings.create': [lost, fail('AlreadyExists')],
      'peerings.list': [page(), page(peering('rejected', { id: 'pcc-0' as typeof PEERING }), made)],
    });
    expect(await provider.peerings.request({ ...request, tags: { stack: 'ours', other: 'x' } })).toBe(PEERING);
    expect(inputs('peerings.list')).toEqual(Array(2).fill({ between: [WEB, DATA], mechanism: 'wire' }));
  });
});

describe('a question whether routes are in the way of a deletion', () => {
  it('is asked for one side, and changes nothing', async () => {
    const asked: unknown[] = [];
    const peerings = {
      isUnrouted: async (id: unknown, side: unknown, call: Call) => {
        (await call.admit({ nativeOperation: 'DryDelete', mutating: false }))({ httpStatus: 200, durationMs: 1 });
        asked.push([id, side]);
        return side === 'acceptor';
      },
    } as never;
    const { provider, sent } = fake({}, { driver: { peerings }, readOnly: true });
    expect(await provider.peerings.isUnrouted(PEERING)).toBe(false);
    expect(await provider.peerings.isUnrouted(PEERING, { side: 'acceptor' })).toBe(true);
    expect(asked).toEqual([
      [PEERING, 'initiator'],
      [PEERING, 'acceptor'],
    ]);
    expect(sent).toEqual(['DryDelete', 'DryDelete']);
  });

  it('is a defect of a driver that promises it and has it not', async () => {
    const error = await rejection(fake({}).provider.peerings.isUnrouted(PEERING));
    expect([error.code, error.message]).toEqual(['Internal', expect.stringContaining('peerings.isUnrouted')]);
  });

  it('says what it was about when the cloud refuses it', async () => {
    const peerings = { isUnrouted: async () => Promise.reject(fail('PermissionDenied')) } as never;
    const error = await rejection(fake({}, { driver: { peerings } }).provider.peerings.isUnrouted(PEERING));
    expect(error.details).toMatchObject({ operation: 'peerings.isUnrouted', provider: 'fake' });
  });
});

describe('a deletion', () => {
  it('hands on what was read before, and what its answer came to', async () => {
    const { provider, asked } = fake({ 'peerings.delete': ['continue', fail('NotFound'), 'gone'] });
    const seen = peering('inactive');
    const { peerings } = provider;
    expect(await peerings.requestDelete(PEERING, { seen, unrouted: true, side: 'acceptor' })).toBe('continue');
    expect(await peerings.requestDelete(PEERING)).toBe('missing');
    expect(await peerings.requestDelete(PEERING, { unrouted: false })).toBe('gone');
    expect(asked.map(({ args }) => args)).toEqual([
      [PEERING, 'acceptor', { seen, unrouted: true }],
      [PEERING, 'initiator', {}],
      [PEERING, 'initiator', { unrouted: false }],
    ]);
  });

  it('takes each step with the reading before it', async () => {
    const { provider, asked } = fake({
      'peerings.delete': ['continue', 'gone'],
      'peerings.get': [peering('inactive')],
    });
    await provider.peerings.delete(PEERING, { side: 'acceptor' });
    expect(asked.map(({ args }) => args)).toEqual([
      [PEERING, 'acceptor', {}],
      [PEERING, 'acceptor'],
      [PEERING, 'acceptor', { seen: peering('inactive') }],
    ]);
  });
});
