/** How the shared suite gets at the emulator: over HTTP, by the vendor's own SDK, and where only a cloud can, in its state. */
import type { FaultKind, Harness, SpelledThing, WordedThing, Words } from '@peerway/conformance';
import { accountId, networkId, parseCidr, peeringId, portId, regionId } from '@peerway/core';
import { DEFAULT_WORLD, type Emulator, type FaultEffect } from '@peerway/emulator';
// by its path: an adapter does not depend on the engine, its tests drive it
import { Engine } from '../../engine/src/index.js';
import { baidu, baiduPeerconn, baiduPeerconnRecord } from '../src/index.js';
import { REFUSALS } from './refusals.js';
import { ACCOUNTS, OPTIONS, session, type Where } from './world.js';

const REGIONS = ['bj', 'gz'] as const;

const FAULTS: Record<FaultKind, FaultEffect> = {
  denied: { kind: 'error', status: 403, code: 'AccessDenied', message: 'Access denied.' },
  throttle: { kind: 'throttle' },
  unavailable: { kind: 'error', status: 503 },
  cut: { kind: 'reset' },
  lostAnswer: { kind: 'lost-answer' },
  htmlError: { kind: 'error', status: 502, body: 'html' },
  truncatedBody: { kind: 'truncate' },
  hang: { kind: 'slow', ms: 500 },
};

const TABLES = {
  network: 'baidu.vpcs',
  peering: 'baidu.peerconns',
  route: 'baidu.routeRules',
  link: 'baidu.gateways',
  channel: 'baidu.channels',
} as const;

/** From the vendor's SDKs and Terraform provider; of a gateway only `running` stands in its documents. */
const WORDS = {
  peering: {
    creating: 'provisioning',
    starting: 'provisioning',
    consulting: 'pending-acceptance',
    consult_failed: 'rejected',
    active: 'active',
    updating: 'updating',
    stopping: 'inactive',
    down: 'inactive',
    expired: 'expired',
    error: 'failed',
    deleting: 'deleting',
    deleted: 'deleted',
  },
  link: {
    running: 'active',
    building: 'provisioning',
    updating: 'updating',
    deleting: 'deleting',
    deleted: 'deleted',
  },
} as const satisfies Words;

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** Writes into the emulator's state what only the cloud, or people, bring about. */
function rewrite(emulator: Emulator, table: string, change: (rows: readonly Row[]) => readonly Row[]): void {
  const now = emulator.snapshot();
  emulator.restore({ ...now, tables: { ...now.tables, [table]: change(now.tables[table] ?? []) } });
}

function forceWord(emulator: Emulator, thing: WordedThing, word: string): void {
  if (thing.kind === 'network' || thing.kind === 'route' || thing.kind === 'linkPart')
    throw new Error(`a ${thing.kind} has no state here`);
  rewrite(emulator, TABLES[thing.kind], (rows) =>
    rows.map((row) => (row.id === thing.id ? { ...row, status: word } : row)),
  );
}

const respell = (emulator: Emulator, thing: SpelledThing): void =>
  rewrite(emulator, TABLES[thing.kind], (rows) =>
    rows.map((row) => {
      if (thing.kind === 'route') {
        const meant = row['vpcId'] === thing.network && row['destinationAddress'] === thing.destination;
        return meant ? { ...row, destinationAddress: thing.as } : row;
      }
      if (row.id !== thing.id) return row;
      const [cidr, ...secondaryCidrs] = thing.prefixes.filter((prefix) => !prefix.includes(':'));
      return { ...row, cidr, secondaryCidrs, ipv6Cidr: thing.prefixes.find((prefix) => prefix.includes(':')) ?? '' };
    }),
  );

let tokens = 0;
const token = (): string => `somebody-else-${++tokens}`;

