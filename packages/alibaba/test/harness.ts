/** How the shared suite gets at the emulator: over HTTP, by the vendor's own library, and where only a cloud can, in its state. */
import type { FaultKind, Harness, SpelledThing, WordedThing, Words, World } from '@peerway/conformance';
import { networkId, parseCidr, peeringId, portId, regionId, routeTableId } from '@peerway/core';
import type { Emulator, FaultEffect } from '@peerway/emulator';
import { alibaba, AlibabaOptions, alibabaRouterInterfaces, alibabaRpc, alibabaVpcPeer } from '@peerway/alibaba';
// by its path: an adapter does not depend on the engine, its tests drive it
import { engine } from '../../provider-template/test/engine.js';
import { REFUSALS, ROUTER_INTERFACE_STATE_CODES, VPC_PEER_STATE_CODES } from './refusals.js';
import { accountOf, ACCOUNTS, NETWORKS, PORTS, REGIONS, ROOMY, session, type Session } from './world.js';

const FAULTS: Record<FaultKind, FaultEffect> = {
  denied: { kind: 'error', status: 403, code: 'Forbidden.RAM', message: 'User not authorized to operate' },
  throttle: { kind: 'throttle' },
  unavailable: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  cut: { kind: 'reset' },
  lostAnswer: { kind: 'lost-answer' },
  htmlError: { kind: 'error', status: 502, body: 'html' },
  truncatedBody: { kind: 'truncate' },
  hang: { kind: 'slow', ms: 500 },
};

/** docs of the vendor, metadata of the product APIs: VpcPeer 2022-01-01, Vpc 2016-04-28. */
const VPC_PEER_WORDS = {
  Creating: 'provisioning',
  Accepting: 'pending-acceptance',
  Updating: 'updating',
  Rejected: 'rejected',
  Expired: 'expired',
  Activated: 'active',
  Deleting: 'deleting',
  Deleted: 'deleted',
  FinancialLocked: 'inactive',
} as const;

/** Said of both interfaces of a pair. */
const ROUTER_INTERFACE_WORDS = {
  Idle: 'provisioning',
  AcceptingConnecting: 'provisioning',
  Connecting: 'provisioning',
  Activating: 'updating',
  Active: 'active',
  Modifying: 'updating',
  Deactivating: 'updating',
  Inactive: 'inactive',
  Deleting: 'deleting',
  FinancialLocked: 'inactive',
} as const;

/** The payment of one alone is not locked. */
const { FinancialLocked: _, ...OF_ONE_INTERFACE } = ROUTER_INTERFACE_WORDS;

const WORDS = {
  network: { Pending: 'provisioning', Available: 'active' },
  route: { Pending: 'provisioning', Available: 'active', Modifying: 'provisioning', Deleting: 'deleting' },
  link: {
    unconfirmed: 'pending-acceptance',
    active: 'active',
    terminating: 'updating',
    terminated: 'inactive',
    recovering: 'updating',
    deleting: 'deleting',
    FinancialLocked: 'inactive',
  },
  // of one interface, while the other one is active
  linkPart: { ...OF_ONE_INTERFACE, Deleting: 'updating' },
} as const satisfies Words;

/** Said of the next hop, a router interface, beside the state of the route: it takes no traffic. */
const OFF = 'Enabled=0';

/** A word of the payment is said beside the state, which stays; it is a rule of the emulator. @returns the word of the state meanwhile */
function statusBeside(emulator: Emulator, { kind }: WordedThing, word: string): string {
  const locked = word === 'FinancialLocked';
  emulator.rules.set({
    'alibaba.vpcPeer.requesterBusinessNormal': !locked,
    'alibaba.routerInterface.financialLocked': locked,
  });
  return locked ? PAID[kind] : word;
}
const PAID = {
  network: 'Available',
  route: 'Available',
  link: 'active',
  linkPart: 'Active',
  peering: 'Activated',
} as const;

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** Writes into the emulator's state what only the cloud brings about. */
function rewrite(emulator: Emulator, table: string, change: (row: Row) => Row): void {
  const now = emulator.snapshot();
  emulator.restore({ ...now, tables: { ...now.tables, [table]: (now.tables[table] ?? []).map(change) } });
}

