/** What the Baidu side keeps: plain immutable records in tables. One peer connection is one record with two sides. */
import type { Services } from '../machine/cloud.js';
import type { Table } from '../machine/table.js';
import type { ChannelStatus, DnsStatus, GatewayStatus, LineStatus, PeerconnStatus } from './transitions.js';

export interface Tag {
  readonly tagKey: string;
  readonly tagValue: string;
}

/** What every regional object has: who owns it, where it lives, since when. */
interface Owned {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface VpcRecord extends Owned {
  readonly name: string;
  readonly cidr: string;
  readonly secondaryCidrs: readonly string[];
  /** '' while IPv6 is off. */
  readonly ipv6Cidr: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly relay: boolean;
  readonly tags: readonly Tag[];
  readonly routeTableId: string;
}

export interface SubnetRecord extends Owned {
  readonly name: string;
  readonly vpcId: string;
  readonly zoneName: string;
  readonly cidr: string;
  readonly ipv6Cidr: string;
  readonly subnetType: string;
  readonly description: string;
  readonly tags: readonly Tag[];
}

/** Key: routeTableId. Every VPC has exactly one, made with it. */
export interface RouteTableRecord extends Owned {
  readonly name: string;
  readonly vpcId: string;
}

export interface RouteRuleRecord extends Owned {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly nexthopType: string;
  readonly nexthopId: string;
  readonly description: string;
  /** 'normal' for a single path; multi-path rules share source and destination. */
  readonly pathType: 'normal' | 'ecmp' | 'ha:active' | 'ha:standby';
}

export type Role = 'initiator' | 'acceptor';

/** One end of a peer connection: everything that belongs to that end alone. */
export interface PeerconnSide {
  readonly account: string;
  readonly region: string;
  readonly vpcId: string;
  readonly ifId: string;
  readonly ifName: string;
  readonly description: string;
  readonly deleteProtect: boolean;
  readonly tags: readonly Tag[];
  readonly resourceGroupId: string;
}

export interface PeerconnRecord {
  readonly id: string;
  readonly status: PeerconnStatus;
  readonly createdAt: number;
  readonly bandwidthMbps: number;
  readonly billing:
    | { readonly paymentTiming: 'Postpaid' }
    | { readonly paymentTiming: 'Prepaid'; readonly paidFrom: number; readonly expiresAt: number };
  /** When an unanswered cross-account request fails; undefined inside one account. */
  readonly answerBy: number | undefined;
  readonly initiator: PeerconnSide;
  readonly acceptor: PeerconnSide;
}

/** DNS synchronisation of one side. Key: `<peerConnId>/<role>`. */
export interface DnsRecord {
  readonly id: string;
  readonly status: DnsStatus;
}

export const dnsKey = (peerConnId: string, role: Role): string => `${peerConnId}/${role}`;

interface HealthCheck {
  readonly healthCheckSourceIp: string;
  readonly healthCheckType: string;
  readonly healthCheckPort: number;
  readonly healthCheckInterval: number;
  readonly healthThreshold: number;
  readonly unhealthThreshold: number;
  readonly autoGenerateRouteRule: boolean;
}

export interface GatewayRecord extends Owned {
  readonly status: GatewayStatus;
  readonly name: string;
  readonly vpcId: string;
  readonly speed: number;
  readonly description: string;
  /** The channel that it is bound to; undefined while unbound. */
  readonly channel: { readonly etId: string; readonly channelId: string } | undefined;
  readonly localCidrs: readonly string[];
  readonly enableIpv6: boolean;
  readonly ipv6LocalCidrs: readonly string[];
  readonly tags: readonly Tag[];
  readonly resourceGroupId: string;
  readonly healthCheck: HealthCheck | undefined;
}

/** A physical dedicated line. Ordered by people, so it is seeded, never created over the API. */
export interface LineRecord extends Owned {
  readonly status: LineStatus;
  readonly name: string;
  readonly description: string;
  readonly isp: string;
  readonly intfType: string;
  readonly apType: string;
  readonly apAddr: string;
  readonly userName: string;
  readonly userPhone: string;
  readonly userEmail: string;
  readonly userIdc: string;
}

/** A channel on a line: one VLAN. `account` owns it; `authorizedUsers` may bind gateways to it too. */
export interface ChannelRecord extends Owned {
  readonly status: ChannelStatus;
  readonly lineId: string;
  readonly name: string;
  readonly description: string;
  readonly vlanId: number;
  readonly baiduAddress: string;
  readonly customerAddress: string;
  readonly routeType: 'static-route' | 'bgp';
  readonly networks: readonly string[];
  readonly bgpAsn: string;
  readonly authorizedUsers: readonly string[];
}

export class BaiduTables {
  readonly vpcs: Table<VpcRecord>;
  readonly subnets: Table<SubnetRecord>;
  readonly routeTables: Table<RouteTableRecord>;
  readonly routeRules: Table<RouteRuleRecord>;
  readonly peerconns: Table<PeerconnRecord>;
  readonly dns: Table<DnsRecord>;
  readonly gateways: Table<GatewayRecord>;
  readonly lines: Table<LineRecord>;
  readonly channels: Table<ChannelRecord>;

  constructor(services: Pick<Services, 'table'>) {
    this.vpcs = services.table('baidu.vpcs');
    this.subnets = services.table('baidu.subnets');
    this.routeTables = services.table('baidu.routeTables');
    this.routeRules = services.table('baidu.routeRules');
    this.peerconns = services.table('baidu.peerconns');
    this.dns = services.table('baidu.dns');
    this.gateways = services.table('baidu.gateways');
    this.lines = services.table('baidu.lines');
    this.channels = services.table('baidu.channels');
  }
}
