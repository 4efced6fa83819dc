/** Border routers (VBR) and physical connections of Vpc 2016-04-28 (docs/facts/alibaba.md 3.3). */
import {
  clientToken,
  describe,
  descriptionField,
  digits,
  filters,
  flag,
  ignored,
  integer,
  nameField,
  pages,
  regionId,
  required,
  resourceGroupId,
  tagFilter,
  tagList,
  text,
} from './parameters.js';

const SOURCE = 'vendor program and metadata of June 2024 (docs/facts/alibaba.md 3.3 and 11.2)';
const OWN = { clients: ['@alicloud/pop-core', 'alibabacloud-vpc20160428'], negativeTested: true };
const vbrId = required(text('VbrId'));
const vlan = integer('VlanId', {
  min: 0,
  max: 2_999,
  codes: { range: 'InvalidVlanId.Malformed', type: 'InvalidVlanId.Malformed' },
});
/** Mbps that a VBR may be given (vendor metadata). */
const BANDWIDTHS = [50, 100, 200, 300, 400, 500, 1000, 2048, 5120, 8192, 10240, 20480, 40960, 50120, 61440, 102400].map(
  String,
);
const bandwidth = integer('Bandwidth', {
  values: BANDWIDTHS,
  codes: { value: 'IllegalParam.Bandwidth', type: 'IllegalParam.Bandwidth' },
});
const addresses = [text('LocalGatewayIp'), text('PeerGatewayIp'), text('PeeringSubnetMask')];
const ipv6 = [
  text('LocalIpv6GatewayIp'),
  text('PeerIpv6GatewayIp'),
  text('PeeringIpv6SubnetMask'),
  flag('EnableIpv6'),
  flag('SitelinkEnable'),
  integer('Mtu', { values: ['1500', '8500'] }),
];
const circuitCode = text('CircuitCode', { max: 64, codes: { range: 'InvalidCircuitCode.Malformed' } });
const timer = (name: string) => integer(name, { min: 200, max: 1_000 });

export const borderRouterDescriptions = describe('Vpc', 'vpc', {
  CreateVirtualBorderRouter: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      required(text('PhysicalConnectionId')),
      required(vlan),
      ...addresses,
      ...ipv6,
      nameField('Name', 'name'),
      descriptionField('description'),
      circuitCode,
      bandwidth,
      digits('VbrOwnerId'),
      resourceGroupId,
      clientToken,
      tagList('Tags'),
    ],
  },
  DescribeVirtualBorderRouters: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      ...pages,
      filters,
      flag('IncludeCrossAccountVbr'),
      resourceGroupId,
      tagFilter('Tags'),
    ],
  },
  ModifyVirtualBorderRouterAttribute: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      vbrId,
      vlan,
      circuitCode,
      ...addresses,
      ...ipv6,
      timer('MinTxInterval'),
      timer('MinRxInterval'),
      integer('DetectMultiplier', { min: 3, max: 10 }),
      nameField('Name', 'name'),
      descriptionField('description'),
      ignored('AssociatedPhysicalConnections'),
      bandwidth,
      clientToken,
    ],
  },
  DeleteVirtualBorderRouter: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), vbrId, clientToken],
  },
  TerminateVirtualBorderRouter: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), vbrId, clientToken],
  },
  RecoverVirtualBorderRouter: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), vbrId, clientToken],
  },
  DescribePhysicalConnections: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      ...pages,
      filters,
      flag('IncludeReservationData'),
      resourceGroupId,
      tagFilter('Tags'),
    ],
  },
});
