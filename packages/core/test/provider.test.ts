/** What a Provider says of itself, what its listings pass on, whom its observers hear, and what the helpers of a driver do. */
import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  attachNative,
  bothObservers,
  cidrEquals,
  DEFAULT_RETRY_POLICY,
  freshly,
  NativeToken,
  nativeOf,
  networkId,
  parseCidr,
  portId,
  readEach,
  wrongIn,
  type Connection,
  type ItemOutcome,
  type RequestObserver,
  type Shape,
  type Unreadable,
} from '@peerway/core';
import {
  ALICE,
  CAPABILITIES,
  fake,
  HOME,
  network,
  no,
  page,
  peering,
  route,
  TABLE,
  WEB,
  type FakeOptions,
} from './fakeProvider.js';
import { caught, collect, fail, rejection } from './support.js';

describe('a provider', () => {
  it('is told apart by cloud, address, account, region and credentials', () => {
    const identity = (settings: FakeOptions['settings'] = {}, account?: typeof ALICE) =>
      fake({}, { settings, ...(account === undefined ? {} : { account }) }).provider.identity;
    const same = { credentials: 'c' };
    expect(identity(same)).toBe(identity(same));
    const others = [
      identity(same),
      identity({ credentials: 'd' }),
      identity({ ...same, endpoint: 'https://there.example' }),
      identity({ ...same, region: 'there' as typeof HOME }),
      identity(same, ALICE),
      identity(),
      identity(), // whoever says nothing of its credentials is like nobody else
    ];
    expect(new Set(others).size).toBe(others.length);
    const { provider } = fake({});
    expect(provider.readOnly().identity).toBe(provider.identity);
  });

  it('knows its own account and connections where the driver does', async () => {
    const connections: Connection[] = [{ endpoint: 'https://cloud.example' }];
    const told = fake(
      {},
      {
        driver: {
          connections,
          ownAccount: async (call) => {
            (await call.admit({ nativeOperation: 'WhoAmI', mutating: false }))({ httpStatus: 200, durationMs: 1 });
            return ALICE;
          },
        },
      },
    );
    expect(await told.provider.readOnly().ownAccount()).toBe(ALICE);
    expect(told.sent).toEqual(['WhoAmI']);
    expect(told.provider.connections).toBe(connections);
    const silent = fake({}).provider;
    expect([await silent.ownAccount(), silent.connections]).toEqual([undefined, []]);
  });

  it('says what its entry and its plugin say', () => {
    const { provider } = fake({}, { account: ALICE });
    expect(provider).toMatchObject({
      name: 'mine',
      region: HOME,
      account: ALICE,
      id: 'fake',
      displayName: 'Fake cloud',
      capabilities: CAPABILITIES,
    });
  });

  it('repeats as its policy says, and as often as a call says', async () => {
    const busy = { 'networks.get': [fail('Conflict')] };
    const { provider, counts } = fake(busy);
    const never = provider.withRetryPolicy({ ...DEFAULT_RETRY_POLICY, settleForMs: 0 });
    expect((await rejection(never.networks.get(networkId('vpc-1')))).code).toBe('Conflict');
    expect(counts()).toEqual({ 'networks.get': 1 });
    const impatient = fake(busy);
    expect((await rejection(impatient.provider.networks.get(networkId('vpc-1'), { settleForMs: 0 }))).code).toBe(
      'Conflict',
    );
    expect(impatient.counts()).toEqual({ 'networks.get': 1 });
    // what cannot write cannot by another policy either
    const reader = provider.readOnly().withRetryPolicy(DEFAULT_RETRY_POLICY);
    expect((await rejection(reader.peerings.reject(peering('active').id))).code).toBe('FailedPrecondition');
    const watched = provider.readOnly().observedBy({});
    expect((await rejection(watched.peerings.reject(peering('active').id))).code).toBe('FailedPrecondition');
  });

  it('keeps its rate together with other processes under a name that they give it too', async () => {
    const names: string[] = [];
    const sharedRate = {
      reserve: async (account: string) => {
        names.push(account);
        return { firstInMs: 0, spacingMs: 1 };
      },
    };
    const asked = async (options: FakeOptions): Promise<void> => {
      const { provider } = fake({ 'networks.get': [[network('vpc-1')]] }, { environment: { sharedRate }, ...options });
      await provider.networks.get(networkId('vpc-1'));
    };
    const settings = { callsPerSecond: 5, credentials: 'c' };
    await asked({ settings });
    await asked({ settings, account: ALICE });
    await asked({ settings: { ...settings, endpoint: 'https://x.example' } });
    expect(names).toEqual(['fake  credentials c', 'fake  account alice', 'fake https://x.example credentials c']);
  });
});

