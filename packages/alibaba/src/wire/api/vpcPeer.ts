/** VpcPeer 2022-01-01, all 11 operations as typed data (docs/facts/alibaba.md 3.5, vendor metadata M24 and M25, checked 2026-11). */
import type { Answer, Integer64, Operation, TagPair } from './common.js';

export interface CreateVpcPeerConnectionRequest {
  readonly RegionId: string;
  readonly VpcId: string;
  /** Also for one's own account: the field has no default. */
  readonly AcceptingAliUid: Integer64;
  readonly AcceptingRegionId: string;
  readonly AcceptingVpcId: string;
  /** 2 to 128 characters. */
  readonly Name?: string;
  /** 2 to 256 characters. */
  readonly Description?: string;
  /** Mbit/s, above 0, only between regions. */
  readonly Bandwidth?: number;
  /** Only between regions; the reference (docs/facts/alibaba.md 11.3) names Gold (default) and Platinum, the Terraform provider also takes Silver. */
  readonly LinkType?: 'Gold' | 'Platinum' | 'Silver';
  readonly ResourceGroupId?: string;
  readonly Tag?: readonly TagPair[];
  readonly DryRun?: boolean;
  readonly ClientToken?: string;
}

export interface VpcPeerInstance {
  readonly InstanceId: string;
}

export interface ChangeVpcPeerRequest extends VpcPeerInstance {
  readonly DryRun?: boolean;
  readonly ClientToken?: string;
}

export interface AcceptVpcPeerConnectionRequest extends ChangeVpcPeerRequest {
  readonly ResourceGroupId?: string;
  readonly Tag?: readonly TagPair[];
}

export interface ModifyVpcPeerConnectionRequest extends ChangeVpcPeerRequest {
  readonly Name?: string;
  readonly Description?: string;
  readonly Bandwidth?: number;
  readonly LinkType?: 'Gold' | 'Platinum' | 'Silver';
}

export interface DeleteVpcPeerConnectionRequest extends ChangeVpcPeerRequest {
  /** The service then deletes the routes that point at the peering. Default false. */
  readonly Force?: boolean;
}

export interface VpcPeerEnd {
  readonly VpcId: string;
  readonly Ipv4Cidrs?: readonly string[];
  readonly Ipv6Cidrs?: readonly string[];
}

export interface VpcPeerConnection {
  readonly InstanceId: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly ResourceGroupId?: string;
  readonly GmtCreate?: string;
  readonly GmtModified?: string;
  /** Meaningful only in `Accepting` and `Expired`. */
  readonly GmtExpired?: string | null;
  readonly OwnerId: Integer64;
  readonly AcceptingOwnerUid: Integer64;
  readonly RegionId: string;
  readonly AcceptingRegionId: string;
  /** -1: unlimited. */
  readonly Bandwidth?: number;
  readonly Status: string;
  /** `Normal`, `FinancialLocked`. */
  readonly BizStatus?: string;
  readonly LinkType?: string;
  readonly ManagedService?: string;
  readonly Vpc: VpcPeerEnd;
  readonly AcceptingVpc: VpcPeerEnd;
  readonly Tags?: readonly TagPair[];
}

export interface ListVpcPeerConnectionsRequest {
  readonly RegionId?: string;
  readonly InstanceId?: string;
  /** One or two ids as a comma list; two name exactly that pair. */
  readonly VpcId?: string;
  readonly Name?: string;
  readonly ResourceGroupId?: string;
  readonly Tags?: readonly TagPair[];
  /** 1 to 100, default 20. */
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface ListVpcPeerConnectionsAnswer extends Answer {
  readonly VpcPeerConnects: readonly VpcPeerConnection[];
  readonly TotalCount?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface VpcPeerTagsRequest {
  readonly RegionId: string;
  readonly ResourceType: 'PeerConnection';
  readonly ResourceId: readonly string[];
  readonly ClientToken?: string;
}

export interface VpcPeerTagList extends Answer {
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly TagResources: readonly {
    readonly ResourceId: string;
    readonly ResourceType: string;
    readonly RegionNo?: string;
    readonly TagKey: string;
    readonly TagValue: string;
  }[];
}

interface Success extends Answer {
  readonly Success?: boolean;
}

export interface VpcPeerOperations {
  readonly CreateVpcPeerConnection: Operation<CreateVpcPeerConnectionRequest, Answer & VpcPeerInstance>;
  readonly GetVpcPeerConnectionAttribute: Operation<VpcPeerInstance, Answer & VpcPeerConnection>;
  readonly ListVpcPeerConnections: Operation<ListVpcPeerConnectionsRequest, ListVpcPeerConnectionsAnswer>;
  readonly AcceptVpcPeerConnection: Operation<AcceptVpcPeerConnectionRequest>;
  readonly RejectVpcPeerConnection: Operation<ChangeVpcPeerRequest>;
  readonly ModifyVpcPeerConnection: Operation<ModifyVpcPeerConnectionRequest>;
  readonly DeleteVpcPeerConnection: Operation<DeleteVpcPeerConnectionRequest>;
  readonly MoveResourceGroup: Operation<
    {
      readonly RegionId: string;
      readonly ResourceId: string;
      readonly ResourceType: 'PeerConnection';
      readonly NewResourceGroupId: string;
    },
    Success
  >;
  readonly TagResources: Operation<VpcPeerTagsRequest & { readonly Tag: readonly TagPair[] }, Success>;
  readonly UnTagResources: Operation<
    VpcPeerTagsRequest & { readonly TagKey?: readonly string[]; readonly All?: boolean },
    Success
  >;
  readonly ListTagResources: Operation<
    Partial<VpcPeerTagsRequest> & {
      readonly RegionId: string;
      readonly ResourceType: 'PeerConnection';
      readonly Tag?: readonly TagPair[];
      readonly MaxResults?: number;
      readonly NextToken?: string;
    },
    VpcPeerTagList
  >;
}
