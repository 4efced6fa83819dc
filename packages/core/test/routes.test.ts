/** The portable Routes over a scripted driver: batches, lost answers, settling. */
import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_RETRY_POLICY,
  PeerwayError,
  routeId,
  routeKey,
  routeTableId,
  sameRouteKey,
  parseCidr,
  type Cidr,
  type ItemOutcome,
  type ProviderCapabilities,
  type RouteCreate,
  type RouteFeature,
  type RouteRequest,
} from '@peerway/core';
import {
  CAPABILITIES,
  DATA,
  fake,
  no,
  page,
  pageOf,
  route,
  SECRET,
  START,
  TABLE,
  WEB,
  type Answer,
  type FakeOptions,
} from './fakeProvider.js';
import { collect, fail, lost, rejection } from './support.js';

const ok: ItemOutcome = { ok: true };
const bad = (...error: Parameters<typeof fail>): ItemOutcome => ({ ok: false, error: fail(...error) });

const withoutRoutes = (...features: RouteFeature[]): ProviderCapabilities => ({
  ...CAPABILITIES,
  routes: {
    ...CAPABILITIES.routes,
    features: { ...CAPABILITIES.routes.features, ...Object.fromEntries(features.map((feature) => [feature, no])) },
  },
});

const [A, B, C] = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'] as const;
const asking = (destination: string, more: Partial<RouteRequest> = {}): RouteRequest => ({
  network: WEB,
  table: TABLE,
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: 'pcc-1' },
  ...more,
});
/** Codes of the outcomes, `ok` for those that went well. */
const codesOf = (outcomes: readonly ItemOutcome[]): string[] => outcomes.map((one) => (one.ok ? 'ok' : one.error.code));
const everything = page(route(A), route(B), route(C));