describe('a listing', () => {
  const item: Unreadable = {
    id: 'pcc-9',
    networks: [WEB],
    description: 'theirs',
    tags: {},
    error: fail('Unknown', { nativeCode: 'ODD' }),
  };

  it('ends with the first item that nobody can read, unless somebody takes it', async () => {
    const script = { 'peerings.list': [{ items: [peering('active')], unreadable: [item, { ...item, id: 'pcc-8' }] }] };
    const error = await rejection(collect(fake(script).provider.peerings.list()));
    expect(error).toMatchObject({ code: 'Unknown' });
    expect(error.details).toMatchObject({ provider: 'fake', operation: 'peerings.list', resource: 'pcc-9' });
    const taken: Unreadable[] = [];
    const unreadable = (one: Unreadable): number => taken.push(one);
    expect(await collect(fake(script).provider.peerings.list({}, { unreadable }))).toHaveLength(1);
    expect(taken.map(({ id, networks, error: { details } }) => [id, networks, details.resource])).toEqual([
      ['pcc-9', [WEB], 'pcc-9'],
      ['pcc-8', [WEB], 'pcc-8'],
    ]);
  });

  it('tells of the parts of links that it comes upon', async () => {
    const part = { id: 'ri-1' };
    const script = { 'peerings.list': [{ items: [], linkParts: [part] }] };
    const parts: unknown[] = [];
    await collect(fake(script).provider.peerings.list({}, { linkPart: (one) => parts.push(one) }));
    expect(parts).toEqual([part]);
    expect(await collect(fake(script).provider.peerings.list())).toEqual([]);
  });

  it('gives a network once that stands on two pages', async () => {
    const { provider } = fake({ 'networks.list': [{ items: [network('a')], next: '2' }, page(network('a'))] });
    expect(await collect(provider.networks.list())).toHaveLength(1);
  });

  it('of a driver reads each record by itself', () => {
    const about = (id: string) => ({ id, networks: [], description: '', tags: {} });
    const read = (record: string): string | undefined => {
      if (record === 'odd') throw fail('Unknown');
      if (record === 'bad') throw fail('Internal');
      return record === 'other' ? undefined : record.toUpperCase();
    };
    expect(readEach(['a', 'other', 'b'], read, about)).toEqual({ items: ['A', 'B'] });
    const { items, unreadable } = readEach(['a', 'odd'], read, about);
    expect([items, unreadable?.map(({ id, error }) => [id, error.code])]).toEqual([['A'], [['odd', 'Unknown']]]);
    expect(caught(() => readEach(['bad'], read, about))?.code).toBe('Internal');
  });
});

describe('two observers', () => {
  it('hear the same, the first one first', () => {
    const heard: string[] = [];
    const joined = (seen: readonly unknown[]) => seen.join(' ');
    const observer = (name: string): Required<RequestObserver> => ({
      requestSent: (...seen) => heard.push(`${name} sent ${joined(seen)}`),
      requestAnswered: (...seen) => heard.push(`${name} answered ${joined(seen)}`),
      requestWaited: (...seen) => heard.push(`${name} waited ${joined(seen)}`),
      callFailed: (...seen) => heard.push(`${name} failed ${joined(seen)}`),
      callRetried: (...seen) => heard.push(`${name} retried ${joined(seen)}`),
      limitLearned: (...seen) => heard.push(`${name} learned ${joined(seen)}`),
    });
    const word = <T>(text: string): T => text as T;
    const tell = (to: RequestObserver): void => {
      to.requestSent?.('p', word('r'));
      to.requestAnswered?.('p', word('r'), word('o'));
      to.requestWaited?.('p', word('r'), 7);
      to.callFailed?.('p', word('e'));
      to.callRetried?.('p', word('e'), 8);
      to.limitLearned?.('p', word('c'));
    };
    const expected = ['sent p r', 'answered p r o', 'waited p r 7', 'failed p e', 'retried p e 8', 'learned p c'];
    tell(bothObservers(observer('a'), observer('b')));
    expect(heard).toEqual(expected.flatMap((what) => [`a ${what}`, `b ${what}`]));
    tell(bothObservers({}, {}));
    const alone = observer('c');
    expect(bothObservers(undefined, alone)).toBe(alone);
  });

  it('hear of calls that fail, each time', async () => {
    const failed: string[] = [];
    const { provider } = fake(
      { 'networks.get': [fail('Throttled'), fail('NotFound')] },
      {
        environment: {
          observer: { callFailed: (id, { code, details }) => failed.push(`${id} ${code} ${details.operation}`) },
        },
      },
    );
    await rejection(provider.networks.get(networkId('vpc-1')));
    expect(failed).toEqual(['fake Throttled networks.get', 'fake NotFound networks.get']);
  });
});