const TABLES = {
  network: 'alibaba.vpcs',
  peering: 'alibaba.vpcPeers',
  route: 'alibaba.routeEntries',
  link: 'alibaba.borderRouters',
  linkPart: 'alibaba.routerInterfaces',
} as const;

const isRoute = (thing: WordedThing | SpelledThing, row: Row): boolean =>
  thing.kind === 'route' && row['scope'] === thing.network && row['destination'] === thing.destination;

function forceWord(emulator: Emulator, thing: WordedThing, word: string): void {
  const status = statusBeside(emulator, thing, word);
  const id =
    thing.kind === 'linkPart' ? halvesOf(emulator, thing.id)[thing.part] : 'id' in thing ? thing.id : undefined;
  rewrite(emulator, TABLES[thing.kind], (row) => {
    if (thing.kind !== 'route') return row.id === id ? { ...row, status } : row;
    if (!isRoute(thing, row)) return row;
    const nextHops = (row['nextHops'] as readonly object[]).map((hop) => ({ ...hop, enabled: word !== OFF }));
    return { ...row, status: word === OFF ? 'Available' : status, nextHops };
  });
}

const respell = (emulator: Emulator, thing: SpelledThing): void =>
  rewrite(emulator, TABLES[thing.kind], (row) => {
    if (thing.kind === 'route') return isRoute(thing, row) ? { ...row, destination: thing.as } : row;
    if (row.id !== thing.id) return row;
    const [cidr, ...secondaryCidrs] = thing.prefixes.filter((prefix) => !prefix.includes(':'));
    return { ...row, cidr, secondaryCidrs, ipv6Cidr: thing.prefixes.find((prefix) => prefix.includes(':')) ?? '' };
  });

const GROUPS = ['rg-acfmxazb4ph6aiy', 'rg-aekzxoeoc3hvq2i'] as const;

async function openWorld(): Promise<{ readonly world: World; readonly parts: Session }> {
  const parts = await session({
    rules: {
      ...ROOMY,
      'alibaba.vpcPeer.endedBlocksPair': true,
      'alibaba.vpcPeer.perVpc': 1_000,
      'alibaba.vbr.perPort': 1_000,
      'alibaba.routerInterface.perRouter': 1_000,
      'alibaba.routerInterface.perAccount': 1_000,
    },
  });
  const { emulator, clock, vendor, close } = parts;
  for (const id of GROUPS) emulator.world.resourceGroup({ cloud: 'alibaba', account: ACCOUNTS.a.id, id, name: id });
  const tables = async (place: { account: 'a' | 'b'; region: 0 | 1 }, network: string): Promise<string> => {
    const answer = await vendor(place.account, REGIONS[place.region])('vpc', 'DescribeRouteTableList', {
      VpcId: network,
    });
    const list = answer['RouterTableList'] as {
      RouterTableListType: { RouteTableId: string; RouteTableType: string }[];
    };
    return list.RouterTableListType.find((table) => table.RouteTableType === 'System')?.RouteTableId ?? '';
  };
  const world: World = {
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
    requests: () => emulator.requests.map(({ params: parameters, ...one }) => ({ ...one, parameters })),
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
    inject: ({ kind, on, times, after = 0 }) => {
      const calls = { calls: { from: after + 1, ...(times === Infinity ? {} : { to: after + times }) } };
      emulator.faults.add({ cloud: 'alibaba', mutating: on === 'write', ...calls, ...FAULTS[kind] });
    },
    refuse: ({ httpStatus: status, nativeCode: code, on }) =>
      void emulator.faults.add({ cloud: 'alibaba', mutating: on === 'write', calls: 1, kind: 'error', status, code }),
    clearFaults: () => emulator.faults.clear(),
    addTable: async (place, network) => {
      const call = vendor(place.account, REGIONS[place.region]);
      const made = await call('vpc', 'CreateRouteTable', { VpcId: network });
      clock.advance(30_000);
      return routeTableId(String(made['RouteTableId']));
    },
    useTable: async (place, network, table, prefix) => {
      const region = REGIONS[place.region];
      const call = vendor(place.account, region);
      const made = await call('vpc', 'CreateVSwitch', { VpcId: network, CidrBlock: prefix, ZoneId: `${region}-a` });
      clock.advance(30_000);
      await call('vpc', 'AssociateRouteTable', { RouteTableId: table, VSwitchId: String(made['VSwitchId']) });
      clock.advance(30_000);
    },
    plantForeignPeerings: async (place, pairs) => {
      const region = REGIONS[place.region];
      const ids = [];
      for (const [from, to] of pairs) {
        const made = await vendor(place.account, region)('vpcpeer', 'CreateVpcPeerConnection', {
          VpcId: from,
          AcceptingVpcId: to,
          AcceptingRegionId: region,
          AcceptingAliUid: ACCOUNTS[place.account].id,
        });
        clock.advance(60_000);
        ids.push(peeringId(String(made['InstanceId'])));
      }
      return ids;
    },
    removePeering: async (place, id) => {
      await vendor(place.account, REGIONS[place.region])('vpcpeer', 'DeleteVpcPeerConnection', {
        InstanceId: id,
        Force: true,
      });
      clock.advance(600_000);
    },
    forceWord: (thing, word) => forceWord(emulator, thing, word),
    respell: (thing) => respell(emulator, thing),
    rewrite: (change) => void (emulator.rewrite = change),
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
    detachLink: async (place, id, part) => {
      const call = vendor(place.account, REGIONS[place.region]);
      const halves = halvesOf(emulator, id).filter((_, at) => at === (part ?? at));
      for (const RouterInterfaceId of halves) {
        await call('vpc', 'DeactivateRouterInterface', { RouterInterfaceId });
        clock.advance(60_000);
      }
      for (const RouterInterfaceId of halves) {
        await call('vpc', 'DeleteRouterInterface', { RouterInterfaceId });
        clock.advance(60_000);
      }
    },
    port: (place) =>
      portId(
        PORTS.find(({ account, region }) => account === place.account && region === REGIONS[place.region])?.id ??
          'none',
      ),
    close,
  };
  return { world, parts };
}