describe('routes.createMany', () => {
  const many = (script: Record<string, readonly Answer[]>, options?: FakeOptions) => fake(script, options);

  it('sends as few requests as the batch size allows, and waits for all of a table with one listing', async () => {
    const { provider, counts, inputs } = many({
      'routes.createMany': [[ok, ok], [ok]],
      'routes.list': [page(route(A), route(B, { state: 'provisioning' })), everything],
    });
    expect(codesOf(await provider.routes.createMany([A, B, C].map((one) => asking(one))))).toEqual(['ok', 'ok', 'ok']);
    expect(counts()).toEqual({ 'routes.createMany': 2, 'routes.list': 2 });
    const sent = inputs<RouteCreate[]>('routes.createMany').flat();
    expect(sent.map(({ destination }) => destination)).toEqual([A, B, C]);
    expect(new Set(sent.map(({ clientToken }) => clientToken)).size).toBe(3);
  });

  it('never mixes two networks in one batch, and keeps the order of the outcomes', async () => {
    const { provider, inputs } = many({
      'routes.createMany': [
        (batch: unknown) => (batch as RouteCreate[]).map((one) => (one.network === DATA ? bad('QuotaExceeded') : ok)),
      ],
    });
    const requests = [asking(A), asking(A, { network: DATA, table: routeTableId('rt-data') }), asking(B)];
    expect(codesOf(await provider.routes.createMany(requests, { wait: false }))).toEqual(['ok', 'QuotaExceeded', 'ok']);
    expect(inputs<RouteCreate[]>('routes.createMany').map((batch) => batch.map((one) => one.network))).toEqual([
      [WEB, WEB],
      [DATA],
    ]);
  });

  describe('where a batch takes several networks', () => {
    const wide: ProviderCapabilities = {
      ...CAPABILITIES,
      routes: { ...CAPABILITIES.routes, limits: { ...CAPABILITIES.routes.limits, batch: 5, networksPerBatch: 2 } },
    };
    const inData = (destination: string, hop = 'pcc-1'): RouteRequest =>
      asking(destination, { network: DATA, table: routeTableId('rt-data'), nextHop: { kind: 'peering', id: hop } });
    const destinations = (batches: RouteCreate[][]): string[][] =>
      batches.map((batch) => batch.map(({ network, destination }) => `${network} ${destination}`));
    const allOk = (batch: unknown): ItemOutcome[] => (batch as RouteCreate[]).map(() => ok);

    it('sends them together, but not two that an answer could confuse', async () => {
      const { provider, inputs } = many({ 'routes.createMany': [allOk, allOk] }, { capabilities: wide });
      const requests = [asking(A), inData(B), inData(A), inData(C, 'pcc-2')];
      expect(codesOf(await provider.routes.createMany(requests, { wait: false }))).toEqual(Array(4).fill('ok'));
      expect(destinations(inputs('routes.createMany'))).toEqual([
        [`${WEB} ${A}`, `${DATA} ${B}`, `${DATA} ${C}`],
        [`${DATA} ${A}`],
      ]);
    });

    it.each(['Conflict', 'FailedPrecondition', 'NotFound'] as const)(
      'after %s for all of them each network goes by itself, so that one that is refused stops no other',
      async (code) => {
        const refusing = (batch: unknown): ItemOutcome[] => {
          if ((batch as RouteCreate[]).some(({ network }) => network === DATA)) throw fail(code);
          return allOk(batch);
        };
        const { provider, inputs } = many(
          { 'routes.createMany': Array(40).fill(refusing) },
          { capabilities: wide, environment: { retryPolicy: { ...DEFAULT_RETRY_POLICY, settleForMs: 20_000 } } },
        );
        const outcomes = await provider.routes.createMany([asking(A), inData(B)], { wait: false });
        expect(codesOf(outcomes)).toEqual(['ok', code]);
        const sent = destinations(inputs('routes.createMany'));
        expect(sent.slice(0, 2)).toEqual([[`${WEB} ${A}`, `${DATA} ${B}`], [`${WEB} ${A}`]]);
        expect(sent.slice(2).every((batch) => batch.join() === `${DATA} ${B}`)).toBe(true);
      },
    );

    it.each([
      ['the cloud was too busy', 'Throttled', 6],
      ['they were refused', 'PermissionDenied', 3],
    ] as const)('asks for all of them as often as for one when %s (%s, %d requests)', async (_, code, times) => {
      const { provider, counts } = many({ 'routes.createMany': [fail(code)] }, { capabilities: wide });
      const outcomes = await provider.routes.createMany([asking(A), inData(B)], { wait: false });
      expect([codesOf(outcomes), counts()]).toEqual([[code, code], { 'routes.createMany': times }]);
    });
  });

  it('goes one by one where there are no batches, and says nothing for nothing', async () => {
    const { provider, counts } = many(
      { 'routes.create': [undefined], 'routes.list': [everything] },
      { capabilities: withoutRoutes('createMany') },
    );
    expect(codesOf(await provider.routes.createMany([asking(A), asking(B)]))).toEqual(['ok', 'ok']);
    expect(await provider.routes.createMany([])).toEqual([]);
    expect(counts()).toEqual({ 'routes.create': 2, 'routes.list': 1 });
  });

  it('tells partial failures apart, and explains each without a secret', async () => {
    const { provider } = many({
      'routes.createMany': [
        [ok, { ok: false, error: new PeerwayError('AlreadyExists', `there: ${SECRET}`) }],
        [bad('QuotaExceeded')],
      ],
      'routes.list': [everything],
    });
    const [first, second, third] = await provider.routes.createMany([A, B, C].map((one) => asking(one)));
    expect(first).toEqual(ok);
    expect(second?.ok === false && second.error.message).toBe('there: [secret]');
    expect(third?.ok === false && third.error.details).toEqual({
      provider: 'fake',
      operation: 'routes.create',
      resource: `${TABLE} ${C} *`,
    });
  });

  it('asks again only for those items that the cloud was too busy for', async () => {
    const { provider, inputs, retried, clock } = many({
      'routes.createMany': [[bad('Conflict'), ok], [bad('Throttled')], [ok, ok]],
      'routes.list': [everything],
    });
    expect(codesOf(await provider.routes.createMany([A, B, C].map((one) => asking(one))))).toEqual(['ok', 'ok', 'ok']);
    const batches = inputs<RouteCreate[]>('routes.createMany').map((batch) =>
      batch.map(({ destination }) => destination),
    );
    expect(batches).toEqual([[A, B], [C], [A, C]]);
    expect(retried).toEqual(['Conflict Conflict', 'Throttled Throttled']);
    expect(clock.now() - START).toBeGreaterThanOrEqual(3_000);
  });

  it('gives up on a busy cloud after two minutes, and at once on what a whole request was refused for', async () => {
    const busy = many({ 'routes.createMany': [[bad('Conflict')]] });
    expect(codesOf(await busy.provider.routes.createMany([asking(A)]))).toEqual(['Conflict']);
    expect(busy.clock.now() - START).toBeGreaterThanOrEqual(120_000);
    expect(busy.clock.now() - START).toBeLessThan(130_000);
    const refused = many({ 'routes.createMany': [fail('PermissionDenied')] });
    expect(codesOf(await refused.provider.routes.createMany([asking(A), asking(B)]))).toEqual([
      'PermissionDenied',
      'PermissionDenied',
    ]);
    expect(refused.counts()).toEqual({ 'routes.createMany': 1 });
    // repeated by the retry policy already: not all over again
    const throttled = many({ 'routes.createMany': [fail('Throttled')] });
    expect(codesOf(await throttled.provider.routes.createMany([asking(A)]))).toEqual(['Throttled']);
    expect(throttled.counts()).toEqual({ 'routes.createMany': 6 });
  });

  it('sends what is throttled, and what nobody answers, as often as any other call', async () => {
    const item = many({ 'routes.createMany': [[bad('Throttled')]] });
    expect(codesOf(await item.provider.routes.createMany([asking(A)]))).toEqual(['Throttled']);
    expect(item.counts()).toEqual({ 'routes.createMany': 6 });
    const silent = many({ 'routes.createMany': [lost], 'routes.list': [page()] });
    expect(codesOf(await silent.provider.routes.createMany([asking(A)]))).toEqual([lost.code]);
    expect(silent.counts()['routes.createMany']).toBe(6);
  });

  it('reads back after a lost answer and asks again only for what is missing', async () => {
    const { provider, inputs } = many({
      'routes.createMany': [lost, [ok]],
      'routes.list': [page(route(A)), page(route(A), route(B))],
    });
    expect(codesOf(await provider.routes.createMany([asking(A), asking(B)]))).toEqual(['ok', 'ok']);
    expect(
      inputs<RouteCreate[]>('routes.createMany').map((batch) => batch.map(({ destination }) => destination)),
    ).toEqual([[A, B], [B]]);
  });

  it('takes AlreadyExists for its own work when an answer was lost a round before and the listing lagged', async () => {
    const { provider, members } = many({
      'routes.createMany': [lost, [bad('AlreadyExists')]],
      'routes.list': [page(), page(route(A))],
    });
    expect(codesOf(await provider.routes.createMany([asking(A)]))).toEqual(['ok']);
    expect(members()).toEqual(['routes.createMany', 'routes.list', 'routes.createMany', 'routes.list', 'routes.list']);
  });

  it('does not take a route to somewhere else for its own work', async () => {
    const elsewhere = page(route(A, { nextHop: { kind: 'other', id: 'i-1' } }));
    const { provider } = many({ 'routes.createMany': [lost, [bad('AlreadyExists')]], 'routes.list': [elsewhere] });
    expect(codesOf(await provider.routes.createMany([asking(A)]))).toEqual(['AlreadyExists']);
  });

  it('reads back for a single item of unknown outcome', async () => {
    const { provider, counts } = many({
      'routes.createMany': [[bad('Unavailable', { outcome: 'unknown' }), ok]],
      'routes.list': [everything],
    });
    expect(codesOf(await provider.routes.createMany([asking(A), asking(B)], { wait: false }))).toEqual(['ok', 'ok']);
    expect(counts()).toEqual({ 'routes.createMany': 1, 'routes.list': 1 });
  });

  it.each<[string, RouteFeature[], number]>([
    ['with', ['createMany'], 2],
    ['without', ['createMany', 'clientToken'], 1],
  ])('repeats a single lost create %s tokens as far as that is safe', async (_, features, tries) => {
    const script = { 'routes.create': [lost, undefined], 'routes.list': [everything] };
    const { provider, counts } = many(script, { capabilities: withoutRoutes(...features) });
    await provider.routes.create(asking(A));
    expect(counts()['routes.create']).toBe(tries);
  });

  it('finds a driver that loses outcomes or claims a batch verb it has not', async () => {
    const short = many({ 'routes.createMany': [[ok]] });
    expect(codesOf(await short.provider.routes.createMany([asking(A), asking(B)], { wait: false }))).toEqual([
      'ok',
      'Internal',
    ]);
    const { provider } = many({}, { lacks: ['routes.createMany'] });
    expect((await rejection(provider.routes.create(asking(A)))).message).toContain('routes.createMany');
  });

  it('create throws what createMany tells, and the wait tells how far it came', async () => {
    const { provider } = many({ 'routes.createMany': [[bad('AlreadyExists')]] });
    expect((await rejection(provider.routes.create(asking(A)))).code).toBe('AlreadyExists');
    const slow = many({
      'routes.createMany': [[ok, ok]],
      'routes.list': [page(route(A), route(B, { state: 'deleting' }))],
    });
    const error = await rejection(slow.provider.routes.createMany([asking(A), asking(B)], { timeoutMs: 1_000 }));
    expect(error.message).toMatch(/waiting for routes to become active in rt-web; seen: 1 of 2 ×/);
    expect(error.details).toMatchObject({ provider: 'fake', resource: TABLE });
  });

  it.each<[string, string]>([
    ['the request', 'routes.createMany'],
    ['the reading back of a lost answer', 'routes.list'],
  ])('stops when the signal aborts %s, and tells no outcome', async (_, member) => {
    const controller = new AbortController();
    const abort = (): PeerwayError => {
      controller.abort();
      return fail('Canceled');
    };
    const { provider } = many({ 'routes.createMany': [lost], [member]: [abort] });
    const error = await rejection(provider.routes.createMany([asking(A)], { signal: controller.signal }));
    expect(error.code).toBe('Canceled');
  });

  it('stops when the signal aborts', async () => {
    const controller = new AbortController();
    const abort = (): ItemOutcome[] => {
      controller.abort();
      return [bad('Conflict')];
    };
    const { provider } = many({ 'routes.createMany': [abort] });
    expect((await rejection(provider.routes.createMany([asking(A)], { signal: controller.signal }))).code).toBe(
      'Canceled',
    );
  });

  it.each<[RouteFeature, Partial<RouteRequest>]>([
    ['explicit', {}],
    ['source', { source: parseCidr('10.9.0.0/16') }],
    ['ipv6', { destination: parseCidr('2001:db8::/32') }],
  ])('refuses what needs the unsupported %s before any request', async (feature, more) => {
    const { provider, asked } = many({}, { capabilities: withoutRoutes(feature) });
    expect((await rejection(provider.routes.createMany([asking(A), asking(B, more)]))).code).toBe('Unsupported');
    if (feature === 'explicit') expect((await rejection(provider.routes.delete(route(A)))).code).toBe('Unsupported');
    expect(asked).toEqual([]);
  });

  it.each<[string, Partial<RouteRequest>]>([
    ['host bits', { destination: '10.0.0.1/8' as Cidr }],
    ['a bad source', { source: '010.0.0.0/8' as Cidr }],
    ['an empty table', { table: '' as typeof TABLE }],
    ['a long description', { description: 'x'.repeat(21) }],
  ])('refuses %s before any request', async (_, more) => {
    const { provider, asked } = many({});
    expect((await rejection(provider.routes.create(asking(A, more)))).code).toBe('InvalidArgument');
    expect(asked).toEqual([]);
  });

  it('gives the driver canonical prefixes, and drops a description that the cloud keeps none of', async () => {
    const { provider, inputs } = many(
      { 'routes.create': [undefined] },
      { capabilities: withoutRoutes('createMany', 'description') },
    );
    await provider.routes.create(asking(A, { destination: '2001:DB8:0::/32' as Cidr, description: 'x'.repeat(99) }), {
      wait: false,
    });
    expect(inputs<RouteCreate>('routes.create')[0]).not.toHaveProperty('description');
    expect(inputs<RouteCreate>('routes.create')[0]?.destination).toBe('2001:db8::/32');
  });
});

