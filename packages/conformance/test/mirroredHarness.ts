/** The mirrored cloud as the kit asks for it. */
import { accountId, networkId, peeringId, regionId, VirtualClock } from '@peerway/core';
import type { Harness, Place, World } from '../src/index.js';
import { engine } from '../../provider-template/test/engine.js';
import { MirroredCloud, mirroredPlugin } from './mirroredCloud.js';

const ACCOUNTS = { a: 'project-9007199254740993', b: 'project-9007199254740994' } as const;
const REGIONS = ['east', 'west'] as const;
let current: MirroredCloud | undefined;

const networkOf = (cloud: MirroredCloud, id: string) => {
  const found = cloud.nets.get(id);
  if (found === undefined) throw new Error(`there is no network ${id}`);
  return found;
};

function open(): World {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 20) });
  const cloud = (current = new MirroredCloud(clock));
  const plugin = mirroredPlugin(() => cloud);
  for (const account of Object.values(ACCOUNTS)) cloud.logins.set(account, `${account}-key`);
  const add = ({ account, region }: Place, cidrs: readonly string[]) => {
    const id = `vnet-${String(cloud.nets.size).padStart(5, '0')}`;
    cloud.nets.set(id, { id, account: ACCOUNTS[account], region: REGIONS[region], cidrs });
    return networkId(id);
  };
  return {
    clock,
    accounts: { a: accountId(ACCOUNTS.a), b: accountId(ACCOUNTS.b) },
    regions: [regionId(REGIONS[0]), regionId(REGIONS[1])],
    secrets: Object.values(ACCOUNTS).map((account) => `${account}-key`),
    networks: () => [],
    addNetwork: add,
    driver: ({ account, region }, { random, redactor, login }) =>
      plugin.create({
        name: account,
        region: regionId(REGIONS[region]),
        options: {},
        credentials: {
          account: ACCOUNTS[account],
          secret: login === 'right' ? `${ACCOUNTS[account]}-key` : 'not-the-key',
        },
        env: {},
        clock,
        random,
        redactor,
      }),
    requests: () => cloud.requests,
    advance: (ms) => clock.advance(ms),
    plantForeignPeerings: (_, pairs) =>
      pairs.map(([from, to]) => {
        const [own, other] = [networkOf(cloud, from), networkOf(cloud, to)];
        cloud.add(own, other, 'initiator', '');
        cloud.add(other, own, 'acceptor', '');
        for (const half of cloud.halves)
          if (half.own === own && half.other === other) half.syncedAt = clock.now() - 60_000;
        return peeringId([own, other].map(({ account, region, id }) => `${account}:${region}:${id}`).join('~'));
      }),
    removePeering: (_, id) => {
      for (const half of cloud.halves) if (half.key === id) half.removedAt = clock.now();
    },
    respell: (thing) => {
      if (thing.kind !== 'network') throw new Error('routes follow from networks here');
      cloud.nets.set(thing.id, { ...networkOf(cloud, thing.id), cidrs: thing.prefixes });
    },
    inject: (fault) => cloud.faults.add(fault),
    clearFaults: () => cloud.faults.clear(),
    close: () => undefined,
  };
}

export const mirrored: Harness = {
  plugin: mirroredPlugin(() => current ?? new MirroredCloud(new VirtualClock({ start: 0 }))),
  offers: [
    'advance',
    'addNetwork',
    'plantForeignPeerings',
    'removePeering',
    'respell',
    'takesTime',
    'secondaryPrefixes',
    'ipv6Networks',
  ],
  faults: ['denied', 'throttle', 'unavailable', 'cut', 'lostAnswer'],
  letters: { descriptions: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ' },
  lacks: {
    addTable: 'a network of it has one table',
    native: 'this cloud in miniature has no client to reach',
    forceWord: 'its words follow from which halves are there',
    'words.network': 'its networks have one state',
    'words.peering': 'its words follow from which halves are there',
    rewrite: 'its answers are its own objects',
    refusals: 'its few errors are thrown, and have no codes',
    'faults.htmlError': 'it is called without HTTP',
    'faults.truncatedBody': 'it is called without HTTP',
    'faults.hang': 'it is called without HTTP',
  },
  overflow: { networks: 4, peerings: 4 },
  engine,
  open,
};
