/** VPCs, route tables, routes and tags of Vpc 2016-04-28 as typed data (docs/facts/alibaba.md 3.2 and 3.4, checked 2026-11). */
import type { Answer, Integer64, Operation, PageAnswer, PageRequest, TagPair } from './common.js';

export interface Vpc {
  readonly VpcId: string;
  readonly VpcName?: string;
  readonly RegionId?: string;
  readonly Status: string;
  readonly CidrBlock: string;
  readonly VRouterId?: string;
  readonly OwnerId: Integer64;
  readonly Description?: string;
  readonly IsDefault?: boolean;
  readonly CreationTime?: string;
  readonly ResourceGroupId?: string;
  readonly CenStatus?: string;
  readonly EnabledIpv6?: boolean;
  readonly Ipv6CidrBlock?: string;
  readonly Ipv6CidrBlocks?: { readonly Ipv6CidrBlock?: readonly { readonly Ipv6CidrBlock?: string }[] };
  readonly SecondaryCidrBlocks?: { readonly SecondaryCidrBlock?: readonly string[] };
  readonly UserCidrs?: { readonly UserCidr?: readonly string[] };
  readonly RouterTableIds?: { readonly RouterTableIds?: readonly string[] };
  readonly VSwitchIds?: { readonly VSwitchId?: readonly string[] };
  readonly NatGatewayIds?: { readonly NatGatewayIds?: readonly string[] };
  readonly Tags?: { readonly Tag?: readonly TagPair[] };
}

export interface RouteTableItem {
  readonly RouteTableId: string;
  readonly RouteTableName?: string;
  /** `System` or `Custom`. */
  readonly RouteTableType?: string;
  readonly RouterId?: string;
  readonly RouterType?: string;
  readonly VpcId?: string;
  readonly Status?: string;
  readonly AssociateType?: string;
  readonly OwnerId?: Integer64;
  readonly Description?: string;
  readonly CreationTime?: string;
  readonly ResourceGroupId?: string;
  readonly VSwitchIds?: { readonly VSwitchId?: readonly string[] };
  readonly Tags?: { readonly Tag?: readonly TagPair[] };
}

export interface RouteNextHop {
  readonly NextHopId?: string;
  readonly NextHopType?: string;
  readonly NextHopRegionId?: string;
  readonly Weight?: number;
  /** 0 or 1, only for router interfaces. */
  readonly Enabled?: number;
  readonly NextHopRelatedInfo?: {
    readonly InstanceId?: string;
    /** `VPC`, `VBR`, `PCONN`. */
    readonly InstanceType?: string;
    readonly RegionId?: string;
  };
}

export interface RouteEntry {
  readonly RouteEntryId?: string;
  readonly RouteEntryName?: string;
  readonly Description?: string;
  readonly DestinationCidrBlock: string;
  readonly RouteTableId: string;
  readonly Status: string;
  readonly Type: string;
  readonly IpVersion?: string;
  readonly GmtModified?: string;
  readonly Origin?: string;
  readonly ServiceType?: string;
  readonly NextHops?: { readonly NextHop?: readonly RouteNextHop[] };
}

export type NextHopType =
  | 'Instance'
  | 'HaVip'
  | 'RouterInterface'
  | 'NetworkInterface'
  | 'VpnGateway'
  | 'IPv6Gateway'
  | 'NatGateway'
  | 'Attachment'
  | 'VpcPeer'
  | 'Ipv4Gateway'
  | 'GatewayEndpoint'
  | 'Ecr'
  | 'GatewayLoadBalancerEndpoint'
  | 'RouteTargetGroup';

export interface NextHopListItem {
  readonly NextHopId: string;
  readonly NextHopType: 'RouterInterface';
  readonly Weight?: number;
}

export interface CreateRouteEntryRequest {
  readonly RegionId?: string;
  readonly RouteTableId: string;
  readonly DestinationCidrBlock: string;
  readonly NextHopType?: NextHopType;
  readonly NextHopId?: string;
  /** 2 to 16 router interfaces; excludes NextHopType and NextHopId. */
  readonly NextHopList?: readonly NextHopListItem[];
  readonly RouteEntryName?: string;
  readonly Description?: string;
  readonly DryRun?: boolean;
  readonly ClientToken?: string;
}

/** Names one entry, by its id or by table and destination, and what becomes of it. Source: @alicloud/vpc20160428, read 2026-11. */
export interface ModifyRouteEntryRequest {
  readonly RegionId?: string;
  readonly RouteEntryId?: string;
  readonly RouteTableId?: string;
  readonly DestinationCidrBlock?: string;
  readonly RouteEntryName?: string;
  readonly Description?: string;
}

export interface DeleteRouteEntryRequest {
  readonly RegionId?: string;
  readonly RouteEntryId?: string;
  readonly RouteTableId?: string;
  readonly DestinationCidrBlock?: string;
  readonly NextHopId?: string;
  readonly NextHopList?: readonly NextHopListItem[];
  readonly DryRun?: boolean;
}

export interface BatchCreateEntry {
  readonly RouteTableId: string;
  readonly DstCidrBlock: string;
  readonly NextHop: string;
  readonly NextHopType: NextHopType;
  readonly IpVersion?: 4 | 6;
  readonly Name?: string;
  readonly Description?: string;
}

export interface BatchDeleteEntry {
  readonly RouteTableId: string;
  readonly RouteEntryId?: string;
  readonly DstCidrBlock?: string;
  readonly NextHop?: string;
}

