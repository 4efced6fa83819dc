/** Router interfaces of Vpc 2016-04-28 as typed data (docs/facts/alibaba.md 3.1, 11.1 and 11.2, checked 2026-11). */
import type { Answer, FilterPair, Integer64, Operation, PageAnswer, PageRequest, TagPair } from './common.js';

export type RouterType = 'VRouter' | 'VBR';

export interface CreateRouterInterfaceRequest {
  readonly RegionId: string;
  readonly Role: 'InitiatingSide' | 'AcceptingSide';
  readonly OppositeRegionId: string;
  /** `Negative` exactly when the role is AcceptingSide. */
  readonly Spec: string;
  readonly RouterType: RouterType;
  readonly RouterId: string;
  readonly OppositeRouterType?: RouterType;
  readonly OppositeInterfaceId?: string;
  readonly OppositeRouterId?: string;
  readonly OppositeInterfaceOwnerId?: string;
  /** For an interface of a VBR, and only there. */
  readonly AccessPointId?: string;
  /** When the other router is a VBR; cannot be changed later. */
  readonly OppositeAccessPointId?: string;
  readonly HealthCheckSourceIp?: string;
  readonly HealthCheckTargetIp?: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly InstanceChargeType?: 'PostPaid' | 'PrePaid';
  readonly Period?: number;
  readonly PricingCycle?: 'Month' | 'Year';
  readonly AutoPay?: boolean;
  readonly AutoRenew?: boolean;
  readonly FastLinkMode?: boolean;
  readonly ClientToken?: string;
  readonly ResourceGroupId?: string;
  readonly Tags?: readonly TagPair[];
}

export interface RouterInterfaceRef {
  readonly RegionId: string;
  readonly RouterInterfaceId: string;
}

export interface ModifyRouterInterfaceAttributeRequest extends RouterInterfaceRef {
  readonly Name?: string;
  readonly Description?: string;
  /** This and the three below may be changed only while the interface is `Idle`. */
  readonly OppositeInterfaceId?: string;
  readonly OppositeRouterId?: string;
  /** The documented default is `VBR` here (in Create it is `VRouter`): always give it together with the others. */
  readonly OppositeRouterType?: RouterType;
  readonly OppositeInterfaceOwnerId?: Integer64;
  readonly HealthCheckSourceIp?: string;
  readonly HealthCheckTargetIp?: string;
  readonly DeleteHealthCheckIp?: boolean;
  /** Milliseconds; 2000 recommended. */
  readonly HcRate?: number;
  /** 8 recommended. */
  readonly HcThreshold?: number;
}

export interface RouterInterface {
  readonly RouterInterfaceId: string;
  readonly RouterId: string;
  readonly RouterType: string;
  readonly Role: string;
  readonly Spec?: string;
  readonly Status: string;
  /** `Normal`, `FinancialLocked`, `SecurityLocked`. */
  readonly BusinessStatus?: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly Bandwidth?: number;
  /** Absent on an interface of a VBR. */
  readonly VpcInstanceId?: string;
  readonly OppositeRegionId?: string;
  readonly OppositeRouterType?: string;
  readonly OppositeRouterId?: string;
  readonly OppositeInterfaceId?: string;
  /** Empty while nobody set it, which means the same account. */
  readonly OppositeInterfaceOwnerId?: Integer64;
  readonly OppositeInterfaceStatus?: string;
  readonly OppositeInterfaceBusinessStatus?: string;
  readonly OppositeVpcInstanceId?: string;
  readonly OppositeInterfaceSpec?: string;
  readonly OppositeBandwidth?: number;
  readonly AccessPointId?: string;
  readonly OppositeAccessPointId?: string;
  readonly ChargeType?: string;
  readonly CreationTime?: string;
  readonly ConnectedTime?: string;
  readonly EndTime?: string;
  readonly CrossBorder?: boolean;
  /** A text in the schema, a boolean in the vendor's programs. */
  readonly HasReservationData?: boolean | string;
  readonly HealthCheckSourceIp?: string;
  readonly HealthCheckTargetIp?: string;
  readonly HcRate?: number;
  readonly HcThreshold?: number;
  readonly FastLinkMode?: boolean;
  readonly Ipv6Status?: string;
  readonly ResourceGroupId?: string;
  readonly Tags?: { readonly Tags?: readonly TagPair[] };
}

export interface RouterInterfaceOperations {
  readonly CreateRouterInterface: Operation<
    CreateRouterInterfaceRequest,
    Answer & { readonly RouterInterfaceId: string; readonly OrderId?: Integer64 }
  >;
  readonly ModifyRouterInterfaceAttribute: Operation<ModifyRouterInterfaceAttributeRequest>;
  readonly ConnectRouterInterface: Operation<RouterInterfaceRef>;
  readonly ActivateRouterInterface: Operation<RouterInterfaceRef>;
  readonly DeactivateRouterInterface: Operation<RouterInterfaceRef>;
  readonly ModifyRouterInterfaceSpec: Operation<
    RouterInterfaceRef & { readonly Spec: string; readonly ClientToken?: string },
    Answer & { readonly Spec?: string }
  >;
  readonly DeleteRouterInterface: Operation<RouterInterfaceRef & { readonly ClientToken?: string }>;
  readonly DescribeRouterInterfaces: Operation<
    PageRequest & {
      readonly RegionId: string;
      readonly Filter?: readonly FilterPair[];
      readonly IncludeReservationData?: boolean;
      readonly ResourceGroupId?: string;
      readonly Tags?: readonly TagPair[];
    },
    PageAnswer & { readonly RouterInterfaceSet: { readonly RouterInterfaceType: readonly RouterInterface[] } }
  >;
  /** A missing interface is an answer with an empty `RouterInterfaceId`, and a good answer carries `Code: "200"`. */
  readonly DescribeRouterInterfaceAttribute: Operation<
    { readonly RegionId: string; readonly InstanceId: string },
    Answer &
      RouterInterface & {
        readonly Code?: string;
        readonly Message?: string;
        readonly Success?: boolean;
        readonly GmtModified?: string;
        readonly HealthCheckStatus?: string;
      }
  >;
}
