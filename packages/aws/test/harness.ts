/** How the shared suite gets at moto: by the vendor's own SDK, through the proxy that adds what moto lacks of EC2. */
import {
  AcceptVpcPeeringConnectionCommand,
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateInternetGatewayCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteRouteCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeRouteTablesCommand,
} from '@aws-sdk/client-ec2';
import type { FaultKind, Harness, Place, Words, World } from '@peerway/conformance';
import { accountId, parseCidr, peeringId, regionId, routeTableId, type NetworkId } from '@peerway/core';
import { Engine } from '@peerway/engine';
import { aws, awsEc2, awsPeeringRecord } from '../src/index.js';
import { PAGE } from './manners/networks.js';
import { REFUSALS } from './refusals.js';
import { ACCOUNTS, session, type Session, type Where } from './world.js';

const REGIONS = ['us-east-1', 'eu-west-1'] as const;

const FAULTS: readonly FaultKind[] = [
  'denied',
  'throttle',
  'unavailable',
  'cut',
  'lostAnswer',
  'htmlError',
  'truncatedBody',
  'hang',
];

/** From the pages of the vendor (VPC peering lifecycle, API_Vpc, API_Route), apart from the tables of the adapter. */
const WORDS = {
  network: { pending: 'provisioning', available: 'active', deleting: 'deleting' },
  peering: {
    'initiating-request': 'provisioning',
    'pending-acceptance': 'pending-acceptance',
    provisioning: 'provisioning',
    active: 'active',
    rejected: 'rejected',
    expired: 'expired',
    failed: 'failed',
    deleting: 'deleting',
    deleted: 'deleted',
  },
  route: { active: 'active', blackhole: 'blackhole', filtered: 'filtered' },
} as const satisfies Words;

/** Long enough for every step of a peering, and for what lags behind it. */
const QUIET_MS = 10_000;

const whereOf = ({ region }: Pick<Place, 'region'>): Where => REGIONS[region];

async function mainTable(s: Session, place: Place, network: NetworkId): Promise<string> {
  const { RouteTables = [] } = await s
    .vendor(place.account, whereOf(place))
    .send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [network] }] }));
  const main = RouteTables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
  return main?.RouteTableId ?? '';
}

const destined = (destination: string): object =>
  destination.includes(':') ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };

export const harness: Harness = {
  plugin: aws,
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
    'takesTime',
    'secondaryPrefixes',
    'ipv6Networks',
  ],
  letters: { names: 'äöüéñçßøåłžσλпрстуабגדضسع网络连接专线한국어つなぐ' },
  words: WORDS,
  lacks: {
    'overflow.routes': 'a table comes with all its routes',
    rewrite: 'its answers are XML that moto writes; answerFuzz.test.ts lies about each member',
  },
  faults: FAULTS,
  refusals: REFUSALS,
  overflow: { networks: PAGE + 1, peerings: PAGE + 1, tables: PAGE + 1 },
  native: { client: awsEc2, peering: awsPeeringRecord },
  engine: async (stack, mode, environment) => {
    const engine = new Engine({ stack, ...environment });
    const plan = await engine.plan({ mode });
    return {
      steps: plan.steps,
      errors: plan.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      apply: async () => {
        const { outcome, steps } = await engine.apply(plan, { force: true });
        if (outcome !== 'done') throw new Error(JSON.stringify(steps.filter((step) => step.outcome !== 'done')));
      },
    };
  },
  open: () => openWorld(),
};