describe('the description of a route', () => {
  const ok: ItemOutcome = { ok: true };
  it('is changed where the cloud can, within its limit, by a driver that has the verb', async () => {
    const { provider, asked } = fake({ 'routes.describe': [undefined] });
    await provider.routes.describe(route('10.1.0.0/16'), 'new');
    expect(asked.map(({ args }) => args)).toEqual([[route('10.1.0.0/16'), 'new']]);
    expect((await rejection(provider.routes.describe(route('10.1.0.0/16'), ''))).details.place).toBe('description');
    const routes = CAPABILITIES.routes;
    const cannot = fake(
      {},
      { capabilities: { ...CAPABILITIES, routes: { ...routes, features: { ...routes.features, relabel: no } } } },
    );
    expect((await rejection(cannot.provider.routes.describe(route('10.1.0.0/16'), 'new'))).code).toBe('Unsupported');
    const lacking = fake({}, { lacks: ['routes.describe'] });
    expect((await rejection(lacking.provider.routes.describe(route('10.1.0.0/16'), 'new'))).message).toContain(
      'routes.describe',
    );
    expect(asked).toHaveLength(1);
  });

  it('is not waited for where a route is there at once, and a table is read with the hops that are known', async () => {
    const hops = new Map([['pcc-1', { kind: 'peering', live: true } as const]]);
    const { provider, asked, counts } = fake(
      { 'routes.createMany': [[ok]], 'routes.tables': [[]], 'routes.list': [page()] },
      { capabilities: { ...CAPABILITIES, routes: { ...CAPABILITIES.routes, immediate: true } } },
    );
    const wanted = {
      network: WEB,
      table: TABLE,
      destination: parseCidr('10.1.0.0/16'),
      nextHop: route('10.1.0.0/16').nextHop,
    };
    await provider.routes.createMany([{ ...wanted, clientToken: 'mine' }]);
    expect(counts()).toEqual({ 'routes.createMany': 1 });
    expect(asked[0]?.args[0]).toEqual([{ ...wanted, clientToken: 'mine' }]);
    await provider.routes.tables(WEB, { hops });
    await collect(provider.routes.list(WEB, TABLE, { hops }));
    expect(asked.slice(1).map(({ args }) => args)).toEqual([
      [WEB, hops],
      [WEB, TABLE, undefined, hops],
    ]);
  });
});

