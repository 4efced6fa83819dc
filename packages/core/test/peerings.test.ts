/** The portable Peerings over a scripted driver: gates, reading, updates, and what every call has. */
import { describe, expect, it } from '@jest/globals';
import {
  attachNative,
  mergeSides,
  nativeOf,
  NativeToken,
  networkId,
  otherSide,
  PEERING_SIDES,
  peeringId,
  PeerwayError,
  type PeeringChange,
  type PeeringRequest,
  type PeeringUpdate,
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
  pageOf,
  peering,
  PEERING,
  request,
  sameAccount,
  SECRET,
  WEB,
  without,
} from './fakeProvider.js';
import { caught, collect, fail, rejection, lost } from './support.js';

describe('before any request', () => {
  it.each<[string, Partial<PeeringRequest>, RegExp]>([
    ['a network with itself', { acceptor: { region: HOME, network: WEB } }, /with itself/],
    ['an empty network id', { initiator: '' as typeof WEB }, /network id/],
    ['a region with a blank', { acceptor: { region: 'a b' as typeof HOME, network: DATA } }, /region id/],
    ['a short name', { name: 'x' }, /name is 1 character long/],
    ['a long name', { name: 'x'.repeat(11) }, /11 characters/],
    ['a long description', { description: 'x'.repeat(21) }, /description is 21/],
    ['too many tags', { tags: { a: '1', b: '2', c: '3' } }, /3 tags are too many/],
    ['a long tag key', { tags: { abcdefghi: '' } }, /tag key "abcdefghi" is 9/],
    ['an empty tag key', { tags: { '': '' } }, /tag key "" is 0/],
    ['a reserved tag key', { tags: { 'CloudX:a': '' } }, /begins with cloudx:/],
    ['a tag key that the cloud means otherwise', { tags: { Name: '' } }, /"Name" is kept for something else/],
    ['an address in a tag value', { tags: { a: 'http://x' } }, /holds http:\/\//],
    ['a name with a blank', { name: 'a b' }, /character that the cloud does not take/],
    ['a name that begins with a digit', { name: '1a' }, /begins with a character/],
    ['bandwidth 0', { bandwidthMbps: 0 }, /bandwidthMbps is 0/],
    ['half a megabit', { bandwidthMbps: 0.5 }, /bandwidthMbps is 0.5/],
    ['NaN', { bandwidthMbps: NaN }, /bandwidthMbps is NaN/],
    ['too much bandwidth', { bandwidthMbps: 1_001 }, /outside the limits/],
    ['a mechanism there is not', { mechanism: 'pigeon' }, /no mechanism "pigeon"/],
    ['a long token', { clientToken: 'x'.repeat(65) }, /clientToken/],
    ['a token with a blank', { clientToken: 'a b' }, /clientToken/],
  ])('refuses %s', async (_, more, message) => {
    const { provider, asked } = fake({});
    const error = await rejection(provider.peerings.create({ ...request, ...more }));
    expect([error.code, asked]).toEqual(['InvalidArgument', []]);
    expect(error.message).toMatch(message);
    expect(error.details.remedy).toBeDefined();
  });

  it('counts characters as people do', async () => {
    const { provider } = fake({ 'peerings.create': [PEERING] });
    const tags = { ['😀'.repeat(8)]: '😀'.repeat(8) };
    await expect(provider.peerings.request({ ...request, name: '😀'.repeat(10), tags })).resolves.toBe(PEERING);
    const long = { ['😀'.repeat(9)]: '' };
    expect((await rejection(provider.peerings.request({ ...request, tags: long }))).code).toBe('InvalidArgument');
  });

  it('names everything that is wrong at once, each with its field', () => {
    const { provider, asked } = fake({});
    const wrong = { ...request, name: 'x', tags: { '': '', a: 'http://x' }, bandwidthMbps: 0 };
    expect(provider.peerings.problems(wrong).map(({ details }) => details.place)).toEqual([
      'name',
      'tags',
      'tags',
      'bandwidthMbps',
    ]);
    expect(() => provider.peerings.validated(wrong)).toThrow('name is 1 character long, and the cloud takes 2 to ');
    expect(provider.peerings.problems({ ...request, mechanism: 'pigeon' })[0]?.details.place).toBe('mechanism');
    expect(provider.peerings.problems(request)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('judges a bandwidth that is changed as one that is asked for', () => {
    const { peerings } = fake({}).provider;
    for (const bandwidthMbps of [0, 0.5, NaN, 1_001])
      expect(peerings.updateProblems({ bandwidthMbps }).map(({ message }) => message)).toEqual(
        peerings.problems({ ...request, bandwidthMbps }).map(({ message }) => message),
      );
    expect(peerings.updateProblems({ bandwidthMbps: 10 })).toEqual([]);
  });

  const creation = (more: Partial<PeeringRequest>) => (peerings: ReturnType<typeof fake>['provider']['peerings']) =>
    peerings.create({ ...request, ...more });
  const updating = (update: PeeringUpdate) => (peerings: ReturnType<typeof fake>['provider']['peerings']) =>
    peerings.update(PEERING, update);
  it.each<[Parameters<typeof without>[0], ReturnType<typeof creation> | ReturnType<typeof updating>]>([
    ['crossRegion', creation({ acceptor: { region: AWAY, network: DATA } })],
    ['crossAccount', creation({ acceptor: { account: BOB, region: HOME, network: DATA } })],
    ['name', creation({ name: 'shop' })],
    ['description', creation({ description: 'x' })],
    ['tags', creation({ tags: { a: 'b' } })],
    ['bandwidth', creation({ bandwidthMbps: 10 })],
    ['dryRun', (peerings) => peerings.dryRun(request)],
    ['accept', (peerings) => peerings.accept(PEERING)],
    ['reject', (peerings) => peerings.reject(PEERING)],
    ['suspend', (peerings) => peerings.suspend(PEERING)],
    ['suspend', (peerings) => peerings.resume(PEERING, { mechanism: 'wire' })],
    ['name', updating({ name: 'shop' })],
    ['description', updating({ description: 'x' })],
    ['retag', updating({ removeTags: ['a'] })],
    ['resize', updating({ bandwidthMbps: 5 })],
    ['deletionProtection', updating({ deletionProtection: true })],
    ['dnsSync', updating({ dnsSync: true })],
  ])('refuses what needs the unsupported %s', async (feature, act) => {
    const { provider, asked } = fake({}, { capabilities: without(feature), account: ALICE });
    const error = await rejection(Promise.resolve(act(provider.peerings)));
    expect([error.code, asked]).toEqual(['Unsupported', []]);
    expect(error.message).toContain('the fake cloud says so; https://cloud.example/doc');
  });

  it('takes its own account for no other, and leaves the question to the driver when it does not know its own', async () => {
    const named = { ...request, acceptor: { account: ALICE, region: HOME, network: DATA } };
    for (const account of [{ account: ALICE }, {}]) {
      const { provider, inputs } = fake(
        { 'peerings.create': [PEERING] },
        { capabilities: without('crossAccount'), ...account },
      );
      await provider.peerings.request(named);
      expect(inputs('peerings.create')[0]?.acceptor.account).toBe(ALICE);
    }
  });

  it('says of an unimplemented feature that it is not written yet', async () => {
    const todo = { status: 'unimplemented', reason: 'nobody asked', checkedOn: '2026-11-20' } as const;
    const capabilities = {
      ...CAPABILITIES,
      mechanisms: [{ ...MECHANISM, features: { ...MECHANISM.features, reject: todo } }],
    } as const;
    const error = await rejection(fake({}, { capabilities }).provider.peerings.reject(PEERING));
    expect([error.code, error.message]).toEqual([
      'Unsupported',
      'fake does not support rejecting a peering (not written yet: nobody asked)',
    ]);
  });

  it.each([
    ['required', undefined, HOME, /needs bandwidthMbps/],
    ['crossRegion', 10, HOME, /inside one region takes no bandwidthMbps/],
    ['required', 10, HOME, undefined],
    ['crossRegion', 10, AWAY, undefined],
    ['optional', undefined, HOME, undefined],
  ] as const)('bandwidth rule %s with %p to %s', async (bandwidth, bandwidthMbps, region, message) => {
    const capabilities = { ...CAPABILITIES, mechanisms: [{ ...MECHANISM, bandwidth }] } as const;
    const { provider, inputs } = fake({ 'peerings.create': [PEERING] }, { capabilities });
    const asking = {
      ...request,
      acceptor: { region, network: DATA },
      ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    };
    if (message === undefined) {
      await provider.peerings.request(asking);
      expect(inputs('peerings.create')[0]?.bandwidthMbps).toBe(bandwidthMbps);
    } else {
      expect((await rejection(provider.peerings.request(asking))).message).toMatch(message);
    }
  });

  it('names a promised member that the driver has not', async () => {
    const { provider } = fake({}, { lacks: ['peerings.dryRun', 'peerings.continue'] });
    expect((await rejection(provider.peerings.dryRun(request))).code).toBe('Internal');
    const stuck = peering('provisioning', { next: { side: 'initiator', verb: 'continue' } });
    expect((await rejection(provider.peerings.advance(stuck, 'initiator'))).message).toContain('peerings.continue');
  });
});

describe('reading', () => {
  it('get reads from the side asked for and takes a tombstone for gone', async () => {
    const { provider, asked } = fake({
      'peerings.get': [peering('active'), peering('deleted'), fail('NotFound'), fail('PermissionDenied')],
    });
    expect((await provider.peerings.get(PEERING, { side: 'acceptor' })).state).toBe('active');
    expect(asked[0]?.args).toEqual([PEERING, 'acceptor']);
    expect((await rejection(provider.peerings.get(PEERING))).code).toBe('NotFound');
    expect(await provider.peerings.find(PEERING)).toBeUndefined();
    expect((await rejection(provider.peerings.find(PEERING))).code).toBe('PermissionDenied');
  });

  it('list walks the pages, retries one by itself, and leaves tombstones out', async () => {
    const other = peering('active', { id: peeringId('pcc-2') });
    const { provider, asked } = fake({
      'peerings.list': [
        pageOf('p2', peering('active')),
        fail('Throttled'),
        pageOf('p3'),
        page(other, peering('deleted', { id: peeringId('pcc-3') })),
      ],
    });
    const found = await collect(provider.peerings.list({ network: WEB }));
    expect(found.map(({ id }) => id)).toEqual(['pcc-1', 'pcc-2']);
    expect(asked.map(({ args }) => args)).toEqual([
      [{ network: WEB }, undefined],
      [{ network: WEB }, 'p2'],
      [{ network: WEB }, 'p2'],
      [{ network: WEB }, 'p3'],
    ]);
  });

  it('list gives tombstones where they are asked for, last, and not of what one side still shows', async () => {
    const gone = (id: string, seenFrom: 'initiator' | 'acceptor') =>
      peering('deleted', { id: peeringId(id), seenFrom, tags: { from: seenFrom } });
    const script = [
      gone('pcc-1', 'acceptor'),
      gone('pcc-2', 'acceptor'),
      gone('pcc-2', 'initiator'),
      peering('active'),
    ];
    const { provider } = fake({ 'peerings.list': [page(...script)] });
    const found = await collect(provider.peerings.list({ tombstones: true }));
    expect(found.map(({ id, state, tags }) => [id, state, tags['from']])).toEqual([
      ['pcc-1', 'active', undefined],
      ['pcc-2', 'deleted', 'initiator'],
    ]);
  });

  it.each([
    ['stays', [pageOf('a'), pageOf('a')], 2],
    ['goes in a circle', [pageOf('a'), pageOf('b'), pageOf('a')], 3],
  ])('list ends with Unknown when the cursor of the cloud %s', async (_, pages, calls) => {
    const { provider, asked } = fake({ 'peerings.list': pages });
    const error = await rejection(collect(provider.peerings.list()));
    expect([error.code, asked.length]).toEqual(['Unknown', calls]);
  });

  it('list ends with Unknown when the pages never end', async () => {
    let pages = 0;
    const { provider } = fake({ 'peerings.list': [() => ({ items: [], next: String(++pages) })] });
    const error = await rejection(collect(provider.peerings.list()));
    expect([error.code, error.details.operation, pages]).toEqual(['Unknown', 'peerings.list', 2_000]);
  });

  it('list merges the readings of the two sides, in whatever order they come', async () => {
    const token = new NativeToken<string>('fake.record');
    const hop = (id: string) => ({ kind: 'peering', id }) as const;
    const base = peering('pending-acceptance', { name: 'mine', tags: { a: '1' } });
    const initiators = attachNative(
      { ...base, initiator: { ...base.initiator, nextHop: hop('qpif-1') } },
      token,
      'record',
    );
    const acceptors = peering('pending-acceptance', {
      ...acceptNext,
      seenFrom: 'acceptor',
      name: 'theirs',
      acceptor: { ...base.acceptor, nextHop: hop('qpif-2') },
    });
    for (const both of [
      [initiators, acceptors],
      [acceptors, initiators],
    ]) {
      const { provider } = fake({ 'peerings.list': [page(...both)] });
      const [merged, ...rest] = await collect(provider.peerings.list());
      expect(rest).toEqual([]);
      expect(merged).toMatchObject({ name: 'mine', seenFrom: 'initiator', tags: { a: '1' }, ...acceptNext });
      expect([merged?.initiator.nextHop?.id, merged?.acceptor.nextHop?.id]).toEqual(['qpif-1', 'qpif-2']);
      expect(merged && nativeOf(merged, token)).toBe('record');
    }
    expect(mergeSides(initiators, acceptors)).toEqual(mergeSides(acceptors, initiators));
    expect(PEERING_SIDES.map(otherSide)).toEqual(['acceptor', 'initiator']);
  });

  it('reject asks the driver, once', async () => {
    const { provider, members } = fake({ 'peerings.reject': [undefined, lost] });
    await provider.peerings.reject(PEERING);
    expect((await rejection(provider.peerings.reject(PEERING))).details.outcome).toBe('unknown');
    expect(members()).toEqual(['peerings.reject', 'peerings.reject']);
  });

  it('dryRun asks the driver, and passes on a read-only provider', async () => {
    const { provider, members } = fake({ 'peerings.dryRun': [undefined, fail('QuotaExceeded')] }, { readOnly: true });
    await provider.peerings.dryRun(request);
    expect((await rejection(provider.peerings.dryRun(request))).code).toBe('QuotaExceeded');
    expect(members()).toEqual(['peerings.dryRun', 'peerings.dryRun']);
  });
});

describe('update', () => {
  it('makes one change after the other and waits for each', async () => {
    const { provider, asked } = fake({
      'peerings.update': [undefined],
      'peerings.get': [
        peering('active'),
        peering('updating'),
        peering('active'),
        peering('active'),
        peering('active'),
        peering('active', { dnsSync: 'turning-on' }),
        peering('active', { dnsSync: 'on' }),
      ],
    });
    await provider.peerings.update(
      PEERING,
      {
        dnsSync: true,
        deletionProtection: false,
        bandwidthMbps: 20,
        setTags: { a: '1' },
        removeTags: ['b'],
        name: 'shop',
      },
      { side: 'acceptor' },
    );
    const kinds = asked.map(({ member, args }) =>
      member === 'peerings.update' ? (args[2] as PeeringChange).kind : 'read',
    );
    expect(kinds).toEqual([
      ...['deletionProtection', 'read', 'labels', 'read', 'read', 'tags', 'read'],
      ...['bandwidth', 'read', 'dnsSync', 'read', 'read'],
    ]);
    expect(new Set(asked.map(({ args }) => args[1]))).toEqual(new Set(['acceptor']));
    expect(asked[5]?.args[2]).toEqual({ kind: 'tags', set: { a: '1' }, remove: ['b'] });
  });

  it('checks everything first, and does nothing for nothing', async () => {
    const { provider, members } = fake({ 'peerings.update': [undefined] });
    expect((await rejection(provider.peerings.update(PEERING, { name: 'shop', bandwidthMbps: -1 }))).code).toBe(
      'InvalidArgument',
    );
    await provider.peerings.update(PEERING, {});
    await provider.peerings.update(PEERING, { setTags: {}, removeTags: [] });
    expect(members()).toEqual([]);
    await provider.peerings.update(PEERING, { name: 'shop' }, { wait: false });
    expect(members()).toEqual(['peerings.update']);
  });

  it('suspends and resumes', async () => {
    const { provider, asked } = fake({
      'peerings.update': [undefined],
      'peerings.get': [peering('updating'), peering('inactive')],
    });
    await provider.peerings.suspend(PEERING);
    await provider.peerings.resume(PEERING, { side: 'acceptor', mechanism: 'string' });
    const changes = asked.filter(({ member }) => member === 'peerings.update').map(({ args }) => args.slice(1));
    expect(changes).toEqual([
      ['initiator', { kind: 'suspended', suspended: true }],
      ['acceptor', { kind: 'suspended', suspended: false }],
    ]);
  });
});

describe('every call', () => {
  it('is refused before the driver is asked when it writes on a read-only provider', async () => {
    const script = { 'peerings.get': [peering('pending-acceptance', { ...sameAccount, ...acceptNext })] };
    const { provider, members } = fake(script, { readOnly: true, careless: true });
    const { peerings } = provider;
    for (const act of [
      () => peerings.create(request),
      () => peerings.accept(PEERING),
      () => peerings.reject(PEERING),
      () => peerings.update(PEERING, { name: 'shop' }),
      () => peerings.suspend(PEERING),
      () => peerings.delete(PEERING),
    ]) {
      const error = await rejection(act());
      expect([error.code, error.details.remedy]).toEqual(['FailedPrecondition', expect.stringContaining('only read')]);
    }
    expect(members()).toEqual([]);
    // a step that a reading asks for is a write too, and not one to be tried for ten seconds
    expect((await rejection(peerings.settle(PEERING, 'initiator'))).code).toBe('FailedPrecondition');
    expect(members()).toEqual(['peerings.get']);
  });

  it('says where it happened and no secret', async () => {
    const foreign = Object.assign(new Error(`GET /?Signature=${SECRET}`), { url: SECRET });
    const native = fail('Unknown', { resource: SECRET, remedy: `x ${SECRET}`, nativeCode: 'Odd', requestId: 'r-1' });
    for (const thrown of [foreign, native]) {
      const { provider } = fake({ 'peerings.get': [thrown] });
      const error = await rejection(provider.peerings.get(PEERING));
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(SECRET);
      expect(error.details).toMatchObject({ provider: 'fake', operation: 'peerings.get' });
    }
    const { provider, retried } = fake({ 'peerings.get': [new PeerwayError('Throttled', SECRET), peering('active')] });
    await provider.peerings.get(PEERING);
    expect(retried).toEqual(['Throttled [secret]']);
  });

  it("has a signal of its own, aborted with the caller's", async () => {
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const { provider } = fake({
      'peerings.get': [
        (...args: unknown[]) => {
          const { signal } = args.at(-1) as { signal: AbortSignal };
          signals.push(signal);
          if (signals.length === 2) controller.abort(new Error(SECRET));
          return peering(signal.aborted ? 'failed' : 'active');
        },
      ],
    });
    await provider.peerings.get(PEERING, { signal: controller.signal });
    expect((await provider.peerings.get(PEERING, { signal: controller.signal })).state).toBe('failed');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(caught(() => networkId(''))?.code).toBe('InvalidArgument');
  });
});
