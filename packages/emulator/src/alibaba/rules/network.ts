/** Rules of VPCs, vSwitches, route tables and their entries. Sources are sections of docs/facts (November 2026). */
import { choice, limit, toggle } from '../../machine/rules.js';

const QUOTAS = 'docs/facts/alibaba.md 5.3';

export const networkRules = {
  vpcQuota: limit(
    'alibaba.vpc.perRegion',
    10,
    QUOTAS,
    'VPCs per account and region (seeded ones do not count against it).',
  ),
  vswitchQuota: limit('alibaba.vswitch.perVpc', 150, QUOTAS, 'vSwitches per VPC.'),

  customTablesPerVpc: limit('alibaba.routeTable.customPerVpc', 9, QUOTAS, 'Custom route tables per VPC.'),
  tableAssociationCode: choice(
    'alibaba.routeTable.associationCode',
    ['OperationDenied', 'InvalidParameter'],
    'OperationDenied',
    'unverified: no source names the code',
    'AssociateRouteTable and UnassociateRouteTable of a table and a vSwitch that do not fit: a system table, another VPC, associated already, or not at all.',
  ),
  routesPerTable: limit('alibaba.routeEntry.perTable', 200, QUOTAS, 'Custom entries per route table.'),
  routeTasks: choice(
    'alibaba.routeEntry.tasks',
    ['serial-per-vpc', 'free'],
    'serial-per-vpc',
    'docs/facts/alibaba.md 3.2 and 4.4',
    'serial-per-vpc: while an entry of a VPC (or VBR) is changing, another change gets the code below.',
  ),
  routeConflictCode: choice(
    'alibaba.routeEntry.conflictCode',
    ['TaskConflict', 'IncorrectRouteEntryStatus'],
    'TaskConflict',
    'docs/facts/alibaba.md 3.2 and 6.4: both seen in the field',
    'Code for a route change while another is under way.',
  ),
  routeDuplicateCode: choice(
    'alibaba.routeEntry.duplicateCode',
    ['InvalidCIDRBlock.Duplicate', 'RouterEntryConflict.Duplicated', 'RouteConflict.AlreadyExist'],
    'InvalidCIDRBlock.Duplicate',
    'docs/facts/alibaba.md 3.2',
    'Code for a destination that the table already has.',
  ),
  borderRouterDuplicateCode: choice(
    'alibaba.routeEntry.duplicateCodeOfBorderRouter',
    ['Duplicated.VpcNextHop', 'InvalidCIDRBlock.Duplicate'],
    'Duplicated.VpcNextHop',
    'acceptance test stateGapRecoveryVbr of terraform-provider-alicloud 1.289',
    'Code for a destination that the table of a border router already has.',
  ),
  routeInsideVSwitch: choice(
    'alibaba.routeEntry.vswitchOverlap',
    ['inside-refused', 'any-overlap-refused'],
    'inside-refused',
    'docs/facts/alibaba.md 3.2: newer and older text differ',
    'Whether a destination may contain a vSwitch range.',
  ),
  routeInsideServiceRange: toggle(
    'alibaba.routeEntry.insideServiceRange',
    true,
    'docs/facts/alibaba.md 3.2: newer and older text differ',
    'Whether a destination inside 100.64.0.0/10 is allowed (the range itself never is).',
  ),
  routeListDefault: limit(
    'alibaba.routeEntryList.defaultMaxResult',
    10,
    'docs/facts/alibaba.md 3.2: text says 10, schema 100',
    'MaxResult of DescribeRouteEntryList when absent.',
  ),
  routeListMost: limit(
    'alibaba.routeEntryList.greatestMaxResult',
    100,
    'docs/facts/alibaba.md 3.2: text says 100, schema 500',
    'Greatest MaxResult of DescribeRouteEntryList.',
  ),
  routeToIdleInterface: choice(
    'alibaba.routeEntry.toIdleInterface',
    ['refused', 'accepted'],
    'refused',
    'unverified (docs/facts/alibaba.md 9.6)',
    'Route to a VRouter interface that is not connected yet: IncorrectStatus.RouterInterface or accepted.',
  ),
} as const;