export const vpcPeerHarness: Harness = {
  plugin: alibaba,
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
    'rewrite',
    'port',
    'detachLink',
    'takesTime',
    'secondaryPrefixes',
    'ipv6Networks',
  ],
  faults: Object.keys(FAULTS) as FaultKind[],
  refusals: REFUSALS,
  stateCodes: VPC_PEER_STATE_CODES,
  // names: Latin and Chinese letters; descriptions: any
  letters: {
    names: '名称网络连接专线对等数据云路由',
    descriptions: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ',
  },
  linkParts: 2,
  overflow: { networks: 51, peerings: 101, routes: 101, links: 51 },
  lacks: { 'overflow.tables': 'a VPC holds 10 tables, a page 50' },
  words: { ...WORDS, peering: VPC_PEER_WORDS },
  settings: {
    peering: { linkType: ['Gold', 'Platinum'], resourceGroupId: GROUPS },
    link: { circuitCode: ['line-one', 'line-two'], resourceGroupId: GROUPS },
  },
  native: { client: alibabaRpc, peering: alibabaVpcPeer },
  engine,
  open: async () => (await openWorld()).world,
};

/** The other mechanism: joined and ended interface by interface. */
export const routerInterfaceHarness: Harness = {
  ...vpcPeerHarness,
  mechanism: 'router-interface',
  overflow: { networks: 51, peerings: 26, routes: 101, links: 51 },
  words: { ...WORDS, peering: ROUTER_INTERFACE_WORDS, route: { ...WORDS.route, [OFF]: 'blackhole' } },
  stateCodes: ROUTER_INTERFACE_STATE_CODES,
  settings: { ...vpcPeerHarness.settings, peering: { resourceGroupId: GROUPS } },
  native: { client: alibabaRpc, peering: alibabaRouterInterfaces },
  async open() {
    const { world, parts } = await openWorld();
    const { emulator, clock, vendor } = parts;
    return {
      ...world,
      plantForeignPeerings: async (place, pairs) => {
        const call = vendor(place.account, REGIONS[place.region]);
        const made: { readonly id: string; readonly toward: Readonly<Record<string, unknown>> }[] = [];
        for (const [from, to] of pairs) {
          const [near, far] = [await routerOf(call, from), await routerOf(call, to)];
          const initiator = await makeInterface(call, near, REGIONS[place.region], ['InitiatingSide', 'Large.2']);
          const acceptor = await makeInterface(call, far, REGIONS[place.region], ['AcceptingSide', 'Negative']);
          made.push(
            { id: initiator, toward: { OppositeInterfaceId: acceptor, OppositeRouterId: far } },
            { id: acceptor, toward: { OppositeInterfaceId: initiator, OppositeRouterId: near } },
          );
        }
        clock.advance(30_000);
        for (const { id, toward } of made) {
          const peer = { ...toward, OppositeRouterType: 'VRouter' };
          await call('vpc', 'ModifyRouterInterfaceAttribute', { RouterInterfaceId: id, ...peer });
        }
        clock.advance(30_000);
        const initiators = made.filter((_, at) => at % 2 === 0);
        for (const { id } of initiators) await call('vpc', 'ConnectRouterInterface', { RouterInterfaceId: id });
        clock.advance(60_000);
        return initiators.map(({ id }) => peeringId(id));
      },
      removePeering: async (place, pair) => {
        const call = vendor(place.account, REGIONS[place.region]);
        // an interface that a route points at is not let go
        for (const RouteEntryId of entriesToward(emulator, interfacesOf(emulator, pair))) {
          await call('vpc', 'DeleteRouteEntry', { RouteEntryId });
          clock.advance(30_000);
        }
        for (const RouterInterfaceId of interfacesOf(emulator, pair)) {
          await call('vpc', 'DeactivateRouterInterface', { RouterInterfaceId });
          clock.advance(60_000);
        }
        for (const RouterInterfaceId of interfacesOf(emulator, pair)) {
          await call('vpc', 'DeleteRouterInterface', { RouterInterfaceId });
          clock.advance(60_000);
        }
      },
      forceWord: (thing, word) => {
        if (thing.kind !== 'peering') return forceWord(emulator, thing, word);
        const both = interfacesOf(emulator, thing.id);
        const status = word === statusBeside(emulator, thing, word) ? word : 'Active';
        rewrite(emulator, INTERFACES, (row) => (both.includes(row.id) ? { ...row, status } : row));
      },
    };
  },
};

