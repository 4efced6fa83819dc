/** Every operation of the driver, with honest answers small enough to lie about: for the fuzzer of packages/core/bench. */
import { URLSearchParams } from 'node:url';
import { aws } from '@peerway/aws';
import {
  accountId,
  networkId,
  parseCidr,
  peeringId,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';

const [ME, OTHER] = ['111111111111', '222222222222'];
const HERE = 'us-east-1';
const [A, B] = ['vpc-a', 'vpc-b'];
const [PCX, TABLE] = ['pcx-1', 'rtb-1'];

const tagSet = [{ key: 'peerway.stack', value: 'shop' }];
const vpc = (vpcId, cidrBlock, six) => ({
  vpcId,
  ownerId: ME,
  state: 'available',
  cidrBlock,
  cidrBlockAssociationSet: [{ associationId: 'vpc-cidr-assoc-1', cidrBlock, cidrBlockState: { state: 'associated' } }],
  ipv6CidrBlockAssociationSet: [{ ipv6CidrBlock: six, ipv6CidrBlockState: { state: 'associated' } }],
  tagSet: [{ key: 'Name', value: 'web' }],
});
const end = (vpcId, ownerId, cidrBlock) => ({
  ownerId,
  vpcId,
  region: HERE,
  cidrBlock,
  cidrBlockSet: [{ cidrBlock }],
  ipv6CidrBlockSet: [{ ipv6CidrBlock: '2001:db8::/56' }],
  peeringOptions: { allowDnsResolutionFromRemoteVpc: false },
});
const peering = (code, accepter = ME) => ({
  vpcPeeringConnectionId: PCX,
  requesterVpcInfo: end(A, ME, '10.0.0.0/16'),
  accepterVpcInfo: end(B, accepter, '10.1.0.0/16'),
  status: { code, message: code },
  expirationTime: '2026-12-03T10:00:00.000Z',
  tagSet,
});
const route = (destination, target, more = {}) => ({
  ...destination,
  ...target,
  state: 'active',
  origin: 'CreateRoute',
  ...more,
});
const table = (routeTableId, associationSet) => ({
  routeTableId,
  vpcId: A,
  routeSet: [
    route(
      { destinationCidrBlock: '10.0.0.0/16' },
      { gatewayId: 'local' },
      { state: 'active', origin: 'CreateRouteTable' },
    ),
    route({ destinationIpv6CidrBlock: '2001:db8:1::/56' }, { vpcPeeringConnectionId: PCX }),
  ],
  associationSet,
  tagSet: [],
});

const done = { return: true };
const ANSWERS = {
  GetCallerIdentity: { GetCallerIdentityResult: { Account: ME } },
  DescribeVpcs: { vpcSet: [vpc(A, '10.0.0.0/16', '2001:db8::/56'), vpc(B, '10.1.0.0/16', '2001:db8:1::/56')] },
  DescribeVpcPeeringConnections: { vpcPeeringConnectionSet: [peering('active')] },
  DescribeRouteTables: { routeTableSet: [table(TABLE, [{ main: true }]), table('rtb-2', [{ subnetId: 'subnet-1' }])] },
  CreateVpcPeeringConnection: { vpcPeeringConnection: peering('initiating-request') },
  AcceptVpcPeeringConnection: { vpcPeeringConnection: { vpcPeeringConnectionId: PCX } },
  RejectVpcPeeringConnection: done,
  DeleteVpcPeeringConnection: done,
  ModifyVpcPeeringConnectionOptions: {},
  CreateTags: done,
  DeleteTags: done,
  CreateRoute: done,
  DeleteRoute: done,
};

const text = (value) =>
  String(value ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
/** As the cloud writes it: no element for what is not there, one without content for what is empty. */
const element = (name, value) => {
  if (value === undefined) return '';
  const inside = Array.isArray(value)
    ? value.map((item) => element('item', item)).join('')
    : typeof (value ?? '') === 'object'
      ? Object.entries(value)
          .map(([key, inner]) => element(key, inner))
          .join('')
      : text(value);
  return `<${name}>${inside}</${name}>`;
};

const refused = (code) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>`;
/** Ten to the ninth letters, if anybody expands it. */
const BOMB = `<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">${Array.from({ length: 8 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]><x>&a8;</x>`;

const scene = (name, run, { writes = [], answers = {}, about = [] } = {}) => ({
  name,
  run,
  writes,
  about,
  answers: { ...ANSWERS, ...answers },
});
const createOf = (more = {}) => ({
  mechanism: 'vpc-peering',
  initiator: networkId(A),
  acceptor: { network: networkId(B), region: regionId(HERE), account: accountId(ME) },
  tags: { 'peerway.stack': 'shop' },
  clientToken: 't-1',
  ...more,
});
const ref = (destination) => ({
  table: routeTableId(TABLE),
  network: networkId(A),
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: PCX },
});
const ID = peeringId(PCX);
const across = { DescribeVpcPeeringConnections: { vpcPeeringConnectionSet: [peering('active', OTHER)] } };
const change = (kind, more) => (d, c) => d.peerings.update(ID, 'initiator', { kind, ...more }, c);

export const FUZZ = {
  provider: 'aws',
  headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': 'req-1' },
  operationOf: (_, body) => new URLSearchParams(body).get('Action') ?? '',
  print: (operation, body) =>
    `<?xml version="1.0" encoding="UTF-8"?>${element(`${operation}Response`, typeof body === 'object' && body !== null && !Array.isArray(body) ? { requestId: 'req-1', ...body } : body)}`,
  wholes: [
    '<x>'.repeat(20_000),
    BOMB,
    refused('InvalidStateTransition'), // with HTTP 200
    '<DescribeVpcsResponse/>',
    '<a/><b/>',
  ],
  mayLack: [
    // for people, or read by nobody here
    ...['requestId', 'message', 'associationId', 'expirationTime', 'return'],
    // lists that the cloud leaves out where they would be empty, and members of them that say no more than another
    ...['tagSet', 'value', 'subnetId', 'main', 'ipv6CidrBlockAssociationSet', 'cidrBlockSet', 'ipv6CidrBlockSet'],
    // of an end, while nobody has agreed or to another account
    ...['cidrBlock', 'peeringOptions', 'allowDnsResolutionFromRemoteVpc'],
    // a route has one of each, and none where what it pointed at is gone
    ...['gatewayId', 'vpcPeeringConnectionId'],
    // a route without one is told as unreadable, by itself
    ...['destinationCidrBlock', 'destinationIpv6CidrBlock'],
  ],
  openDriver: (endpoint) =>
    aws.create({
      name: 'us',
      region: regionId(HERE),
      account: accountId(ME),
      endpoint,
      options: new aws.options(),
      credentials: { accessKeyId: 'AKIAFUZZ', secretAccessKey: 'canarySecret' },
      env: {},
      clock: new VirtualClock({ start: 0 }),
      random: seededRandom(1),
      redactor: new Redactor(),
    }),
  scenes: [
    scene('networks.get', (d, c) => d.networks.get([networkId(A), networkId(B)], c), { about: [A, B] }),
    scene('networks.list', (d, c) => d.networks.list(undefined, c)),
    scene('ownAccount', (d, c) => d.ownAccount(c)),
    scene('routes.tables', (d, c) => d.routes.tables(networkId(A), c), { about: [A] }),
    scene('routes.list', (d, c) => d.routes.list(networkId(A), routeTableId(TABLE), undefined, c), {
      about: [A, TABLE],
    }),
    scene('peerings.list', (d, c) => d.peerings.list({}, undefined, c)),
    scene('peerings.list of a network', (d, c) => d.peerings.list({ between: [networkId(A), networkId(B)] }, undefined, c), { about: [A, B] }),
    scene('peerings.list across accounts', (d, c) => d.peerings.list({}, undefined, c), { answers: across }),
    scene('peerings.get', (d, c) => d.peerings.get(ID, 'initiator', c), { about: [PCX] }),
    scene('peerings.get across accounts', (d, c) => d.peerings.get(ID, 'initiator', c), { answers: across, about: [PCX] }),
    scene('peerings.create', (d, c) => d.peerings.create(createOf(), c), { writes: ['CreateVpcPeeringConnection'] }),
    scene('peerings.accept', (d, c) => d.peerings.accept(ID, c), { writes: ['AcceptVpcPeeringConnection'], about: [PCX] }),
    scene('peerings.reject', (d, c) => d.peerings.reject(ID, c), { writes: ['RejectVpcPeeringConnection'] }),
    scene('peerings.name', change('labels', { name: 'n2' }), { writes: ['CreateTags'] }),
    scene('peerings.tags', change('tags', { set: { a: 'b' }, remove: ['c'] }), { writes: ['CreateTags', 'DeleteTags'] }),
    scene('peerings.dnsSync', change('dnsSync', { enabled: true }), { writes: ['ModifyVpcPeeringConnectionOptions'] }),
    scene('peerings.delete', (d, c) => d.peerings.delete(ID, 'initiator', c), { writes: ['DeleteVpcPeeringConnection'] }),
    scene('routes.create', (d, c) => d.routes.create({ ...ref('10.1.0.0/16'), clientToken: 't-1' }, c), { writes: ['CreateRoute'] }),
    scene('routes.delete', (d, c) => d.routes.delete(ref('10.1.0.0/16'), c), { writes: ['DeleteRoute'] }),
  ],
}; // prettier-ignore