describe('routes.deleteMany and reading', () => {
  it('takes what is gone for success and waits until the rest is', async () => {
    const { provider, counts } = fake({
      'routes.deleteMany': [[ok, bad('NotFound')], [bad('PermissionDenied')]],
      'routes.list': [page(route(A, { state: 'deleting' }), route(C)), page(route(C))],
    });
    expect(codesOf(await provider.routes.deleteMany([route(A), route(B), route(C)]))).toEqual([
      'ok',
      'ok',
      'PermissionDenied',
    ]);
    expect(counts()).toEqual({ 'routes.deleteMany': 2, 'routes.list': 2 });
    await expect(provider.routes.delete(route(B), { wait: false })).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('goes one by one where there are no batches', async () => {
    const { provider, inputs } = fake(
      { 'routes.delete': [undefined], 'routes.list': [page()] },
      { capabilities: withoutRoutes('deleteMany') },
    );
    expect(codesOf(await provider.routes.deleteMany([route(A), route(B)]))).toEqual(['ok', 'ok']);
    expect(inputs('routes.delete')).toEqual([route(A), route(B)]);
  });

  it('holds one route in a batch where the cloud does not say how many it takes', async () => {
    const capabilities = { ...CAPABILITIES, routes: { ...CAPABILITIES.routes, limits: {} } };
    const { provider, inputs } = fake({ 'routes.deleteMany': [[ok]] }, { capabilities });
    await provider.routes.deleteMany([route(A), route(B)], { wait: false });
    expect(inputs('routes.deleteMany')).toEqual([[route(A)], [route(B)]]);
  });

  it('tells those of one destination and next hop apart by their ids', async () => {
    const [one, two] = [route(A, { id: routeId('rr-1') }), route(A, { id: routeId('rr-2') })];
    const { provider, inputs } = fake({ 'routes.deleteMany': [[ok, ok]] });
    await provider.routes.deleteMany([one, two], { wait: false });
    await provider.routes.deleteMany([route(A), route(A)], { wait: false });
    expect(inputs<unknown[]>('routes.deleteMany').map((batch) => batch.length)).toEqual([2, 1, 1]);
  });

  it('reads back after a lost answer', async () => {
    const { provider, inputs } = fake({ 'routes.deleteMany': [lost, [ok]], 'routes.list': [page(route(B)), page()] });
    expect(codesOf(await provider.routes.deleteMany([route(A), route(B)]))).toEqual(['ok', 'ok']);
    expect(inputs<RouteCreate[]>('routes.deleteMany').map((batch) => batch.length)).toEqual([2, 1]);
  });

  it('keeps the doubt when the table cannot be read', async () => {
    const { provider } = fake({ 'routes.deleteMany': [lost], 'routes.list': [fail('PermissionDenied')] });
    const [outcome] = await provider.routes.deleteMany([route(A)], { wait: false });
    expect(outcome?.ok === false && [outcome.error.code, outcome.error.details.outcome]).toEqual([
      'Unavailable',
      'unknown',
    ]);
  });

  it('lists page by page, as far as somebody reads', async () => {
    const { provider, counts } = fake({
      'routes.list': [pageOf('2', route(A), route(B)), page(route(C))],
      'routes.tables': [[]],
    });
    for await (const one of provider.routes.list(WEB, TABLE)) if (one.destination === A) break;
    expect(counts()).toEqual({ 'routes.list': 1 });
    expect(await collect(provider.routes.list(WEB, TABLE))).toHaveLength(1);
    expect(await provider.routes.tables(WEB)).toEqual([]);
  });

  it('identifies a route by table, destination and source', () => {
    const source = parseCidr('10.9.0.0/16');
    expect(sameRouteKey(route(A), route(A, { nextHop: { kind: 'other', id: 'x' } }))).toBe(true);
    for (const other of [route(B), route(A, { source }), route(A, { table: routeTableId('rt-2') })]) {
      expect(sameRouteKey(route(A), other)).toBe(false);
      expect(routeKey(route(A))).not.toBe(routeKey(other));
    }
    expect(sameRouteKey(route(A, { source }), route(A, { source }))).toBe(true);
  });
});

describe('a route that stands on two pages, because a page shifted meanwhile', () => {
  const numbered = route(A, { id: routeId('rr-1') });
  const other = { ...numbered, id: routeId('rr-2') };

  it('is given once; another one of the same destination is another one', async () => {
    const { provider } = fake({ 'routes.list': [{ items: [numbered, other], next: '2' }, page(numbered, route(B))] });
    expect(await collect(provider.routes.list(WEB, TABLE))).toEqual([numbered, other, route(B)]);
  });

  it('is told by its destination and next hop where the cloud numbers none', async () => {
    const hop = { kind: 'peering' as const, id: 'pcc-2' };
    const { provider } = fake({ 'routes.list': [page(route(A), route(A), route(A, { nextHop: hop }))] });
    expect(await collect(provider.routes.list(WEB, TABLE))).toEqual([route(A), route(A, { nextHop: hop })]);
  });

  it('nor twice in a table that came with its routes', async () => {
    const table = { id: TABLE, network: WEB, kind: 'main' as const, name: '', routes: [numbered, numbered, other] };
    const { provider } = fake({ 'routes.tables': [[table]] });
    expect((await provider.routes.tables(WEB))[0]?.routes).toEqual([numbered, other]);
  });
});