const INTERFACES = 'alibaba.routerInterfaces';
type VendorCall = ReturnType<Session['vendor']>;

/** Both interfaces of a pair whose ends are in sight of each other: its id is the initiator's. */
function interfacesOf(emulator: Emulator, pair: string): readonly string[] {
  const initiator = pair.split(':')[0] ?? '';
  return (emulator.snapshot().tables[INTERFACES] ?? [])
    .filter(
      (row) => row.id === initiator || (row as { opposite?: { interface?: string } }).opposite?.interface === initiator,
    )
    .map((row) => row.id);
}

/** The interfaces of a border router and those that face it. */
const halvesOf = (emulator: Emulator, borderRouter: string): readonly string[] =>
  (emulator.snapshot().tables[INTERFACES] ?? [])
    .filter((row) => {
      const { router, opposite } = row as { router?: string; opposite?: { router?: string } };
      return router === borderRouter || opposite?.router === borderRouter;
    })
    .map((row) => row.id);

function entriesToward(emulator: Emulator, hops: readonly string[]): readonly string[] {
  return (emulator.snapshot().tables[TABLES.route] ?? [])
    .filter((row) => (row as { nextHops?: { id: string }[] }).nextHops?.some(({ id }) => hops.includes(id)) === true)
    .map((row) => row.id);
}

async function routerOf(call: VendorCall, network: string): Promise<string> {
  const answer = await call('vpc', 'DescribeVpcs', { VpcId: network });
  const { Vpc } = answer['Vpcs'] as { Vpc: { VRouterId: string }[] };
  return Vpc[0]?.VRouterId ?? '';
}

async function makeInterface(
  call: VendorCall,
  router: string,
  region: string,
  [Role, Spec]: readonly [string, string],
): Promise<string> {
  const made = await call('vpc', 'CreateRouterInterface', {
    Role,
    Spec,
    RouterId: router,
    RouterType: 'VRouter',
    OppositeRegionId: region,
    OppositeRouterType: 'VRouter',
  });
  return String(made['RouterInterfaceId']);
}
