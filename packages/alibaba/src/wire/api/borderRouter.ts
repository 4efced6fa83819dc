/** Border routers and physical connections of Vpc 2016-04-28 as typed data (docs/facts/alibaba.md 3.3 and 11.2, checked 2026-11). */
import type { Answer, FilterPair, Integer64, Operation, PageAnswer, PageRequest, TagPair } from './common.js';

export interface VbrRef {
  readonly RegionId: string;
  readonly VbrId: string;
}

interface VbrSettings {
  readonly LocalGatewayIp?: string;
  readonly PeerGatewayIp?: string;
  /** /24 to /30, dotted. */
  readonly PeeringSubnetMask?: string;
  readonly LocalIpv6GatewayIp?: string;
  readonly PeerIpv6GatewayIp?: string;
  readonly PeeringIpv6SubnetMask?: string;
  readonly EnableIpv6?: boolean;
  readonly Name?: string;
  readonly Description?: string;
  readonly CircuitCode?: string;
  /** One of 50, 100, 200, 300, 400, 500, 1000, 2048, 5120, 8192, 10240, 20480, 40960, 50120, 61440, 102400. */
  readonly Bandwidth?: number;
  readonly ClientToken?: string;
}

export interface CreateVirtualBorderRouterRequest extends VbrSettings {
  readonly RegionId: string;
  readonly PhysicalConnectionId: string;
  /** 0 to 2999. */
  readonly VlanId: number;
  readonly VbrOwnerId?: Integer64;
  readonly ResourceGroupId?: string;
  readonly Tags?: readonly TagPair[];
}

export interface ModifyVirtualBorderRouterAttributeRequest extends VbrRef, VbrSettings {
  readonly VlanId?: number;
  /** Milliseconds, 200 to 1000. */
  readonly MinTxInterval?: number;
  readonly MinRxInterval?: number;
  /** 3 to 10. */
  readonly DetectMultiplier?: number;
  /** JSON text. */
  readonly AssociatedPhysicalConnections?: string;
  readonly SitelinkEnable?: boolean;
  readonly Mtu?: number;
}

export interface VirtualBorderRouter {
  readonly VbrId: string;
  readonly Status: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly RouteTableId?: string;
  /** The hidden interface toward the customer: next hop of the edge table's customer routes. */
  readonly VlanInterfaceId?: string;
  readonly VlanId: number;
  readonly AccessPointId?: string;
  readonly PhysicalConnectionId: string;
  readonly PhysicalConnectionStatus?: string;
  readonly PhysicalConnectionBusinessStatus?: string;
  readonly PhysicalConnectionOwnerUid?: string;
  readonly LocalGatewayIp?: string;
  readonly PeerGatewayIp?: string;
  readonly PeeringSubnetMask?: string;
  readonly LocalIpv6GatewayIp?: string;
  readonly PeerIpv6GatewayIp?: string;
  readonly PeeringIpv6SubnetMask?: string;
  readonly EnableIpv6?: boolean | string;
  readonly CircuitCode?: string;
  readonly Bandwidth?: number;
  readonly MinTxInterval?: number;
  readonly MinRxInterval?: number;
  readonly DetectMultiplier?: number;
  readonly CreationTime?: string;
  readonly ActivationTime?: string;
  readonly TerminationTime?: string;
  readonly RecoveryTime?: string;
  readonly Type?: string;
  readonly EccId?: string;
  readonly EcrId?: string;
  /** The vendor's own spelling. */
  readonly EcrAttatchStatus?: string;
  readonly ResourceGroupId?: string;
  readonly AssociatedPhysicalConnections?: { readonly AssociatedPhysicalConnection?: readonly object[] };
  readonly AssociatedCens?: {
    readonly AssociatedCen?: readonly {
      readonly CenId?: string;
      readonly CenOwnerId?: Integer64;
      readonly CenStatus?: string;
    }[];
  };
  readonly Tags?: { readonly Tags?: readonly TagPair[] };
}

export interface PhysicalConnection {
  readonly PhysicalConnectionId: string;
  readonly Status: string;
  readonly BusinessStatus?: string;
  readonly AccessPointId?: string;
  readonly AccessPointType?: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly Type?: string;
  readonly PortType?: string;
  readonly PortNumber?: string;
  readonly Bandwidth?: Integer64;
  readonly LineOperator?: string;
  readonly PeerLocation?: string;
  readonly AdLocation?: string;
  readonly CircuitCode?: string;
  readonly Spec?: string;
  readonly ChargeType?: string;
  readonly CreationTime?: string;
  readonly EnabledTime?: string;
  readonly EndTime?: string;
  readonly RedundantPhysicalConnectionId?: string;
  readonly LoaStatus?: string;
  readonly ProductType?: string;
  readonly VlanId?: string;
  readonly ResourceGroupId?: string;
  /** The inner key is lower case on the wire. */
  readonly Tags?: { readonly tags?: readonly TagPair[] };
}

export interface BorderRouterOperations {
  readonly CreateVirtualBorderRouter: Operation<CreateVirtualBorderRouterRequest, Answer & { readonly VbrId: string }>;
  readonly DescribeVirtualBorderRouters: Operation<
    PageRequest & {
      readonly RegionId: string;
      readonly Filter?: readonly FilterPair[];
      readonly IncludeCrossAccountVbr?: boolean;
      readonly ResourceGroupId?: string;
      readonly Tags?: readonly TagPair[];
    },
    PageAnswer & {
      readonly VirtualBorderRouterSet: { readonly VirtualBorderRouterType: readonly VirtualBorderRouter[] };
    }
  >;
  readonly ModifyVirtualBorderRouterAttribute: Operation<ModifyVirtualBorderRouterAttributeRequest>;
  readonly DeleteVirtualBorderRouter: Operation<VbrRef & { readonly ClientToken?: string }>;
  readonly TerminateVirtualBorderRouter: Operation<VbrRef & { readonly ClientToken?: string }>;
  readonly RecoverVirtualBorderRouter: Operation<VbrRef & { readonly ClientToken?: string }>;
  readonly DescribePhysicalConnections: Operation<
    PageRequest & {
      readonly RegionId: string;
      readonly Filter?: readonly FilterPair[];
      readonly IncludeReservationData?: boolean;
      readonly ResourceGroupId?: string;
      readonly Tags?: readonly TagPair[];
    },
    PageAnswer & {
      readonly PhysicalConnectionSet: { readonly PhysicalConnectionType: readonly PhysicalConnection[] };
    }
  >;
}