async function openWorld(more: Parameters<typeof session>[1] = {}): Promise<World> {
  const s = await session({}, more);
  const fixtures = new Map<string, NetworkId[]>();
  let block = 0;
  for (const account of ['a', 'b'] as const)
    for (const region of [0, 1] as const) {
      const made: NetworkId[] = [];
      for (let at = 0; at < 3; at++)
        made.push(await s.addNetwork(account, whereOf({ region }), [`10.${++block}.0.0/16`]));
      fixtures.set(`${account}${region}`, made);
    }
  const cidrs = [...fixtures.values()].flat();
  return {
    clock: s.clock,
    accounts: { a: accountId(ACCOUNTS.a.id), b: accountId(ACCOUNTS.b.id) },
    regions: [regionId(REGIONS[0]), regionId(REGIONS[1])],
    secrets: [ACCOUNTS.a.secretAccessKey, ACCOUNTS.b.secretAccessKey],
    networks: ({ account, region }) =>
      (fixtures.get(`${account}${region}`) ?? []).map((id) => ({
        id,
        cidrs: [parseCidr(`10.${cidrs.indexOf(id) + 1}.0.0/16`)] as const,
      })),
    driver: (place, { random, redactor, login }) => {
      const { accessKeyId, secretAccessKey } = ACCOUNTS[place.account];
      return s.driver(place.account, whereOf(place), {
        credentials: { accessKeyId, secretAccessKey: login === 'right' ? secretAccessKey : 'not-the-secret' },
        random,
        redactor,
      });
    },
    requests: () => s.proxy.requests(),
    advance: (ms) => s.clock.advance(ms),
    addNetwork: (place, wanted) => s.addNetwork(place.account, whereOf(place), wanted),
    addTable: async (place, network) => {
      const made = await s.vendor(place.account, whereOf(place)).send(new CreateRouteTableCommand({ VpcId: network }));
      return routeTableId(made.RouteTable?.RouteTableId ?? '');
    },
    useTable: async (place, network, table, prefix) => {
      const client = s.vendor(place.account, whereOf(place));
      const made = await client.send(new CreateSubnetCommand({ VpcId: network, CidrBlock: prefix }));
      await client.send(new AssociateRouteTableCommand({ SubnetId: made.Subnet?.SubnetId, RouteTableId: table }));
    },
    inject: (fault) => s.proxy.inject(fault),
    refuse: (how) => s.refuseNext(how),
    clearFaults: () => s.clearFaults(),
    plantForeignPeerings: async (place, pairs) => {
      const client = s.vendor(place.account, whereOf(place));
      const ids: string[] = [];
      for (const [VpcId, PeerVpcId] of pairs) {
        const made = await client.send(new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
        ids.push(made.VpcPeeringConnection?.VpcPeeringConnectionId ?? '');
      }
      s.clock.advance(QUIET_MS);
      for (const id of ids) await client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
      s.clock.advance(QUIET_MS);
      return ids.map(peeringId);
    },
    plantForeignRoute: async (place, network, destination) => {
      const client = s.vendor(place.account, whereOf(place));
      const made = await client.send(new CreateInternetGatewayCommand({}));
      await client.send(
        new CreateRouteCommand({
          RouteTableId: await mainTable(s, place, network),
          GatewayId: made.InternetGateway?.InternetGatewayId,
          ...destined(destination),
        }),
      );
    },
    removePeering: async (place, id) => {
      const client = s.vendor(place.account, whereOf(place));
      await client.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
      s.clock.advance(QUIET_MS);
    },
    removeRoute: async (place, network, destination) => {
      const table = await mainTable(s, place, network);
      await s
        .vendor(place.account, whereOf(place))
        .send(new DeleteRouteCommand({ RouteTableId: table, ...destined(destination) }));
    },
    forceWord: (thing, word) => {
      if (thing.kind === 'network') s.overlay.vpcStates.set(thing.id, word);
      else if (thing.kind === 'route') s.overlay.routeStates.set(`${thing.network} ${thing.destination}`, word);
      else {
        const entry = s.ledger.find(thing.id);
        if (entry === undefined) throw new Error(`there is no ${thing.id}`);
        entry.forced = word;
      }
    },
    respell: (thing) => {
      if (thing.kind === 'network') s.overlay.spelled.set(thing.id, thing.prefixes);
      else s.overlay.destinations.set(`${thing.network} ${thing.destination}`, thing.as);
    },
    close: () => s.close(),
  };
}

const { refusals: _, ...unrefused } = harness;

/** moto as it is, as a live account: nothing forced, nothing that only the manners bring about. */
export const bareHarness: Harness = { ...unrefused, offers: [], faults: [], open: () => openWorld({ bare: true }) };