describe('what a driver is helped with', () => {
  it('acts on what was seen, and reads when that may have been of another moment', async () => {
    const acts = async (seen: string | undefined, first: unknown): Promise<unknown[]> => {
      const acted: unknown[] = [];
      const act = async (on: string) => {
        acted.push(on);
        if (acted.length === 1 && first !== undefined) throw first as Error;
        return on;
      };
      try {
        acted.push('→', await freshly(seen, async () => 'read', act));
      } catch (error) {
        acted.push(error);
      }
      return acted;
    };
    expect(await acts('seen', undefined)).toEqual(['seen', '→', 'seen']);
    expect(await acts(undefined, undefined)).toEqual(['read', '→', 'read']);
    for (const code of ['NotFound', 'Conflict', 'FailedPrecondition', 'InvalidArgument'] as const)
      expect(await acts('seen', fail(code))).toEqual(['seen', 'read', '→', 'read']);
    for (const error of [fail('PermissionDenied'), new Error('odd')])
      expect(await acts('seen', error)).toEqual(['seen', error]);
    const refused = fail('NotFound');
    expect(await acts(undefined, refused)).toEqual(['read', refused]);
  });

  it('keeps several records beside one object', () => {
    const [a, b] = [new NativeToken<string>('a'), new NativeToken<string>('b')];
    const object = attachNative(attachNative({}, a, 'x'), b, 'y');
    expect([nativeOf(object, a), nativeOf(object, b), nativeOf({}, a)]).toEqual(['x', 'y', undefined]);
  });

  it('has the cloud’s ids as they are, and none that nobody could send', () => {
    for (const bad of ['', ' ', 'a b', 'a\u200b', 7 as never])
      expect(caught(() => portId(bad))?.code).toBe('InvalidArgument');
    expect([portId('dcpoc-1/2'), accountId('unknown-0123456'), accountId('xunknown-01234567')]).toEqual([
      'dcpoc-1/2',
      'unknown-0123456',
      'xunknown-01234567',
    ]);
    expect(caught(() => accountId('unknown-01234567'))?.code).toBe('InvalidArgument');
    expect(accountId('unknown-012345678')).toBe('unknown-012345678');
  });

  it.each<[Shape, readonly unknown[], readonly unknown[]]>([
    ['text', ['', 'a b'], [7, null, [], {}]],
    ['name', ['a', ' '], ['', 7]],
    ['word', ['a', 'a/b?#\\'], ['', 'a b', 'a\u200b', 7]],
    ['id', ['a', 'a.b:c'], ['', 'a b', 'a\u200b', 'a/b', 'a?', 'a#', 'a\\b', 7]],
    ['prefix', ['10.0.0.0/8', '10.0.0.1/8', '::/0'], ['10.0.0.0', 'x', '', 8]],
    ['address', ['10.0.0.1', '::1', '10.0.0.1/30', 'fd00::1/64'], ['10.0.0', 'x', '', 8, ['10.0.0.1']]],
    ['instant', ['2026-11-20T00:00:00Z', ''], [0, null]],
    [
      'integer',
      [0, -7, '0', '-7', '12345678901234567890'],
      [1.5, '1.5', '', '123456789012345678901', 'x1', '1x', true],
    ],
    ['flag', [true, false], ['true', 0, null]],
    [{ least: 0, most: 2 }, [0, 2, '1'], [-1, 3, 1.5, '', null]],
    [{ list: 'flag' }, [[], [true]], [{}, 'x', [1], null]],
  ])('fits %j', (shape, good, bad) => {
    for (const value of good) expect(wrongIn(shape, value)).toBeUndefined();
    for (const value of bad) expect(wrongIn(shape, value, 'x')).toMatch(/^x(\[0\])? is .* and not /);
    expect(wrongIn(shape, undefined, 'x')).toBe('x is missing');
  });

  it('says what stands where something else belongs', () => {
    const wrong = (shape: Shape, value: unknown) => wrongIn(shape, value);
    const kinds = [null, [], '', 'x', {}, 7, true].map((value) => wrong({ least: 1, most: 2 }, value));
    expect(kinds).toEqual(
      ['null', 'a list', 'an empty text', 'another text', 'an object', 'a number', 'a boolean'].map(
        (kind) => `it is ${kind} and not a whole number from 1 to 2`,
      ),
    );
    expect(
      (['text', 'word', 'id', 'prefix', 'address', 'instant', 'integer', 'flag'] as const).map((one) => wrong(one, {})),
    ).toEqual(
      ['a text', 'a word', 'an id', 'a prefix', 'an address', 'an instant', 'a whole number', 'true or false'].map(
        (what) => `it is an object and not ${what}`,
      ),
    );
    // what may be absent may be null or empty too, but no list or object may be empty text
    const may: Shape = { must: {}, may: { a: 'flag', b: { list: 'flag' }, c: { must: {} } } };
    expect(wrong(may, { a: '', b: null, c: undefined })).toBeUndefined();
    expect([wrong(may, { b: '' }), wrong(may, { c: '' }), wrong(may, { a: 1 })]).toEqual([
      'b is an empty text and not a list',
      'c is an empty text and not an object',
      'a is a number and not true or false',
    ]);
    expect(cidrEquals(parseCidr('10.0.0.0/8'), parseCidr('10.0.0.0/9'))).toBe(false);
  });
});
