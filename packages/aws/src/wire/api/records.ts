/** The cloud's records as far as this package reads them, in the vendor's own words. Source: @aws-sdk/client-ec2 3.1169.0. */

export interface TagRecord {
  readonly Key: string;
  readonly Value: string;
}

export interface VpcRecord {
  readonly VpcId: string;
  readonly OwnerId: string;
  readonly State: string;
  /** The primary prefix; it stands among the associations, too. */
  readonly CidrBlock: string;
  readonly CidrBlockAssociationSet: readonly { readonly CidrBlock: string; readonly CidrBlockState: StateRecord }[];
  readonly Ipv6CidrBlockAssociationSet?: readonly {
    readonly Ipv6CidrBlock: string;
    readonly Ipv6CidrBlockState: StateRecord;
  }[];
  readonly Tags?: readonly TagRecord[];
}

export interface StateRecord {
  readonly State: string;
}

/** One end. While a request is pending, prefixes and options of the accepter are not shown. */
export interface PeerVpcRecord {
  readonly VpcId: string;
  readonly OwnerId: string;
  readonly Region: string;
  readonly CidrBlock?: string;
  readonly CidrBlockSet?: readonly { readonly CidrBlock: string }[];
  readonly Ipv6CidrBlockSet?: readonly { readonly Ipv6CidrBlock: string }[];
  readonly PeeringOptions?: { readonly AllowDnsResolutionFromRemoteVpc?: boolean };
}

export interface PeeringRecord {
  readonly VpcPeeringConnectionId: string;
  readonly RequesterVpcInfo: PeerVpcRecord;
  readonly AccepterVpcInfo: PeerVpcRecord;
  readonly Status: { readonly Code: string; readonly Message?: string };
  /** Of a request that is pending. */
  readonly ExpirationTime?: Date;
  /** Those of whoever asks: each account and region has its own. */
  readonly Tags: readonly TagRecord[];
}

export interface RouteTableRecord {
  readonly RouteTableId: string;
  readonly VpcId: string;
  readonly Associations: readonly { readonly Main?: boolean; readonly SubnetId?: string }[];
  readonly Routes: readonly RouteRecord[];
  readonly Tags?: readonly TagRecord[];
}

/** Members by which a route names its target; exactly one is set. */
export const TARGETS = [
  'VpcPeeringConnectionId',
  'GatewayId',
  'NatGatewayId',
  'TransitGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'EgressOnlyInternetGatewayId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'CoreNetworkArn',
  'OdbNetworkArn',
] as const;

export interface RouteRecord extends Partial<Readonly<Record<(typeof TARGETS)[number], string>>> {
  readonly DestinationCidrBlock?: string;
  readonly DestinationIpv6CidrBlock?: string;
  readonly DestinationPrefixListId?: string;
  readonly State: string;
  readonly Origin: string;
}
