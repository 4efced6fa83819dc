/** Router interfaces of Vpc 2016-04-28 (docs/facts/alibaba.md 3.1, vendor metadata of June 2024). */
import {
  clientToken,
  describe,
  descriptionField,
  digits,
  filters,
  flag,
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

const SOURCE = 'vendor programs and metadata of June 2024 (docs/facts/alibaba.md 3.1 and 11.1)';
const SDKS = {
  clients: ['@alicloud/vpc20160428', '@alicloud/pop-core', 'alibabacloud-vpc20160428'],
  negativeTested: true,
};
const OWN = { clients: ['@alicloud/pop-core', 'alibabacloud-vpc20160428'], negativeTested: true };
const id = required(text('RouterInterfaceId'));
const spec = required(text('Spec'));
const healthCheck = ['HealthCheckSourceIp', 'HealthCheckTargetIp'].map((name) => text(name));

export const routerInterfaceDescriptions = describe('Vpc', 'vpc', {
  CreateRouterInterface: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      required(
        text('Role', {
          values: ['InitiatingSide', 'AcceptingSide'],
          codes: { value: 'InvalidRole.ValueNotSupported' },
        }),
      ),
      required(text('OppositeRegionId')),
      spec,
      required(
        text('RouterType', { values: ['VRouter', 'VBR'], codes: { value: 'InvalidRouterType.ValueNotSupported' } }),
      ),
      required(text('RouterId')),
      text('OppositeRouterType', { values: ['VRouter', 'VBR'], codes: { value: 'IllegalParam.VRouterType' } }),
      text('OppositeInterfaceId'),
      text('OppositeRouterId'),
      digits('OppositeInterfaceOwnerId'),
      text('AccessPointId'),
      text('OppositeAccessPointId'),
      ...healthCheck,
      nameField('Name', 'nameWithPeriods'),
      descriptionField('description'),
      text('InstanceChargeType', { values: ['PostPaid', 'PrePaid'] }),
      integer('Period', { min: 1, max: 9 }),
      text('PricingCycle', { values: ['Month', 'Year'] }),
      flag('AutoPay'),
      flag('AutoRenew'),
      flag('FastLinkMode'),
      clientToken,
      resourceGroupId,
      tagList('Tags'),
    ],
  },
  ModifyRouterInterfaceAttribute: {
    mutating: true,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      id,
      nameField('Name', 'name'),
      descriptionField('description'),
      text('OppositeInterfaceId'),
      text('OppositeRouterId'),
      text('OppositeRouterType', {
        values: ['VRouter', 'VBR'],
        codes: { value: 'InvalidOppositeRouterType.ValueNotSupported' },
      }),
      digits('OppositeInterfaceOwnerId'),
      ...healthCheck,
      flag('DeleteHealthCheckIp'),
      integer('HcRate', { min: 1, max: 60_000, codes: { range: 'IllegalParam.HcRate', type: 'IllegalParam.HcRate' } }),
      integer('HcThreshold', {
        min: 1,
        max: 100,
        codes: { range: 'IllegalParam.HcThreshold', type: 'IllegalParam.HcThreshold' },
      }),
    ],
  },
  ConnectRouterInterface: { mutating: true, source: SOURCE, evidence: SDKS, parameters: [required(regionId), id] },
  ActivateRouterInterface: { mutating: true, source: SOURCE, evidence: OWN, parameters: [required(regionId), id] },
  DeactivateRouterInterface: { mutating: true, source: SOURCE, evidence: SDKS, parameters: [required(regionId), id] },
  ModifyRouterInterfaceSpec: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), id, spec, clientToken],
  },
  DeleteRouterInterface: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: SDKS,
    parameters: [required(regionId), id, clientToken],
  },
  DescribeRouterInterfaces: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      ...pages,
      filters,
      flag('IncludeReservationData'),
      resourceGroupId,
      tagFilter('Tags'),
    ],
  },
  DescribeRouterInterfaceAttribute: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), required(text('InstanceId'))],
  },
});
