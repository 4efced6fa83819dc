/** The shared suite of every provider, on the emulator, once for each mechanism. */
import * as runner from '@jest/globals';
import { runConformance, TOPICS, type FaultKind, type Harness } from '@peerway/conformance';
import { networkId, parseCidr, peeringId, portId, regionId } from '@peerway/core';
import type { FaultEffect } from '@peerway/emulator';
import { alibaba, AlibabaOptions, alibabaRouterInterfaces, alibabaRpc, alibabaVpcPeer } from '@peerway/alibaba';
// by its path: an adapter does not depend on the engine, its tests drive it
import { engine } from '../../provider-template/test/engine.js';
import { accountOf, ACCOUNTS, NETWORKS, PORTS, REGIONS, ROOMY, session } from './world.js';

const FAULTS: Partial<Record<FaultKind, FaultEffect>> = {
  throttle: { kind: 'throttle' },
  unavailable: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  cut: { kind: 'reset' },
  lostAnswer: { kind: 'lost-answer' },
  htmlError: { kind: 'error', status: 502, body: 'html' },
  truncatedBody: { kind: 'truncate' },
  hang: { kind: 'slow', ms: 500 },
};

const harness: Harness = {
  plugin: alibaba,
  offers: ['advance', 'addNetwork', 'plantForeignPeering', 'plantForeignRoute', 'removeRoute', 'port', 'takesTime'],
  faults: Object.keys(FAULTS) as FaultKind[],
  native: { client: alibabaRpc, peering: alibabaVpcPeer },
  engine,
  async open() {
    const { emulator, clock, vendor, close } = await session({
      rules: { ...ROOMY, 'alibaba.vpcPeer.endedBlocksPair': true },
    });
    const tables = async (place: { account: 'a' | 'b'; region: 0 | 1 }, network: string): Promise<string> => {
      const answer = await vendor(place.account, REGIONS[place.region])('vpc', 'DescribeRouteTableList', {
        VpcId: network,
      });
      const list = answer['RouterTableList'] as {
        RouterTableListType: { RouteTableId: string; RouteTableType: string }[];
      };
      return list.RouterTableListType.find((table) => table.RouteTableType === 'System')?.RouteTableId ?? '';
    };
    return {
      clock,
      accounts: { a: accountOf('a'), b: accountOf('b') },
      regions: [regionId(REGIONS[0]), regionId(REGIONS[1])],
      secrets: [ACCOUNTS.a.accessKeySecret, ACCOUNTS.b.accessKeySecret],
      networks: (place) =>
        NETWORKS.filter(({ account, region }) => account === place.account && region === REGIONS[place.region]).map(
          ({ id, cidrs }) => ({ id: networkId(id), cidrs: [parseCidr(cidrs[0])] as const }),
        ),
      driver: (place, { random, redactor, login }) =>
        alibaba.create({
          name: place.account,
          region: regionId(REGIONS[place.region]),
          endpoint: emulator.alibaba.endpoint,
          options: new AlibabaOptions(),
          credentials: {
            accessKeyId: ACCOUNTS[place.account].accessKeyId,
            accessKeySecret: login === 'right' ? ACCOUNTS[place.account].accessKeySecret : 'not-the-secret',
          },
          env: {},
          clock,
          random,
          redactor,
        }),
      requests: () => emulator.requests.map(({ operation, mutating }) => ({ operation, mutating })),
      advance: (ms) => clock.advance(ms),
      addNetwork: (place, cidrs) =>
        networkId(
          emulator.world.network({
            cloud: 'alibaba',
            account: ACCOUNTS[place.account].id,
            region: REGIONS[place.region],
            cidrs,
          }).id,
        ),
      inject: ({ kind, on, times }) => {
        const effect = FAULTS[kind];
        if (effect === undefined) throw new Error(`no fault ${kind}`);
        const calls = times === Infinity ? {} : { calls: { from: 1, to: times } };
        emulator.faults.add({ cloud: 'alibaba', mutating: on === 'write', ...calls, ...effect });
      },
      clearFaults: () => emulator.faults.clear(),
      plantForeignPeering: async (place, [from, to]) => {
        const region = REGIONS[place.region];
        const made = await vendor(place.account, region)('vpcpeer', 'CreateVpcPeerConnection', {
          VpcId: from,
          AcceptingVpcId: to,
          AcceptingRegionId: region,
          AcceptingAliUid: ACCOUNTS[place.account].id,
        });
        clock.advance(60_000);
        return peeringId(String(made['InstanceId']));
      },
      plantForeignRoute: async (place, network, destination) => {
        // next hops of other kinds are not emulated, so somebody else peers the network with one of its own and routes there
        const region = REGIONS[place.region];
        const account = ACCOUNTS[place.account].id;
        const call = vendor(place.account, region);
        const { id } = emulator.world.network({ cloud: 'alibaba', account, region, cidrs: ['192.168.0.0/24'] });
        const ends = { VpcId: network, AcceptingVpcId: id, AcceptingRegionId: region, AcceptingAliUid: account };
        const made = await call('vpcpeer', 'CreateVpcPeerConnection', ends);
        clock.advance(60_000);
        await call('vpc', 'CreateRouteEntry', {
          RouteTableId: await tables(place, network),
          DestinationCidrBlock: destination,
          NextHopType: 'VpcPeer',
          NextHopId: made['InstanceId'],
        });
        clock.advance(30_000);
      },
      removeRoute: async (place, network, destination) => {
        const call = vendor(place.account, REGIONS[place.region]);
        const table = await tables(place, network);
        const answer = await call('vpc', 'DescribeRouteEntryList', {
          RouteTableId: table,
          DestinationCidrBlock: destination,
        });
        const { RouteEntry } = answer['RouteEntrys'] as { RouteEntry: { RouteEntryId: string }[] };
        for (const { RouteEntryId } of RouteEntry) await call('vpc', 'DeleteRouteEntry', { RouteEntryId });
        clock.advance(30_000);
      },
      port: (place) =>
        portId(
          PORTS.find(({ account, region }) => account === place.account && region === REGIONS[place.region])?.id ??
            'none',
        ),
      close,
    };
  },
};

const print = (): void => undefined; // the names of the skipped cases say why

runConformance(runner, { ...harness, overflow: { networks: 51, routes: 101 } }, { print });

runConformance(
  runner,
  { ...harness, mechanism: 'router-interface', native: { client: alibabaRpc, peering: alibabaRouterInterfaces } },
  {
    print,
    topics: TOPICS.filter((topic) => topic !== 'links'), // tried above, and not a matter of the mechanism
  },
);
