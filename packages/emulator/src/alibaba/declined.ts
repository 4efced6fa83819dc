/**
 * Operations of Vpc 2016-04-28 that belong to peerings, router interfaces, routes, border routers or VPCs by their name
 * and that the emulator does not serve, each with the reason. A test compares this and the served operations with the
 * vendor's SDK (@alicloud/vpc20160428 7.3.2, checked 2026-11). VpcPeer 2022-01-01 is served whole.
 */

/** Names that are in scope; everything else in the product is another service. */
export const ALIBABA_SCOPE =
  /RouterInterface|RouteEntr|RouteTable|VirtualBorderRouter|PhysicalConnection|VSwitch|VRouter|^(Create|Describe|Delete|Modify)Vpcs?(Attribute)?$|^DescribeRegions$|^(Tag|UnTag|ListTag)Resources/;

const LINES_BY_PEOPLE = 'lines are ordered, built and changed by people; the emulator seeds them';
const NO_GATEWAYS = 'the emulator has no gateways that route tables could be bound to';
const NO_VPN = 'VPN gateways are another product';
const NO_CEN = 'publishing routes to a CEN is another product';
const NO_RESERVATIONS = 'address reservations in a vSwitch are not modelled';
const NO_FACTS = 'no source in docs/facts/alibaba.md says how it behaves';

export const ALIBABA_DECLINED: Readonly<Record<string, string>> = {
  ApplyPhysicalConnectionLOA: LINES_BY_PEOPLE,
  AssociatePhysicalConnectionToVirtualBorderRouter: LINES_BY_PEOPLE,
  CancelPhysicalConnection: LINES_BY_PEOPLE,
  CompletePhysicalConnectionLOA: LINES_BY_PEOPLE,
  ConfirmPhysicalConnection: LINES_BY_PEOPLE,
  CreateHighReliablePhysicalConnection: LINES_BY_PEOPLE,
  CreatePhysicalConnection: LINES_BY_PEOPLE,
  CreatePhysicalConnectionOccupancyOrder: LINES_BY_PEOPLE,
  CreatePhysicalConnectionSetupOrder: LINES_BY_PEOPLE,
  CreateVirtualPhysicalConnection: LINES_BY_PEOPLE,
  DeletePhysicalConnection: LINES_BY_PEOPLE,
  DescribePhysicalConnectionLOA: LINES_BY_PEOPLE,
  DescribeVirtualBorderRoutersForPhysicalConnection:
    'IncludeCrossAccountVbr of DescribeVirtualBorderRouters shows the same',
  EnablePhysicalConnection: LINES_BY_PEOPLE,
  GetPhysicalConnectionServiceStatus: LINES_BY_PEOPLE,
  ListPhysicalConnectionFeatures: LINES_BY_PEOPLE,
  ListVirtualPhysicalConnections: LINES_BY_PEOPLE,
  ModifyPhysicalConnectionAttribute: LINES_BY_PEOPLE,
  OpenPhysicalConnectionService: LINES_BY_PEOPLE,
  RecoverPhysicalConnection: LINES_BY_PEOPLE,
  SecondApplyPhysicalConnectionLOA: LINES_BY_PEOPLE,
  TerminatePhysicalConnection: LINES_BY_PEOPLE,
  UnassociatePhysicalConnectionFromVirtualBorderRouter: LINES_BY_PEOPLE,
  UpdateVirtualPhysicalConnection: LINES_BY_PEOPLE,
  ListTagResourcesForExpressConnect: 'the general tag calls cover router interfaces and border routers',
  TagResourcesForExpressConnect: 'the general tag calls cover router interfaces and border routers',
  AssociateRouteTableWithGateway: NO_GATEWAYS,
  AssociateRouteTablesWithVpcGatewayEndpoint: NO_GATEWAYS,
  DissociateRouteTableFromGateway: NO_GATEWAYS,
  DissociateRouteTablesFromVpcGatewayEndpoint: NO_GATEWAYS,
  ListGatewayRouteTableEntries: NO_GATEWAYS,
  UpdateGatewayRouteTableEntryAttribute: NO_GATEWAYS,
  CreateVcoRouteEntry: NO_VPN,
  CreateVpnPbrRouteEntry: NO_VPN,
  CreateVpnRouteEntry: NO_VPN,
  DeleteVcoRouteEntry: NO_VPN,
  DeleteVpnPbrRouteEntry: NO_VPN,
  DeleteVpnRouteEntry: NO_VPN,
  DescribeVcoRouteEntries: NO_VPN,
  DescribeVpnPbrRouteEntries: NO_VPN,
  DescribeVpnRouteEntries: NO_VPN,
  ModifyVcoRouteEntryWeight: NO_VPN,
  ModifyVpnPbrRouteEntryAttribute: NO_VPN,
  ModifyVpnPbrRouteEntryPriority: NO_VPN,
  ModifyVpnPbrRouteEntryWeight: NO_VPN,
  ModifyVpnRouteEntryWeight: NO_VPN,
  PublishVpnRouteEntry: NO_VPN,
  GetVpcRouteEntrySummary: NO_CEN,
  ListVpcPublishedRouteEntries: NO_CEN,
  PublishVpcRouteEntries: NO_CEN,
  WithdrawVpcPublishedRouteEntries: NO_CEN,
  CreateDefaultVSwitch: 'default networks are not modelled',
  CreateVSwitchCidrReservation: NO_RESERVATIONS,
  DeleteVSwitchCidrReservation: NO_RESERVATIONS,
  GetVSwitchCidrReservationUsage: NO_RESERVATIONS,
  ListVSwitchCidrReservations: NO_RESERVATIONS,
  ModifyVSwitchCidrReservationAttribute: NO_RESERVATIONS,
  DescribeVSwitchAttributes: 'DescribeVSwitches shows the same',
  ModifyRouteTableAttributes: NO_FACTS,
  ModifyVRouterAttribute: NO_FACTS,
  ModifyVSwitchAttribute: NO_FACTS,
  ModifyVpcAttribute: NO_FACTS,
};
