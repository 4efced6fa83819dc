/** The portable Routes, Links, Networks and Provider over a scripted driver. */
import { describe, expect, it } from '@jest/globals';
import {
  networkId,
  PeerwayError,
  portId,
  routeKey,
  routeTableId,
  sameRouteKey,
  parseCidr,
  type Cidr,
  type ErrorCode,
  type ErrorDetails,
  type ItemOutcome,
  type LinkCreate,
  type LinkRequest,
  type ProviderCapabilities,
  type RouteCreate,
  type RouteFeature,
  type RouteRequest,
} from '@peerway/core';
import {
  CAPABILITIES,
  DATA,
  fake,
  link,
  LINK,
  network,
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
import { rejection } from './support.js';

const fail = (code: ErrorCode, details: ErrorDetails = {}): PeerwayError => new PeerwayError(code, code, details);
const lost = fail('Unavailable', { outcome: 'unknown' });
const ok: ItemOutcome = { ok: true };
const bad = (code: ErrorCode, details: ErrorDetails = {}): ItemOutcome => ({ ok: false, error: fail(code, details) });
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
};

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
const told = (outcomes: readonly ItemOutcome[]): string[] => outcomes.map((one) => (one.ok ? 'ok' : one.error.code));
const everything = page(route(A), route(B), route(C));

