/** How the kit gets at the miniature cloud: about what every provider's author writes. */
import type { Harness, Place } from '@peerway/conformance';
import { accountId, canonicalCidr, networkId, peeringId, portId, regionId, VirtualClock } from '@peerway/core';
import { cloudNamed, DEMO, dropCloud, tiny, tinyClient, tinyPeering, TinyOptions } from '@peerway/provider-template';

const FORCED = { failed: 'broken', rejected: 'refused', expired: 'lapsed', active: 'up' } as const;
let worlds = 0;

export const harness: Harness = {
  plugin: tiny,
  offers: [
    'advance',
    'addNetwork',
    'plantForeignPeering',
    'plantForeignRoute',
    'removeRoute',
    'forceState',
    'forceUnknownWord',
    'port',
    'takesTime',
  ],
  faults: ['throttle', 'unavailable', 'cut', 'lostAnswer', 'htmlError', 'truncatedBody', 'hang'],
  overflow: { networks: 5, peerings: 5, routes: 5 },
  native: { client: tinyClient, peering: tinyPeering },
  open(plugin) {
    const world = `kit-${++worlds}`;
    const clock = new VirtualClock({ start: Date.UTC(2026, 10, 20) });
    const cloud = cloudNamed(world, clock);
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
      clearFaults: () => cloud.clearFaults(),
      plantForeignPeering: (_, [from, to]) => peeringId(cloud.plantPeering(from, to)),
      plantForeignRoute: (_, network, destination) => cloud.plantRoute(network, destination),
      removeRoute: (_, network, destination) => cloud.removeRoute(network, destination),
      forceState: (id, state) => cloud.forcePeering(id, FORCED[state as keyof typeof FORCED]),
      forceUnknownWord: (id) => cloud.forcePeering(id, 'dancing' as never),
      port: ({ account }) => portId(`port-${account}`),
      close: () => dropCloud(world),
    };
  },
};