export interface FailedRouteEntry {
  readonly RouteEntryId?: string;
  readonly DstCidrBlock?: string;
  readonly NextHop?: string;
  readonly FailedCode?: string;
  readonly FailedMessage?: string;
}

/** HTTP 200 also when some entries failed: `FailedCount` tells. */
export interface RouteBatchAnswer extends Answer {
  readonly RouteEntryIds?: readonly string[];
  readonly SuccessCount?: number;
  readonly FailedCount?: number;
  readonly FailedRouteEntries?: readonly FailedRouteEntry[];
}

export interface DescribeRouteEntryListRequest {
  readonly RegionId: string;
  readonly RouteTableId: string;
  readonly RouteEntryId?: string;
  readonly DestinationCidrBlock?: string;
  readonly DestCidrBlockList?: readonly string[];
  readonly RouteEntryName?: string;
  readonly IpVersion?: 'ipv4' | 'ipv6';
  readonly RouteEntryType?: 'Custom' | 'System' | 'BGP' | 'CEN' | 'ECR';
  readonly NextHopId?: string;
  readonly NextHopType?: NextHopType;
  readonly ServiceType?: 'TR';
  readonly MaxResult?: number;
  readonly NextToken?: string;
}

/** `ROUTERINTERFACE` and `VIRTUALBORDERROUTER` are known from the Terraform provider alone. */
export type VpcResourceType = 'VPC' | 'VSWITCH' | 'ROUTETABLE' | 'ROUTERINTERFACE' | 'VIRTUALBORDERROUTER';

export interface VpcTagsRequest {
  readonly RegionId: string;
  readonly ResourceType: VpcResourceType;
  readonly ResourceId: readonly string[];
}

export interface NetworkOperations {
  readonly DescribeVpcs: Operation<
    PageRequest & {
      readonly RegionId: string;
      /** Up to 20 ids as a comma list. */
      readonly VpcId?: string;
      readonly VpcName?: string;
      readonly IsDefault?: boolean;
      readonly VpcOwnerId?: Integer64;
      readonly EnableIpv6?: boolean;
      readonly ResourceGroupId?: string;
      readonly Tag?: readonly TagPair[];
      readonly DryRun?: boolean;
    },
    PageAnswer & { readonly Vpcs: { readonly Vpc: readonly Vpc[] } }
  >;
  readonly DescribeVpcAttribute: Operation<
    { readonly RegionId: string; readonly VpcId: string; readonly IsDefault?: boolean; readonly DryRun?: boolean },
    Answer & Vpc
  >;
  readonly DescribeRegions: Operation<
    { readonly ProductType?: string; readonly AcceptLanguage?: 'zh-CN' | 'en-US' },
    Answer & {
      readonly Regions: {
        readonly Region: readonly {
          readonly RegionId: string;
          readonly LocalName?: string;
          readonly RegionEndpoint?: string;
        }[];
      };
    }
  >;
  readonly DescribeRouteTableList: Operation<
    PageRequest & {
      readonly RegionId: string;
      readonly RouterType?: 'VRouter' | 'VBR';
      readonly RouterId?: string;
      readonly VpcId?: string;
      readonly RouteTableId?: string;
      readonly RouteTableName?: string;
      readonly RouteTableType?: 'System' | 'Custom';
      readonly ResourceGroupId?: string;
      readonly Tag?: readonly TagPair[];
    },
    PageAnswer & { readonly RouterTableList: { readonly RouterTableListType: readonly RouteTableItem[] } }
  >;
  readonly DescribeRouteEntryList: Operation<
    DescribeRouteEntryListRequest,
    Answer & {
      readonly NextToken?: string;
      readonly TotalCount?: number;
      readonly RouteEntrys: { readonly RouteEntry: readonly RouteEntry[] };
    }
  >;
  readonly CreateRouteEntry: Operation<CreateRouteEntryRequest, Answer & { readonly RouteEntryId?: string }>;
  readonly ModifyRouteEntry: Operation<ModifyRouteEntryRequest>;
  readonly DeleteRouteEntry: Operation<DeleteRouteEntryRequest>;
  /** 1 to 50 entries. No ClientToken. */
  readonly CreateRouteEntries: Operation<
    { readonly RegionId: string; readonly RouteEntries: readonly BatchCreateEntry[]; readonly DryRun?: boolean },
    RouteBatchAnswer
  >;
  readonly DeleteRouteEntries: Operation<
    { readonly RegionId: string; readonly RouteEntries: readonly BatchDeleteEntry[]; readonly DryRun?: boolean },
    RouteBatchAnswer
  >;
  readonly TagResources: Operation<VpcTagsRequest & { readonly Tag: readonly TagPair[] }>;
  readonly UnTagResources: Operation<VpcTagsRequest & { readonly TagKey?: readonly string[]; readonly All?: boolean }>;
  readonly ListTagResources: Operation<
    {
      readonly RegionId: string;
      readonly ResourceType: VpcResourceType;
      readonly ResourceId?: readonly string[];
      readonly Tag?: readonly TagPair[];
      readonly MaxResults?: number;
      readonly NextToken?: string;
    },
    Answer & {
      readonly NextToken?: string;
      readonly TagResources: {
        readonly TagResource: readonly {
          readonly ResourceType: string;
          readonly ResourceId: string;
          readonly TagKey: string;
          readonly TagValue: string;
        }[];
      };
    }
  >;
}
