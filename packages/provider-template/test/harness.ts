/** How the kit gets at the miniature cloud: about what every provider's author writes. */
import type { Harness, Place, RefusalCode, Words } from '@peerway/conformance';
import {
  accountId,
  canonicalCidr,
  networkId,
  peeringId,
  portId,
  regionId,
  routeTableId,
  VirtualClock,
} from '@peerway/core';
import { type Cloud, cloudNamed, DEMO, dropCloud, tiny, tinyClient, tinyPeering, TinyOptions } from '../src/index.js';

/** From the cloud's own reference, and not from states.ts: the two must not be able to agree on the same mistake. */
const WORDS = {
  network: { building: 'provisioning', ready: 'active', closing: 'deleting' },
  peering: {
    making: 'provisioning',
    asked: 'pending-acceptance',
    up: 'active',
    changing: 'updating',
    paused: 'inactive',
    refused: 'rejected',
    lapsed: 'expired',
    broken: 'failed',
    ending: 'deleting',
    gone: 'deleted',
  },
  route: { pending: 'provisioning', ok: 'active', dead: 'blackhole', removing: 'deleting' },
  link: {
    making: 'provisioning',
    detached: 'provisioning',
    up: 'active',
    changing: 'updating',
    paused: 'inactive',
    ending: 'deleting',
    gone: 'deleted',
  },
} as const satisfies Words;

const refusal = (httpStatus: number, nativeCode: string, means: RefusalCode['means']): RefusalCode => ({
  httpStatus,
  nativeCode,
  means,
});

/** From the cloud's own reference, as the words. */
const REFUSALS: readonly RefusalCode[] = [
  refusal(401, 'BadKey', 'Unauthenticated'),
  refusal(403, 'NoRight', 'PermissionDenied'),
  refusal(403, 'NotYourEnd', 'PermissionDenied'),
  refusal(403, 'BuiltIn', 'PermissionDenied'),
  refusal(404, 'NoSuchNetwork', 'NotFound'),
  refusal(404, 'NoSuchPeering', 'NotFound'),
  refusal(404, 'NoSuchRoute', 'NotFound'),
  refusal(404, 'NoSuchTable', 'NotFound'),
  refusal(404, 'NoSuchLine', 'NotFound'),
  refusal(400, 'NoSuchHop', 'InvalidArgument'),
  refusal(400, 'BadField', 'InvalidArgument'),
  refusal(400, 'TokenReused', 'InvalidArgument'),
  refusal(409, 'PairJoined', 'AlreadyExists'),
  refusal(409, 'RouteExists', 'AlreadyExists'),
  refusal(409, 'VlanTaken', 'AlreadyExists'),
  refusal(409, 'NetworkBusy', 'Conflict'),
  refusal(409, 'WrongState', 'FailedPrecondition'),
  refusal(409, 'Locked', 'FailedPrecondition'),
  refusal(429, 'SlowDown', 'Throttled'),
  refusal(503, 'TryLater', 'Unavailable'),
];

let worlds = 0;

/** @param prepare changes the manners of the cloud before anybody asks it */
export const harnessWith = (prepare: (cloud: Cloud) => void): Harness => ({
  plugin: tiny,
  offers: [
    'advance',
    'addNetwork',
    'addTable',
    'useTable',
    'plantForeignPeerings',
    'plantForeignRoute',
    'removePeering',
    'removeRoute',
    'forceWord',
    'respell',
    'port',
    'detachLink',
    'takesTime',
    'secondaryPrefixes',
    'ipv6Networks',
  ],
  lacks: {
    rewrite: 'the cloud in miniature is in the same process, and its answers are taken at their word',
    'words.linkPart': 'a line of this cloud is one thing',
  },
  refusals: REFUSALS,
  faults: ['denied', 'throttle', 'unavailable', 'cut', 'lostAnswer', 'htmlError', 'truncatedBody', 'hang'],
  overflow: { networks: 5, peerings: 9, routes: 5, links: 5, tables: 5 },
  letters: {
    names: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ',
    descriptions: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ',
  },
  words: WORDS,
  native: { client: tinyClient, peering: tinyPeering },
  open(plugin) {
    const world = `kit-${++worlds}`;
    dropCloud(world); // another test file of this process may have left one of that name
    const clock = new VirtualClock({ start: Date.UTC(2026, 10, 20) });
    const cloud = cloudNamed(world, clock);
    prepare(cloud);
    const { accounts, regions } = DEMO;
    for (const { id, key, secret } of Object.values(accounts)) cloud.addLogin(key, secret, id);
    let made = 0;
    const add = ({ account, region }: Place, cidrs: readonly string[]) =>
      networkId(cloud.addNetwork(accounts[account].id, regions[region], cidrs));
    return {
      clock,
      accounts: { a: accountId(accounts.a.id), b: accountId(accounts.b.id) },
      regions: [regionId(regions[0]), regionId(regions[1])],
      secrets: Object.values(accounts).map(({ secret }) => secret),
      networks: (place) =>
        Array.from({ length: 3 }, () => {
          const cidrs = [canonicalCidr(`10.${++made}.0.0/16`)] as const;
          return { id: add(place, cidrs), cidrs };
        }),
      driver: ({ account, region }, { random, redactor, login }) =>
        plugin.create({
          name: account,
          region: regionId(regions[region]),
          options: Object.assign(new TinyOptions(), { world }),
          credentials: {
            accessKeyId: accounts[account].key,
            accessKeySecret: login === 'right' ? accounts[account].secret : 'not-the-secret',
          },
          env: {},
          clock,
          random,
          redactor,
        }),
      requests: () => cloud.requests.map(({ action, mutating }) => ({ operation: action, mutating })),
      advance: (ms) => clock.advance(ms),
      addNetwork: add,
      inject: (fault) => cloud.fault(fault),
      refuse: ({ httpStatus: status, nativeCode: code, on }) => cloud.fault({ kind: { status, code }, on, times: 1 }),
      clearFaults: () => cloud.clearFaults(),
      addTable: (_, network) => routeTableId(cloud.addTable(network)),
      useTable: (_place, _network, table) => cloud.useTable(table),
      plantForeignPeerings: (_, pairs) => pairs.map(([from, to]) => peeringId(cloud.plantPeering(from, to))),
      removePeering: (_, id) => cloud.removePeering(id),
      plantForeignRoute: (_, network, destination) => cloud.plantRoute(network, destination),
      removeRoute: (_, network, destination) => cloud.removeRoute(network, destination),
      forceWord: (thing, word) => {
        if (thing.kind === 'route')
          return cloud.forceWord('route', cloud.routeTo(thing.network, thing.destination), word);
        const isLine = thing.kind === 'link' || thing.kind === 'linkPart';
        return cloud.forceWord(isLine ? 'line' : thing.kind, thing.id, word);
      },
      respell: (thing) =>
        thing.kind === 'network'
          ? cloud.respellNetwork(thing.id, thing.prefixes)
          : cloud.respellRoute(cloud.routeTo(thing.network, thing.destination), thing.as),
      detachLink: (_, id) => cloud.forceWord('line', id, 'detached'),
      port: ({ account }) => portId(`port-${account}`),
      close: () => dropCloud(world),
    };
  },
});

export const harness: Harness = harnessWith(() => undefined);
