/** The portable Links, Networks and Provider over a scripted driver. */
import { describe, expect, it } from '@jest/globals';
import {
  linkId,
  NativeToken,
  networkId,
  parseCidr,
  type ItemOutcome,
  type LinkCreate,
  type LinkRequest,
  type ProviderCapabilities,
  type RouteRequest,
} from '@peerway/core';
import {
  CAPABILITIES,
  fake,
  link,
  LINK,
  network,
  no,
  page,
  pageOf,
  route,
  TABLE,
  WEB,
  LINE as wanted,
} from './fakeProvider.js';
import { collect, fail, lost, rejection } from './support.js';

const ok: ItemOutcome = { ok: true };
const A = '10.1.0.0/16';
const asking = (destination: string, more: Partial<RouteRequest> = {}): RouteRequest => ({
  network: WEB,
  table: TABLE,
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: 'pcc-1' },
  ...more,
});
describe('links', () => {
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
        link('pending-acceptance', { next: 'continue' }),
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
    const others = [
      link('active', { id: linkId('vbr-7'), vlan: 31 }),
      link('active', { id: linkId('vbr-8'), name: 'theirs' }),
      link('failed', { id: linkId('vbr-9') }),
    ];
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
  });

  it('suspends, resumes, reads and deletes in steps', async () => {
    const { provider, asked, counts } = fake({
      'links.update': [undefined],
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
    expect(asked.filter(({ member }) => member === 'links.update').map(({ args }) => args[1])).toEqual([
      { kind: 'suspended', suspended: true },
      { kind: 'suspended', suspended: false },
    ]);
    await provider.links.delete(LINK);
    expect(counts()).toEqual({ 'links.update': 2, 'links.get': 6, 'links.delete': 2 });
    expect(await collect(provider.links.list())).toHaveLength(1);
    expect(await provider.links.find(LINK)).toBeUndefined();
  });
});

describe('changes of links, routes and settings', () => {
  it('makes one change after the other, each settled, all checked before the first', async () => {
    const { provider, asked } = fake({
      'links.update': [undefined],
      'links.get': [link('updating'), link('active')],
    });
    await provider.links.update(LINK, {
      name: 'line',
      setTags: { team: 'net' },
      removeTags: ['old'],
      bandwidthMbps: 100,
      addresses: { cloudIp: '10.255.0.5/30', customerIp: '10.255.0.6' },
      settings: { names: ['circuit', 'left'], values: { circuit: 'a' } },
    });
    expect(asked.filter(({ member }) => member === 'links.update').map(({ args }) => args[1])).toEqual([
      { kind: 'settings', names: ['left'], values: { circuit: 'a' } },
      { kind: 'labels', name: 'line' },
      { kind: 'tags', set: { team: 'net' }, remove: ['old'] },
      { kind: 'bandwidth', bandwidthMbps: 100 },
      { kind: 'addresses', cloudIp: '10.255.0.5/30', customerIp: '10.255.0.6' },
      { kind: 'settings', names: ['circuit'], values: { circuit: 'a' } },
    ]);
    const before = asked.length;
    const wrong = provider.links.update(LINK, {
      name: 'other',
      addresses: { cloudIp: '10.255.0.5/30', customerIp: '10.255.1.6' },
    });
    expect((await rejection(wrong)).code).toBe('InvalidArgument');
    expect(asked.length).toBe(before);
  });

  it('returns from a change when the link waits for us and not for the cloud', async () => {
    const { provider, counts } = fake({
      'links.update': [undefined],
      'links.get': [link('provisioning', { next: 'continue' })],
    });
    await provider.links.update(LINK, { name: 'line' });
    expect(counts()).toEqual({ 'links.update': 1, 'links.get': 1 });
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
        (_network: unknown, _table: unknown, _cursor: unknown, call: { admit(request: object): Promise<unknown> }) =>
          call.admit({ nativeOperation: 'Activate', mutating: true }),
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

  it('hands out what the driver keeps for a token', () => {
    const token = new NativeToken<object>('fake.client');
    const client = {};
    const { provider } = fake({}, { native: new Map([[token, client]]) });
    expect(provider.native(token)).toBe(client);
    expect(provider.native(new NativeToken('other'))).toBeUndefined();
  });

  it('is closed when its driver is', async () => {
    const order: string[] = [];
    const close = async (): Promise<void> => {
      await new Promise(setImmediate);
      order.push('driver');
    };
    await fake({}, { driver: { close } })
      .provider.close()
      .then(() => order.push('provider'));
    expect(order).toEqual(['driver', 'provider']);
  });

  it('gives up repeating when nothing more is to begin', async () => {
    const stop = new AbortController();
    const { provider, counts } = fake(
      { 'networks.get': [fail('Throttled')] },
      { environment: { observer: { callRetried: () => stop.abort() } } },
    );
    const asked = provider.networks.get(networkId('vpc-1'), { stopRepeating: stop.signal });
    expect((await rejection(asked)).code).toBe('Canceled');
    expect(counts()).toEqual({ 'networks.get': 1 });
  });

  it('closes its driver once, however many hold it', async () => {
    const { provider, members } = fake({});
    await Promise.all([provider.readOnly().close(), provider.close(), provider.close()]);
    expect(members()).toEqual(['close']);
  });
});
