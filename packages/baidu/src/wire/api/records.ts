/**
 * What the cloud answers, by its own names. Source: docs/facts/baidu.md 3 (vendor's API pages and SDK models), checked
 * 2026-11. Fields that some answers lack are optional; texts that may be empty are empty strings or null.
 */

export interface TagRecord {
  readonly tagKey: string;
  readonly tagValue: string;
}

export type PeerConnRole = 'initiator' | 'acceptor';

/** `local…` is always the side that the record was read from. */
export interface PeerConnRecord {
  readonly peerConnId: string;
  readonly role: PeerConnRole;
  /** `creating`, `consulting`, `active`, …: see `states.ts`. */
  readonly status: string;
  /** The name on the wire; the vendor's pages print `bandwithInMbp`, and some models call it a string. */
  readonly bandwidthInMbps?: number | string;
  readonly bandwithInMbp?: number | string;
  readonly description?: string | null;
  readonly localIfId?: string;
  readonly localIfName?: string;
  readonly localVpcId: string;
  readonly localRegion: string;
  readonly peerVpcId: string;
  readonly peerRegion: string;
  /** Of the other side; for a link inside one account its own id. */
  readonly peerAccountId?: string;
  readonly paymentTiming?: PaymentTiming;
  /** `close`, `wait`, `syncing`, `open` or `closing`; of this side. */
  readonly dnsStatus?: string;
  /** `YYYY-MM-DD HH:mm:ss` without a zone. */
  readonly createdTime?: string;
  /** The same form; null or empty for Postpaid. */
  readonly expiredTime?: string | null;
  /** These two stand in the answer for one link; a listing may lack them. */
  readonly tags?: readonly TagRecord[] | null;
  readonly deleteProtect?: boolean;
}

export type PaymentTiming = 'Prepaid' | 'Postpaid';

export interface Reservation {
  /** 1 to 9, 12, 24 or 36. */
  readonly reservationLength: number;
  readonly reservationTimeUnit?: 'month';
}

export interface Billing {
  readonly paymentTiming: PaymentTiming;
  /** Only with Prepaid. */
  readonly reservation?: Reservation;
}

export interface SubnetRecord {
  readonly subnetId: string;
  readonly name: string;
  readonly zoneName: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly vpcId: string;
  /** `BCC`, `BBC`, older `BCC_NAT`. */
  readonly subnetType?: string;
  readonly description?: string;
  readonly createdTime?: string;
  readonly availableIp?: number;
  readonly tags?: readonly TagRecord[];
}

export interface VpcRecord {
  readonly vpcId: string;
  readonly name: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string | null;
  readonly secondaryCidr?: readonly string[] | null;
  readonly description?: string;
  readonly isDefault?: boolean;
  readonly createdTime?: string;
  readonly tags?: readonly TagRecord[];
  /** Sure only in the answer for one VPC; listings have it in some SDK models only. */
  readonly relay?: boolean;
  /** Only in the answer for one VPC. */
  readonly subnets?: readonly SubnetRecord[];
}

export interface RouteRuleRecord {
  readonly routeRuleId?: string;
  readonly routeTableId: string;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly nexthopId?: string;
  readonly nexthopType: string;
  readonly description?: string | null;
  readonly pathType?: string;
}

export interface RouteTableRecord {
  readonly routeTableId: string;
  readonly name?: string;
  readonly vpcId?: string;
  readonly routeRules: readonly RouteRuleRecord[];
}

export interface EtGatewayRecord {
  readonly etGatewayId: string;
  readonly name: string;
  readonly status: string;
  /** Mbit/s. */
  readonly speed: number | string;
  /** ISO 8601 with zone, unlike everywhere else, and spelt without a d. */
  readonly createTime?: string;
  readonly description?: string | null;
  readonly vpcId: string;
  /** Empty or absent while bound to no channel. */
  readonly etId?: string | null;
  readonly channelId?: string | null;
  readonly localCidrs?: readonly string[] | null;
  readonly enableIpv6?: number;
  readonly ipv6LocalCidrs?: readonly string[] | null;
  readonly tags?: readonly TagRecord[] | null;
  readonly healthCheckSourceIp?: string;
  readonly healthCheckDestIp?: string;
  readonly healthCheckType?: string;
  readonly healthCheckPort?: number;
  readonly healthCheckInterval?: number;
  readonly healthThreshold?: number;
  readonly unhealthThreshold?: number;
}

/** A physical dedicated line. */
export interface EtRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** `ack-wait`, `accept`, `reject`, `building`, `pay-wait`, `established`, `stopped` or `deleted`. */
  readonly status: string;
  readonly expireTime?: string;
  readonly isp?: string;
  readonly intfType?: string;
  readonly apType?: string;
  readonly apAddr?: string;
  readonly tags?: readonly TagRecord[];
}

/** A VLAN on a line. */
export interface EtChannelRecord {
  readonly id: string;
  readonly name: string;
  /** `ack-wait`, `accept`, `closed`, `pay-wait`, `reject`, `building` or `established`. */
  readonly status: string;
  readonly vlanId: number | string;
  /** With prefix. */
  readonly baiduAddress: string;
  readonly customerAddress: string;
  readonly routeType?: string;
  readonly networks?: readonly string[];
  readonly authorizedUsers?: readonly string[];
  readonly bgpAsn?: string;
  readonly enableIpv6?: number;
  readonly tags?: readonly TagRecord[];
}
