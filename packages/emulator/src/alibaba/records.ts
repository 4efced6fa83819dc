/** The objects of Alibaba Cloud, as plain immutable data. Every record has one owner, or two sides and no owner. */

/** Where an object lives: whose it is and in which region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface VpcRecord extends Place {
  readonly id: string;
  readonly status: 'Pending' | 'Available';
  readonly name: string;
  readonly description: string;
  readonly cidr: string;
  readonly secondaryCidrs: readonly string[];
  readonly userCidrs: readonly string[];
  readonly ipv6Cidr: string;
  readonly router: string;
  readonly resourceGroup: string;
  readonly createdAt: number;
  /** Put there by the test, not by a request: does not count against the quota. */
  readonly seeded: boolean;
}

export interface VSwitchRecord extends Place {
  readonly id: string;
  readonly status: 'Pending' | 'Available';
  readonly vpc: string;
  readonly zone: string;
  readonly name: string;
  readonly description: string;
  readonly cidr: string;
  /** The custom route table it is associated with; absent: the system table of its VPC. */
  readonly routeTable?: string;
  readonly createdAt: number;
}

/** A resource group, which people make. */
export interface ResourceGroupRecord {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly displayName: string;
  readonly createdAt: number;
}

export type RouterType = 'VRouter' | 'VBR';

export interface RouteTableRecord extends Place {
  readonly id: string;
  /** `vrt-…` of a VPC or `vbr-…`. */
  readonly router: string;
  readonly routerType: RouterType;
  /** What serialises route tasks: the VPC or the VBR. */
  readonly scope: string;
  readonly type: 'System' | 'Custom';
  /** What a custom table is for; absent: vSwitches. */
  readonly associateType?: 'VSwitch' | 'Gateway';
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

type NextHopType = 'VpcPeer' | 'RouterInterface' | 'local' | 'service' | 'Instance';

export interface NextHop {
  readonly type: NextHopType;
  readonly id: string;
  readonly weight?: number;
  /** False: it takes no traffic, and says so (docs/facts/alibaba.md 3.2: `Enabled`). Absent: it does. */
  readonly enabled?: boolean;
}

export type RouteStatus = 'Pending' | 'Available' | 'Deleting';

export interface RouteEntryRecord extends Place {
  readonly id: string;
  readonly status: RouteStatus;
  readonly table: string;
  readonly scope: string;
  readonly destination: string;
  readonly ipVersion: 'ipv4' | 'ipv6';
  readonly nextHops: readonly NextHop[];
  readonly name: string;
  readonly description: string;
  readonly type: 'System' | 'Custom';
  readonly modifiedAt: number;
}

export type VpcPeerStatus =
  'Creating' | 'Accepting' | 'Updating' | 'Rejected' | 'Expired' | 'Activated' | 'Deleting' | 'Deleted';

export interface PeerEnd extends Place {
  readonly vpc: string;
}

export interface VpcPeerRecord {
  readonly id: string;
  readonly status: VpcPeerStatus;
  readonly initiator: PeerEnd;
  readonly acceptor: PeerEnd;
  readonly name: string;
  readonly description: string;
  /** Mbps; -1: unlimited, which is every same-region peering. */
  readonly bandwidth: number;
  /** '' inside one region. */
  readonly linkType: string;
  /** Resource group of each side; '' when the side has not chosen one. */
  readonly resourceGroups: { readonly initiator: string; readonly acceptor: string };
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Set when the accepter is another account. */
  readonly expiresAt?: number;
}

/** Tags of one object as one account sees them: the other side of a peering has its own. */
export interface TagsRecord {
  /** '<account>/<resource id>' */
  readonly id: string;
  readonly account: string;
  readonly resource: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PhysicalConnectionRecord extends Place {
  readonly id: string;
  readonly status: 'Enabled' | 'Terminated';
  readonly name: string;
  readonly accessPoint: string;
  readonly createdAt: number;
}

export type RouterInterfaceStatus =
  | 'Idle'
  | 'AcceptingConnecting'
  | 'Connecting'
  | 'Activating'
  | 'Active'
  | 'Modifying'
  | 'Deactivating'
  | 'Inactive'
  | 'Deleting';

/** What an interface knows of its peer; every member may be missing until somebody sets it. */
export interface OppositeData {
  readonly region: string;
  readonly routerType: RouterType;
  readonly interface: string;
  readonly router: string;
  /** '' when it was never set: the service then takes the owner's own account. */
  readonly owner: string;
  readonly accessPoint: string;
}

export interface RouterInterfaceRecord extends Place {
  readonly id: string;
  readonly status: RouterInterfaceStatus;
  readonly role: 'InitiatingSide' | 'AcceptingSide';
  readonly spec: string;
  readonly router: string;
  readonly routerType: RouterType;
  /** VPC or VBR id of the router. */
  readonly scope: string;
  readonly accessPoint: string;
  readonly opposite: OppositeData;
  /** Until this instant Connect does not see the newest peer data. */
  readonly oppositeVisibleAt: number;
  /** Set at the first successful connect and kept: there is no way back to Idle. */
  readonly connectedAt?: number;
  readonly name: string;
  readonly description: string;
  readonly chargeType: 'AfterPay' | 'Prepaid';
  readonly healthCheckSourceIp: string;
  readonly healthCheckTargetIp: string;
  readonly hcRate?: number;
  readonly hcThreshold?: number;
  readonly resourceGroup: string;
  readonly createdAt: number;
}

export type BorderRouterStatus = 'unconfirmed' | 'active' | 'terminating' | 'terminated' | 'recovering' | 'deleting';

export interface BorderRouterRecord extends Place {
  readonly id: string;
  readonly status: BorderRouterStatus;
  readonly port: string;
  /** Account that owns the physical connection. */
  readonly portOwner: string;
  readonly accessPoint: string;
  readonly vlan: number;
  /** The hidden interface toward the customer, `ri-…`. */
  readonly vlanInterface: string;
  readonly routeTable: string;
  readonly localGatewayIp: string;
  readonly peerGatewayIp: string;
  readonly peeringSubnetMask: string;
  readonly localIpv6GatewayIp?: string;
  readonly peerIpv6GatewayIp?: string;
  /** The subnet of both, e.g. '2408:4004:cc:400::/56'. */
  readonly peeringIpv6SubnetMask?: string;
  readonly enableIpv6?: boolean;
  readonly sitelinkEnable?: boolean;
  readonly mtu?: number;
  readonly name: string;
  readonly description: string;
  readonly circuitCode: string;
  readonly bandwidth?: number;
  readonly minTxInterval: number;
  readonly minRxInterval: number;
  readonly detectMultiplier: number;
  readonly resourceGroup: string;
  readonly createdAt: number;
  readonly terminatedAt?: number;
}
