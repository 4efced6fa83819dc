/** The one call of Ecs 2014-05-26 that network tools make: the alicloud provider reads regions before each router interface. */
import { describe, text } from './parameters.js';

export const ecsDescriptions = describe('Ecs', 'ecs', {
  DescribeRegions: {
    mutating: false,
    source: 'terraform-provider-alicloud 1.289 (alicloud_router_interface); the answer is that of Vpc',
    evidence: { clients: ['@alicloud/pop-core'], negativeTested: true },
    parameters: [text('InstanceChargeType'), text('ResourceType'), text('AcceptLanguage')],
  },
});
