/** What a row of each table holds in a saved state, member by member as `records.ts` has them. */
import { anyText, instant, maybe, row, word } from '../state/row.js';
import { either, flag, list, number, oneOf, text } from '../state/shape.js';
import type { Check } from '../state/shape.js';
import { PEERCONN_STATUSES } from './transitions.js';
import type {
  ChannelRecord,
  DnsRecord,
  GatewayRecord,
  LineRecord,
  PeerconnRecord,
  PeerconnSide,
  RouteRuleRecord,
  RouteTableRecord,
  SubnetRecord,
  Tag,
  VpcRecord,
} from './records.js';

type Billing = PeerconnRecord['billing'];
type Prepaid = Extract<Billing, { readonly paymentTiming: 'Prepaid' }>;

const owned = { id: text, account: text, region: text, createdAt: instant };
const named = { name: anyText, description: anyText };
const tags = list(row<Tag>({ tagKey: anyText, tagValue: anyText }));
const side = row<PeerconnSide>({
  account: text,
  region: text,
  vpcId: text,
  ifId: text,
  ifName: anyText,
  description: anyText,
  deleteProtect: flag,
  tags,
  resourceGroupId: anyText,
});

export const BAIDU_ROWS: Readonly<Record<string, Check>> = {
  'baidu.vpcs': row<VpcRecord>({
    ...owned,
    ...named,
    cidr: text,
    secondaryCidrs: list(text),
    ipv6Cidr: anyText,
    isDefault: flag,
    relay: flag,
    tags,
    routeTableId: text,
  }),
  'baidu.subnets': row<SubnetRecord>({
    ...owned,
    ...named,
    vpcId: text,
    zoneName: anyText,
    cidr: text,
    ipv6Cidr: anyText,
    subnetType: anyText,
    tags,
  }),
  'baidu.routeTables': row<RouteTableRecord>({ ...owned, name: anyText, vpcId: text }),
  'baidu.routeRules': row<RouteRuleRecord>({
    ...owned,
    vpcId: text,
    routeTableId: text,
    sourceAddress: anyText,
    destinationAddress: anyText,
    nexthopType: anyText,
    nexthopId: anyText,
    description: anyText,
    pathType: word<RouteRuleRecord['pathType']>({ normal: true, ecmp: true, 'ha:active': true, 'ha:standby': true }),
  }),
  'baidu.peerconns': row<PeerconnRecord>({
    id: text,
    status: oneOf(...PEERCONN_STATUSES),
    createdAt: instant,
    bandwidthMbps: number,
    billing: either(
      row<Prepaid>({ paymentTiming: word({ Prepaid: true }), paidFrom: instant, expiresAt: instant }),
      row<Exclude<Billing, Prepaid>>({ paymentTiming: word({ Postpaid: true }) }),
    ),
    answerBy: maybe(instant),
    initiator: side,
    acceptor: side,
  }),
  'baidu.dns': row<DnsRecord>({
    id: text,
    status: word<DnsRecord['status']>({ close: true, wait: true, syncing: true, open: true, closing: true }),
  }),
  'baidu.gateways': row<GatewayRecord>({
    ...owned,
    ...named,
    status: word<GatewayRecord['status']>({
      updating: true,
      running: true,
      deleting: true,
    }),
    vpcId: text,
    speed: number,
    channel: maybe(row<NonNullable<GatewayRecord['channel']>>({ etId: text, channelId: text })),
    localCidrs: list(text),
    enableIpv6: flag,
    ipv6LocalCidrs: list(text),
    tags,
    resourceGroupId: anyText,
    healthCheck: maybe(
      row<NonNullable<GatewayRecord['healthCheck']>>({
        healthCheckSourceIp: anyText,
        healthCheckType: anyText,
        healthCheckPort: number,
        healthCheckInterval: number,
        healthThreshold: number,
        unhealthThreshold: number,
        autoGenerateRouteRule: flag,
      }),
    ),
  }),
  'baidu.lines': row<LineRecord>({
    ...owned,
    ...named,
    status: word<LineRecord['status']>({
      'ack-wait': true,
      accept: true,
      reject: true,
      building: true,
      'pay-wait': true,
      established: true,
      stopped: true,
      deleted: true,
    }),
    isp: anyText,
    intfType: anyText,
    apType: anyText,
    apAddr: anyText,
    userName: anyText,
    userPhone: anyText,
    userEmail: anyText,
    userIdc: anyText,
  }),
  'baidu.channels': row<ChannelRecord>({
    ...owned,
    ...named,
    status: word<ChannelRecord['status']>({
      'ack-wait': true,
      accept: true,
      closed: true,
      'pay-wait': true,
      reject: true,
      building: true,
      established: true,
    }),
    lineId: text,
    vlanId: number,
    baiduAddress: anyText,
    customerAddress: anyText,
    routeType: word<ChannelRecord['routeType']>({ 'static-route': true, bgp: true }),
    networks: list(text),
    bgpAsn: anyText,
    authorizedUsers: list(text),
  }),
};