describe('routes.createMany', () => {
  const many = (script: Record<string, readonly Answer[]>, options?: FakeOptions) => fake(script, options);

  it('sends as few requests as the batch size allows, and waits for all of a table with one listing', async () => {
    const { provider, counts, inputs } = many({
      'routes.createMany': [[ok, ok], [ok]],
      'routes.list': [page(route(A), route(B, { state: 'provisioning' })), everything],
    });
    expect(told(await provider.routes.createMany([A, B, C].map((one) => asking(one))))).toEqual(['ok', 'ok', 'ok']);
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
    expect(told(await provider.routes.createMany(requests, { wait: false }))).toEqual(['ok', 'QuotaExceeded', 'ok']);
    expect(inputs<RouteCreate[]>('routes.createMany').map((batch) => batch.map((one) => one.network))).toEqual([
      [WEB, WEB],
      [DATA],
    ]);
  });

  it('goes one by one where there are no batches, and says nothing for nothing', async () => {
    const { provider, counts } = many(
      { 'routes.create': [undefined], 'routes.list': [everything] },
      { capabilities: withoutRoutes('createMany') },
    );
    expect(told(await provider.routes.createMany([asking(A), asking(B)]))).toEqual(['ok', 'ok']);
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
    expect(told(await provider.routes.createMany([A, B, C].map((one) => asking(one))))).toEqual(['ok', 'ok', 'ok']);
    const batches = inputs<RouteCreate[]>('routes.createMany').map((batch) =>
      batch.map(({ destination }) => destination),
    );
    expect(batches).toEqual([[A, B], [C], [A, C]]);
    expect(retried).toEqual(['Conflict Conflict', 'Throttled Throttled']);
    expect(clock.now() - START).toBeGreaterThanOrEqual(3_000);
  });

  it('gives up on a busy cloud after two minutes, and at once on what a whole request was refused for', async () => {
    const busy = many({ 'routes.createMany': [[bad('Conflict')]] });
    expect(told(await busy.provider.routes.createMany([asking(A)]))).toEqual(['Conflict']);
    expect(busy.clock.now() - START).toBeGreaterThanOrEqual(120_000);
    expect(busy.clock.now() - START).toBeLessThan(130_000);
    const refused = many({ 'routes.createMany': [fail('PermissionDenied')] });
    expect(told(await refused.provider.routes.createMany([asking(A), asking(B)]))).toEqual([
      'PermissionDenied',
      'PermissionDenied',
    ]);
    expect(refused.counts()).toEqual({ 'routes.createMany': 1 });
    // repeated by the retry policy already: not all over again
    const throttled = many({ 'routes.createMany': [fail('Throttled')] });
    expect(told(await throttled.provider.routes.createMany([asking(A)]))).toEqual(['Throttled']);
    expect(throttled.counts()).toEqual({ 'routes.createMany': 6 });
  });

  it('reads back after a lost answer and asks again only for what is missing', async () => {
    const { provider, inputs } = many({
      'routes.createMany': [lost, [ok]],
      'routes.list': [page(route(A)), page(route(A), route(B))],
    });
    expect(told(await provider.routes.createMany([asking(A), asking(B)]))).toEqual(['ok', 'ok']);
    expect(
      inputs<RouteCreate[]>('routes.createMany').map((batch) => batch.map(({ destination }) => destination)),
    ).toEqual([[A, B], [B]]);
  });

  it('takes AlreadyExists for its own work when an answer was lost a round before and the listing lagged', async () => {
    const { provider, members } = many({
      'routes.createMany': [lost, [bad('AlreadyExists')]],
      'routes.list': [page(), page(route(A))],
    });
    expect(told(await provider.routes.createMany([asking(A)]))).toEqual(['ok']);
    expect(members()).toEqual(['routes.createMany', 'routes.list', 'routes.createMany', 'routes.list', 'routes.list']);
  });

  it('does not take a route to somewhere else for its own work', async () => {
    const elsewhere = page(route(A, { nextHop: { kind: 'other', id: 'i-1' } }));
    const { provider } = many({ 'routes.createMany': [lost, [bad('AlreadyExists')]], 'routes.list': [elsewhere] });
    expect(told(await provider.routes.createMany([asking(A)]))).toEqual(['AlreadyExists']);
  });

  it('reads back for a single item of unknown outcome', async () => {
    const { provider, counts } = many({
      'routes.createMany': [[bad('Unavailable', { outcome: 'unknown' }), ok]],
      'routes.list': [everything],
    });
    expect(told(await provider.routes.createMany([asking(A), asking(B)], { wait: false }))).toEqual(['ok', 'ok']);
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
    expect(told(await short.provider.routes.createMany([asking(A), asking(B)], { wait: false }))).toEqual([
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
    expect(told(await provider.routes.deleteMany([route(A), route(B), route(C)]))).toEqual([
      'ok',
      'ok',
      'PermissionDenied',
    ]);
    expect(counts()).toEqual({ 'routes.deleteMany': 2, 'routes.list': 2 });
    await expect(provider.routes.delete(route(B), { wait: false })).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('reads back after a lost answer', async () => {
    const { provider, inputs } = fake({ 'routes.deleteMany': [lost, [ok]], 'routes.list': [page(route(B)), page()] });
    expect(told(await provider.routes.deleteMany([route(A), route(B)]))).toEqual(['ok', 'ok']);
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

describe('links', () => {
  const wanted: LinkRequest = {
    network: WEB,
    port: portId('pc-1'),
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    name: 'idc',
  };
  const withoutLinks = (...features: (keyof ProviderCapabilities['links']['features'])[]): ProviderCapabilities => ({
    ...CAPABILITIES,
    links: {
      ...CAPABILITIES.links,
      features: { ...CAPABILITIES.links.features, ...Object.fromEntries(features.map((one) => [one, no])) },
    },
  });

  it('create takes every step that a reading asks for', async () => {
    const { provider, members, inputs } = fake({
      'links.create': [LINK],
      'links.get': [
        link('provisioning'),
        link('inactive', { next: 'continue' }),
        link('provisioning', { next: 'continue' }),
        link('active'),
      ],
      'links.continue': [undefined, fail('FailedPrecondition')], // the second one was asked for by a reading that lagged
    });
    expect((await provider.links.create(wanted)).state).toBe('active');
    expect(members().map((member) => member.slice('links.'.length))).toEqual([
      'create',
      'get',
      'get',
      'continue',
      'get',
      'continue',
      'get',
    ]);
    expect(inputs<LinkCreate>('links.create')[0]).toMatchObject({ ...wanted, tags: {} });
    expect(inputs<LinkCreate>('links.create')[0]?.clientToken).toHaveLength(36);
  });

  it.each(['failed', 'inactive', 'deleting'] as const)('create fails when the link is %s', async (state) => {
    const { provider } = fake({ 'links.create': [LINK], 'links.get': [link(state)] });
    const error = await rejection(provider.links.create(wanted));
    expect([error.code, error.details.resource]).toEqual(['FailedPrecondition', 'vbr-1']);
  });

  it('finds a link made by a request whose answer was lost', async () => {
    const others = [link('active', { vlan: 31 }), link('active', { name: 'theirs' }), link('failed')];
    const { provider, inputs } = fake({
      'links.create': [lost, fail('AlreadyExists')],
      'links.list': [page(...others, link('provisioning'))],
    });
    expect(await provider.links.request(wanted)).toBe(LINK);
    expect(inputs('links.list')).toEqual([{ port: 'pc-1' }]);
    const taken = fake({ 'links.create': [lost, fail('AlreadyExists')], 'links.list': [page(...others)] });
    expect((await rejection(taken.provider.links.request(wanted))).code).toBe('AlreadyExists');
  });

  it.each<[string, Partial<LinkRequest>]>([
    ['VLAN 1', { vlan: 1 }],
    ['VLAN 4001', { vlan: 4_001 }],
    ['half a VLAN', { vlan: 30.5 }],
    ['a cloud address without prefix', { cloudIp: '10.255.0.1' }],
    ['a customer address with prefix', { customerIp: '10.255.0.2/30' }],
    ['a customer address of another prefix', { customerIp: '10.255.0.6' }],
    ['a customer address of the other family', { customerIp: '::aff:2' }],
    ['the same address twice', { customerIp: '10.255.0.1' }],
    ['an odd bandwidth', { bandwidthMbps: 60 }],
    ['an empty port', { port: '' as typeof wanted.port }],
  ])('refuses %s before any request', async (_, more) => {
    const { provider, asked } = fake({});
    expect((await rejection(provider.links.create({ ...wanted, ...more }))).code).toBe('InvalidArgument');
    expect(asked).toEqual([]);
  });

  it.each<[Parameters<typeof withoutLinks>[0], Partial<LinkRequest>]>([
    ['link', {}],
    ['description', { description: 'x' }],
    ['tags', { tags: { a: 'b' } }],
    ['bandwidth', { bandwidthMbps: 50 }],
  ])('refuses what needs the unsupported %s before any request', async (feature, more) => {
    const { provider, asked } = fake({}, { capabilities: withoutLinks(feature) });
    expect((await rejection(provider.links.create({ ...wanted, ...more }))).code).toBe('Unsupported');
    expect(asked).toEqual([]);
  });

  it('refuses every verb where there are no links, and names a driver that claims them and has none', async () => {
    const { provider, asked } = fake({}, { capabilities: withoutLinks('link') });
    const { provider: hollow } = fake({}, { lacks: ['links'] });
    for (const [links, code] of [
      [provider.links, 'Unsupported'],
      [hollow.links, 'Internal'],
    ] as const) {
      for (const act of [
        () => links.get(LINK),
        () => links.find(LINK),
        () => collect(links.list()),
        () => links.suspend(LINK),
        () => links.resume(LINK),
        () => links.delete(LINK),
      ])
        expect((await rejection(act())).code).toBe(code);
    }
    expect(asked).toEqual([]);
    const still = fake({}, { capabilities: withoutLinks('suspend') });
    expect((await rejection(still.provider.links.suspend(LINK))).code).toBe('Unsupported');
    const claims = fake({}, { lacks: ['links.setSuspended'] });
    expect((await rejection(claims.provider.links.suspend(LINK))).message).toContain('links.setSuspended');
  });

  it('suspends, resumes, reads and deletes in steps', async () => {
    const { provider, asked, counts } = fake({
      'links.setSuspended': [undefined],
      'links.get': [
        link('updating'),
        link('inactive'),
        link('active'),
        link('deleting'),
        link('provisioning', { next: 'continue' }),
        link('deleted'),
      ],
      'links.list': [page(link('active'), link('deleted'))],
      'links.delete': ['continue', 'started'],
    });
    await provider.links.suspend(LINK);
    await provider.links.resume(LINK);
    expect(asked.filter(({ member }) => member === 'links.setSuspended').map(({ args }) => args[1])).toEqual([
      true,
      false,
    ]);
    await provider.links.delete(LINK);
    expect(counts()).toEqual({ 'links.setSuspended': 2, 'links.get': 6, 'links.delete': 2 });
    expect(await collect(provider.links.list())).toHaveLength(1);
    expect(await provider.links.find(LINK)).toBeUndefined();
  });
});

describe('networks and provider', () => {
  it('reads each network once, in as few requests as the cloud allows, in the order asked', async () => {
    const { provider, inputs } = fake({ 'networks.get': [[network('vpc-2'), network('vpc-1')], []] });
    const ids = ['vpc-1', 'vpc-2', 'vpc-1', 'vpc-3'].map(networkId);
    expect((await provider.networks.getMany(ids)).map(({ id }) => id)).toEqual(['vpc-1', 'vpc-2']);
    expect(inputs('networks.get')).toEqual([['vpc-1', 'vpc-2'], ['vpc-3']]);
    expect(await provider.networks.getMany([])).toEqual([]);
    const error = await rejection(provider.networks.get(networkId('vpc-3')));
    expect([error.code, error.details.resource]).toEqual(['NotFound', 'vpc-3']);
  });

  it('lists networks page by page', async () => {
    const { provider } = fake({ 'networks.list': [pageOf('x', network('vpc-1')), page(network('vpc-2'))] });
    expect((await collect(provider.networks.list())).map(({ id }) => id)).toEqual(['vpc-1', 'vpc-2']);
  });

  it('does not loop for ever over capabilities that read no network at a time', () => {
    expect(() => fake({}, { capabilities: { ...CAPABILITIES, networksPerRead: 0 } })).toThrow(/less than 1/);
  });

  it('read-only: refuses what writes, also when only the driver knows that it does', async () => {
    const { provider } = fake({
      'links.delete': ['gone'],
      'routes.createMany': [[ok]],
      'routes.list': [page(route(A))],
    });
    const reader = provider.readOnly();
    expect(await collect(reader.routes.list(WEB, TABLE))).toHaveLength(1);
    expect((await rejection(reader.links.delete(LINK))).code).toBe('FailedPrecondition');
    expect((await rejection(reader.routes.create(asking(A)))).code).toBe('FailedPrecondition');
    // a driver whose reading would change the cloud is stopped at its own request
    const sneaky = fake({
      'routes.list': [
        (...args: unknown[]) =>
          (args.at(-1) as { begin(r: object): void }).begin({ nativeOperation: 'Activate', mutating: true }),
      ],
    });
    const error = await rejection(collect(sneaky.provider.readOnly().routes.list(WEB, TABLE)));
    expect(error.message).toBe('Activate would change the cloud in a read-only call');
    expect(sneaky.sent).toEqual(['Fake:routes.list']);
  });

  it('tells every observer of requests and answers, in order', async () => {
    const { provider, sent } = fake({ 'networks.get': [fail('Throttled'), [network('vpc-1')]] });
    const seen: string[] = [];
    const watched = provider.observedBy({
      requestSent: (id, { nativeOperation }) => seen.push(`${id} ${nativeOperation}`),
      requestAnswered: (_, __, { httpStatus }) => seen.push(String(httpStatus)),
      callRetried: (_, error) => seen.push(error.code),
    });
    await watched.readOnly().networks.get(networkId('vpc-1'));
    expect(seen).toEqual(['fake Fake:networks.get', '500', 'Throttled', 'fake Fake:networks.get', '200']);
    expect(sent).toHaveLength(2);
  });

  it('closes its driver once, however many hold it', async () => {
    const { provider, members } = fake({});
    await Promise.all([provider.readOnly().close(), provider.close(), provider.close()]);
    expect(members()).toEqual(['close']);
  });
});
