/** What an error says of the verb that failed: every verb names itself and the object concerned. */
import { expect, it } from '@jest/globals';
import { networkId, parseCidr, routeKey, type Provider, type RouteRequest } from '@peerway/core';
import { DATA, fake, link, LINE, LINK, peering, PEERING, request, route, TABLE, WEB } from './fakeProvider.js';
import { collect, fail, rejection } from './support.js';

const ROUTE = route('10.1.0.0/16');
const WANTED: RouteRequest = {
  network: WEB,
  table: TABLE,
  destination: parseCidr('10.1.0.0/16'),
  nextHop: ROUTE.nextHop,
};
const VPC = networkId('vpc-1');

const VERBS: readonly (readonly [string, string | undefined, (provider: Provider) => Promise<unknown>])[] = [
  ['networks.get', VPC, ({ networks }) => networks.get(VPC)],
  ['networks.list', undefined, ({ networks }) => collect(networks.list())],
  ['peerings.create', `${WEB} → ${DATA}`, ({ peerings }) => peerings.request(request)],
  ['peerings.dryRun', undefined, ({ peerings }) => peerings.dryRun(request)],
  ['peerings.get', PEERING, ({ peerings }) => peerings.get(PEERING)],
  ['peerings.list', undefined, ({ peerings }) => collect(peerings.list())],
  ['peerings.accept', PEERING, ({ peerings }) => peerings.accept(PEERING)],
  ['peerings.reject', PEERING, ({ peerings }) => peerings.reject(PEERING)],
  [
    'peerings.continue',
    PEERING,
    ({ peerings }) =>
      peerings.advance(peering('provisioning', { next: { side: 'initiator', verb: 'continue' } }), 'initiator'),
  ],
  ['peerings.update', PEERING, ({ peerings }) => peerings.update(PEERING, { name: 'shop' })],
  ['peerings.suspend', PEERING, ({ peerings }) => peerings.suspend(PEERING)],
  ['peerings.resume', PEERING, ({ peerings }) => peerings.resume(PEERING)],
  ['peerings.delete', PEERING, ({ peerings }) => peerings.delete(PEERING)],
  ['routes.tables', WEB, ({ routes }) => routes.tables(WEB)],
  ['routes.list', TABLE, ({ routes }) => collect(routes.list(WEB, TABLE))],
  ['routes.create', routeKey(ROUTE), ({ routes }) => routes.create(WANTED)],
  ['routes.delete', routeKey(ROUTE), ({ routes }) => routes.delete(ROUTE)],
  ['routes.describe', routeKey(ROUTE), ({ routes }) => routes.describe(ROUTE, 'ours')],
  ['links.check', 'pc-1 vlan 30', ({ links }) => links.check(LINE)],
  ['links.create', `pc-1 vlan 30 → ${WEB}`, ({ links }) => links.request(LINE)],
  ['links.continue', LINK, ({ links }) => links.advance(link('provisioning', { next: 'continue' }), LINE)],
  ['links.get', LINK, ({ links }) => links.get(LINK)],
  ['links.list', undefined, ({ links }) => collect(links.list())],
  ['links.update', LINK, ({ links }) => links.update(LINK, { name: 'line' })],
  ['links.suspend', LINK, ({ links }) => links.suspend(LINK)],
  ['links.resume', LINK, ({ links }) => links.resume(LINK)],
  ['links.delete', LINK, ({ links }) => links.delete(LINK)],
];

const MEMBERS = [
  ...['networks.get', 'networks.list'],
  ...['create', 'get', 'list', 'accept', 'continue', 'reject', 'update', 'delete', 'dryRun'].map(
    (one) => `peerings.${one}`,
  ),
  ...['tables', 'list', 'create', 'createMany', 'delete', 'deleteMany', 'describe'].map((one) => `routes.${one}`),
  ...['check', 'create', 'continue', 'get', 'list', 'update', 'delete'].map((one) => `links.${one}`),
];

it.each(VERBS)('%s says that it was about %s', async (operation, resource, act) => {
  const { provider } = fake(Object.fromEntries(MEMBERS.map((member) => [member, [fail('PermissionDenied')]])));
  const { details } = await rejection(act(provider));
  expect([details.provider, details.operation, details.resource]).toEqual(['fake', operation, resource]);
});

it.each<[string, string, (provider: Provider) => Promise<unknown>]>([
  [`peering ${PEERING} to go`, PEERING, ({ peerings }) => peerings.delete(PEERING, { timeoutMs: 1_000 })],
  [`peering ${PEERING} to settle`, PEERING, ({ peerings }) => peerings.suspend(PEERING, { timeoutMs: 1_000 })],
  [
    `peering ${PEERING} to become active`,
    PEERING,
    ({ peerings }) => peerings.settle(PEERING, 'initiator', { timeoutMs: 1_000 }),
  ],
  [`link ${LINK} to go`, LINK, ({ links }) => links.delete(LINK, { timeoutMs: 1_000 })],
  [`link ${LINK} to settle`, LINK, ({ links }) => links.suspend(LINK, { timeoutMs: 1_000 })],
  [`link ${LINK} to become active`, LINK, ({ links }) => links.settle(LINK, LINE, { timeoutMs: 1_000 })],
])('a wait for %s says so when its time is up', async (what, resource, act) => {
  const { provider } = fake({
    'peerings.delete': ['started'],
    'peerings.update': [undefined],
    'peerings.get': [peering('updating')],
    'links.delete': ['started'],
    'links.update': [undefined],
    'links.get': [link('updating')],
  });
  const error = await rejection(act(provider));
  expect([error.code, error.details.resource]).toEqual(['DeadlineExceeded', resource]);
  expect(error.message).toMatch(new RegExp(`waiting for ${what}; seen: native-updating ×`));
});
