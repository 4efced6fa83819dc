/** Every operation of the driver, with honest answers small enough to lie about: for the fuzzer of packages/core/bench. */
import { baidu } from '@peerway/baidu';
import {
  accountId,
  parseCidr,
  peeringId,
  linkId,
  networkId,
  portId,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';

const ME = '0123456789abcdef0123456789abcdef';
const HERE = regionId('bj');
const [A, B] = [networkId('vpc-a'), networkId('vpc-b')];
const TABLE = routeTableId('rt-1');
const [PEER, LINE] = [peeringId('peerconn-1'), linkId('dcgw-1')];

const side = (role, status) => ({
  peerConnId: 'peerconn-1',
  role,
  status,
  bandwidthInMbps: 10,
  description: 'd',
  localIfId: `qpif-${role}`,
  localVpcId: A,
  localRegion: 'bj',
  peerVpcId: B,
  peerRegion: 'bj',
  peerAccountId: ME,
  dnsStatus: 'close',
  createdTime: '2026-01-01 00:00:00',
  tags: [{ tagKey: 'k', tagValue: 'v' }],
  deleteProtect: false,
});
const gateway = {
  etGatewayId: 'dcgw-1',
  name: 'idc',
  status: 'running',
  speed: 100,
  vpcId: A,
  etId: 'et-1',
  channelId: 'ch-1',
  createTime: '2026-01-01T00:00:00Z',
  tags: [],
};
const rules = [
  {
    routeRuleId: 'rr-1',
    routeTableId: TABLE,
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '10.1.0.0/16',
    nexthopId: 'qpif-initiator',
    nexthopType: 'peerConn',
    description: 'd',
  },
  {
    routeRuleId: 'rr-2',
    routeTableId: TABLE,
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '10.2.0.0/16',
    nexthopId: 'dcgw-1',
    nexthopType: 'dcGateway',
    description: '',
  },
];

const ANSWERS = {
  CreatePeerConn: { peerConnId: 'peerconn-1' },
  ListPeerConn: { peerConns: [side('initiator', 'active'), side('acceptor', 'active')], isTruncated: false },
  GetPeerConn: side('initiator', 'active'),
  QueryVpcList: {
    vpcs: [
      { vpcId: A, name: 'a', cidr: '10.0.0.0/16', secondaryCidr: ['172.16.0.0/16'], ipv6Cidr: '' },
      { vpcId: B, name: 'b', cidr: '10.1.0.0/16' },
    ],
    isTruncated: false,
  },
  QueryRoutingTable: { routeTableId: TABLE, name: 'main', vpcId: A, routeRules: rules },
  QueryRoutingRules: { routeRules: rules, isTruncated: false },
  CreateRoutingRules: { routeRuleId: 'rr-3' },
  CreateDedicatedGateway: { etGatewayId: 'dcgw-1' },
  QueryTheListOfDedicatedLineGateways: { etGateways: [gateway], isTruncated: false },
  QueryTheDetailsOfTheDedicatedGateway: gateway,
  QueryDedicatedChannel: {
    etChannels: [
      {
        id: 'ch-1',
        status: 'established',
        vlanId: 30,
        baiduAddress: '10.255.0.1/30',
        customerAddress: '10.255.0.2/30',
      },
    ],
  },
};

/** The operations of the driver by method and path; a write that is not here is known by its method. */
const OPERATIONS = [
  [/^POST .*\/peerconn$/, 'CreatePeerConn'],
  [/^GET .*\/peerconn$/, 'ListPeerConn'],
  [/^GET .*\/peerconn\/./, 'GetPeerConn'],
  [/^GET .*\/vpc$/, 'QueryVpcList'],
  [/^GET .*\/route$/, 'QueryRoutingTable'],
  [/^GET .*\/route\/rule$/, 'QueryRoutingRules'],
  [/^POST .*\/route\/rule$/, 'CreateRoutingRules'],
  [/^POST .*\/etGateway$/, 'CreateDedicatedGateway'],
  [/^GET .*\/etGateway$/, 'QueryTheListOfDedicatedLineGateways'],
  [/^GET .*\/etGateway\/./, 'QueryTheDetailsOfTheDedicatedGateway'],
  [/^GET .*\/et\/[^/]+\/channel$/, 'QueryDedicatedChannel'],
];

const scene = (name, run, writes = [], answers = {}, about = []) => ({
  name,
  run,
  writes,
  about,
  answers: { ...ANSWERS, ...answers },
});
const route = {
  table: TABLE,
  network: A,
  destination: parseCidr('10.3.0.0/16'),
  nextHop: { kind: 'peering', id: 'qpif-initiator' },
  clientToken: 't-1',
};
const line = {
  network: A,
  port: portId('et-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'idc',
  tags: {},
  clientToken: 't-1',
};

export const FUZZ = {
  provider: 'baidu',
  headers: { 'x-bce-request-id': 'req-1' },
  operationOf: ({ method, url }) => {
    const asked = `${method} ${url.split('?')[0]}`;
    return OPERATIONS.find(([pattern]) => pattern.test(asked))?.[1] ?? '';
  },
  openDriver: (endpoint) =>
    baidu.create({ name: 'bd', region: HERE, account: accountId(ME), endpoint, options: new baidu.options(), credentials: { accessKeyId: 'k', accessKeySecret: 'canarySecret' }, env: {}, clock: new VirtualClock({ start: 0 }), random: seededRandom(1), redactor: new Redactor() }),
  scenes: [
    scene('networks.get', (d, c) => d.networks.get([A, B], c), [], {}, [A, B]),
    scene('networks.list', (d, c) => d.networks.list(undefined, c)),
    scene('routes.tables', (d, c) => d.routes.tables(A, c), [], {}, [A]),
    scene('routes.list', (d, c) => d.routes.list(A, TABLE, undefined, c), [], {}, [A, TABLE]),
    scene('peerings.list', (d, c) => d.peerings.list({}, undefined, c)),
    scene('peerings.get', (d, c) => d.peerings.get(PEER, 'initiator', c), [], {}, [PEER]),
    scene('links.list', (d, c) => d.links.list({}, undefined, c)),
    scene('links.get', (d, c) => d.links.get(LINE, c), [], {}, [LINE]),
    scene('peerings.create', (d, c) => d.peerings.create({ mechanism: 'peerconn', initiator: A, acceptor: { network: B, region: HERE }, tags: {}, clientToken: 't-1' }, c), ['CreatePeerConn']),
    scene('peerings.accept', (d, c) => d.peerings.accept(PEER, c), ['AcceptPeerConn']),
    scene('peerings.reject', (d, c) => d.peerings.reject(PEER, c), ['RejectPeerConn']),
    scene('peerings.update labels', (d, c) => d.peerings.update(PEER, 'initiator', { kind: 'labels', description: 'x' }, c), ['UpdatePeerConn']),
    scene('peerings.update bandwidth', (d, c) => d.peerings.update(PEER, 'initiator', { kind: 'bandwidth', bandwidthMbps: 20 }, c), ['UpdatePeerConnBandwidth']),
    scene('peerings.delete', (d, c) => d.peerings.delete(PEER, 'initiator', c), ['ReleasePeerConn']),
    scene('routes.create', (d, c) => d.routes.create(route, c), ['CreateRoutingRules']),
    scene('routes.delete', (d, c) => d.routes.delete({ ...route, id: 'rr-1' }, c), ['DeleteRoutingRules']),
    scene('routes.delete by key', (d, c) => d.routes.delete({ ...route, destination: parseCidr('10.1.0.0/16') }, c), ['DeleteRoutingRules']),
    scene('links.create', (d, c) => d.links.create(line, c), ['CreateDedicatedGateway']),
    scene('links.continue', (d, c) => d.links.continue(LINE, line, c), ['BindPhysicalDedicatedLine']),
    // a gateway that names no channel is bound to nothing, and then it is released
    scene('links.delete', (d, c) => d.links.delete(LINE, c), ['UnbindPhysicalDedicatedLine', 'ReleaseDedicatedGateway']),
  ],
}; // prettier-ignore