export const harness: Harness = {
  plugin: baidu,
  offers: [
    'advance',
    'addNetwork',
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
  letters: {
    descriptions: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ',
  },
  words: WORDS,
  settings: {
    peering: {
      localInterfaceName: ['kit-one', 'kit-two'],
      peerInterfaceName: ['kit-three', 'kit-four'],
      paymentTiming: ['Postpaid', 'Prepaid'],
      reservationMonths: [2, 3],
      resourceGroupId: ['RESG-1', 'RESG-2'],
    },
    link: { resourceGroupId: ['RESG-1', 'RESG-2'] },
  },
  lacks: {
    addTable: 'a VPC of this cloud has one table',
    useTable: 'a VPC of this cloud has one table',
    'overflow.tables': 'a VPC of this cloud has one table',
    'letters.names': 'names of this cloud are ASCII',
    'words.linkPart': 'a gateway and its line have one state',
    'words.network': 'a VPC of this cloud has no state',
    'words.route': 'a route rule of this cloud has no state',
    'overflow.routes': 'a table comes whole, 1,000 rules in a page, and holds 50; wire.test.ts walks two pages',
    'overflow.links':
      'gateways are listed per VPC, 1,000 in a page, and a VPC holds 10; wireLinks.test.ts walks two pages',
  },
  faults: Object.keys(FAULTS) as FaultKind[],
  refusals: REFUSALS,
  overflow: { networks: 1_001, peerings: 1_001 },
  native: { client: baiduPeerconn, peering: baiduPeerconnRecord },
  engine: async (stack, mode, environment) => {
    const engine = new Engine({ stack, ...environment });
    const plan = await engine.plan({ mode });
    return {
      steps: plan.steps,
      // this world's quotas are raised, which the declared defaults cannot know
      errors: plan.problems
        .filter(({ severity, kind }) => severity === 'error' && kind !== 'quota-peerings')
        .map(({ message }) => message),
      apply: async () => {
        const { outcome, steps } = await engine.apply(plan, { force: true });
        if (outcome !== 'done') throw new Error(JSON.stringify(steps.filter((step) => step.outcome !== 'done')));
      },
    };
  },
  async open() {
    const { emulator, clock, vendor, close } = await session({
      rules: {
        'baidu.peerconn.quotaPerAccount': 10_000,
        'baidu.peerconn.quotaPerVpc': 10_000,
        'baidu.vpc.quotaPerRegion': 1_000,
        'baidu.peerconn.ownPeerAccountId': 'refuse',
        'baidu.route.showsSystemRules': true,
      },
    });
    const region = (index: 0 | 1): Where => REGIONS[index];
    const rules = async (who: 'a' | 'b', where: Where, vpcId: string) =>
      (await vendor(who, where)('GET', '/v1/route', { params: { vpcId } })) as unknown as {
        routeTableId: string;
        routeRules: { routeRuleId: string; destinationAddress: string }[];
      };
    return {
      clock,
      accounts: { a: accountId(ACCOUNTS.a.id), b: accountId(ACCOUNTS.b.id) },
      regions: [regionId(REGIONS[0]), regionId(REGIONS[1])],
      secrets: [ACCOUNTS.a.accessKeySecret, ACCOUNTS.b.accessKeySecret],
      networks: (place) =>
        DEFAULT_WORLD.baidu.networks
          .filter(({ account, region: where }) => account === place.account && where === region(place.region))
          .map(({ id, cidrs }) => ({ id: networkId(id), cidrs: [parseCidr(cidrs[0])] as const })),
      driver: (place, { random, redactor, login }) =>
        baidu.create({
          name: place.account,
          region: regionId(region(place.region)),
          account: accountId(ACCOUNTS[place.account].id),
          endpoint: emulator.baidu.endpoint(region(place.region)),
          options: OPTIONS,
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
            cloud: 'baidu',
            account: ACCOUNTS[place.account].id,
            region: region(place.region),
            cidrs,
          }).id,
        ),
      inject: ({ kind, on, times, after = 0 }) => {
        const calls = { calls: { from: after + 1, ...(times === Infinity ? {} : { to: after + times }) } };
        emulator.faults.add({ cloud: 'baidu', mutating: on === 'write', ...calls, ...FAULTS[kind] });
      },
      refuse: ({ httpStatus: status, nativeCode: code, on }) =>
        void emulator.faults.add({ cloud: 'baidu', mutating: on === 'write', calls: 1, kind: 'error', status, code }),
      clearFaults: () => emulator.faults.clear(),
      plantForeignPeerings: async (place, pairs) => {
        const where = region(place.region);
        const ask = async ([from, to]: (typeof pairs)[number]) => {
          const made = await vendor(place.account, where)('POST', '/v1/peerconn', {
            params: { clientToken: token() },
            body: JSON.stringify({
              bandwidthInMbps: 30,
              localVpcId: from,
              peerVpcId: to,
              peerRegion: where,
              billing: { paymentTiming: 'Postpaid' },
            }),
          });
          clock.advance(120_000);
          return peeringId(String(made['peerConnId']));
        };
        const [first, ...rest] = pairs;
        if (first === undefined) return [];
        const pattern = await ask(first);
        if (rest.length < 50) {
          const ids = [pattern];
          for (const pair of rest) ids.push(await ask(pair));
          return ids;
        }
        // a thousand by their requests take half a minute: the rest are copies of the first
        const ids = rest.map((_, at) => peeringId(`peerconn-copy${String(at).padStart(8, '0')}`));
        rewrite(emulator, TABLES.peering, (rows) => {
          const like = rows.find(({ id }) => id === pattern) as Row & Record<'initiator' | 'acceptor', object>;
          const copies = rest.map(([from, to], at) => ({
            ...like,
            id: ids[at] ?? '',
            initiator: { ...like.initiator, vpcId: from, ifId: `qpif-i${at}` },
            acceptor: { ...like.acceptor, vpcId: to, ifId: `qpif-a${at}` },
          }));
          return [...rows, ...copies];
        });
        return [pattern, ...ids];
      },
      removePeering: async (place, id) => {
        await vendor(place.account, region(place.region))('DELETE', `/v1/peerconn/${id}`);
        clock.advance(120_000);
      },
      plantForeignRoute: async (place, network, destination) => {
        const where = region(place.region);
        const { routeTableId } = await rules(place.account, where, network);
        await vendor(place.account, where)('POST', '/v1/route/rule', {
          params: { clientToken: token() },
          body: JSON.stringify({
            routeTableId,
            sourceAddress: '0.0.0.0/0',
            destinationAddress: destination,
            nexthopType: 'custom',
            nexthopId: 'i-somebodyelse',
          }),
        });
      },
      // in a VPC that forwards, a rule may have any source; elsewhere only one inside a subnet
      readySources: async (place, network) => {
        await vendor(place.account, region(place.region))('PUT', `/v1/vpc/openRelay/${network}`);
      },
      removeRoute: async (place, network, destination) => {
        const where = region(place.region);
        const { routeRules } = await rules(place.account, where, network);
        for (const { routeRuleId, destinationAddress } of routeRules) {
          if (destinationAddress !== destination) continue;
          await vendor(place.account, where)('DELETE', `/v1/route/rule/${routeRuleId}`);
        }
      },
      port: (place) =>
        portId(
          DEFAULT_WORLD.baidu.ports.find(
            (candidate) => candidate.account === place.account && candidate.region === region(place.region),
          )?.id ?? 'none',
        ),
      detachLink: async (place, id) => {
        await vendor(place.account, region(place.region))('PUT', `/v1/etGateway/${id}`, {
          params: { unbind: '', clientToken: token() },
        });
        clock.advance(120_000);
      },
      forceWord: (thing, word) => forceWord(emulator, thing, word),
      respell: (thing) => respell(emulator, thing),
      rewrite: (change) => void (emulator.rewrite = change),
      // channels are ordered by people, so no operation makes one: it is written into the emulator's state
      readyVlan: (_, { port, vlan, cloudIp, customerIp, user }) =>
        rewrite(emulator, TABLES.channel, (channels) => [
          ...channels,
          {
            ...channels.find((channel) => channel['lineId'] === port),
            id: `dedicatedconn-vlan${String(vlan).padStart(8, '0')}`,
            vlanId: vlan,
            baiduAddress: cloudIp,
            customerAddress: `${customerIp}/30`,
            ...(user === undefined ? {} : { authorizedUsers: [user] }),
          },
        ]),
      close,
    };
  },
};
