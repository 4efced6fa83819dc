/** Rules of VPCs, subnets, routes and dedicated gateways. Source: docs/facts/baidu.md 3.2 to 3.6 and 5, checked 2026-11. */
import { choice, limit, toggle } from '../../machine/rules.js';
import { DOC, open } from './sources.js';

export const NETWORK_RULES = {
  // VPC and subnet
  vpcsPerRegion: limit(
    'baidu.vpc.quotaPerRegion',
    10,
    DOC,
    'VPCs of one account in one region, the default one included.',
  ),
  secondaryCidrs: limit('baidu.vpc.secondaryCidrs', 5, DOC, 'Secondary ranges of one VPC.'),
  subnetsPerVpc: limit('baidu.subnet.quotaPerVpc', 10, DOC, 'Subnets of one VPC.'),
  vpcNotEmptyCode: choice(
    'baidu.vpc.notEmptyCode',
    ['ResourceNeedRelease', 'NotAllowDeleteVpc'],
    'ResourceNeedRelease',
    'VPC error table; the other was met in a client',
    'What deleting a VPC that is in use is refused with.',
  ),
  subnetInUseCode: choice(
    'baidu.subnet.inUseCode',
    ['ResourceNeedRelease', 'SUBNET_INUSE', 'NotAllowOperateSubnet'],
    'ResourceNeedRelease',
    'VPC error table; the others were met in a client',
    'What deleting a subnet that a route rule names as its source is refused with.',
  ),
  hostBits: choice(
    'baidu.cidr.hostBits',
    ['refuse', 'clear'],
    'refuse',
    open('not documented'),
    'What a range with host bits set does.',
  ),
  relayWithRelay: toggle(
    'baidu.vpc.relayPeersExcludeEachOther',
    true,
    DOC,
    'Whether two peered VPCs are kept from both being relays.',
  ),

  // routes
  rulesPerTable: limit('baidu.route.quotaPerTable', 50, DOC, 'Route rules of one table.'),
  routeQuotaCode: choice(
    'baidu.route.quotaCode',
    ['LimitExceeded', 'RouteRuleExceedQuota', 'QuotaLimitExceeded'],
    'LimitExceeded',
    'VPC error table; the others were met in a client',
    'What a full table is refused with.',
  ),
  systemRules: toggle(
    'baidu.route.showsSystemRules',
    false,
    open('their form in the API is not documented'),
    "Whether lists show the table's system rule for the VPC itself.",
  ),
  inactivePeerconn: choice(
    'baidu.route.nextHopMustBeActive',
    ['refuse', 'allow'],
    'refuse',
    open('consoles offer available links only'),
    'Whether a route can point at a link that is not available.',
  ),
  releaseWithRoutes: choice(
    'baidu.route.onPeerconnRelease',
    ['keep', 'refuse', 'drop'],
    'keep',
    open('not documented'),
    'What releasing a link does while route rules still use its interface: leave them pointing at nothing, refuse, or delete them.',
  ),
  releaseWithGatewayRoutes: choice(
    'baidu.route.onGatewayRelease',
    ['keep', 'refuse', 'drop'],
    'keep',
    open('not documented'),
    'What releasing a dedicated gateway does while route rules still point at it: leave them pointing at nothing, refuse, or delete them.',
  ),
  otherTargets: choice(
    'baidu.route.targetsNotEmulated',
    ['allow', 'refuse'],
    'allow',
    open('instances and other gateways are not emulated'),
    'Whether a route can name a next hop of a kind that the emulator does not hold (custom, vpn, nat, ...).',
  ),

  // dedicated gateways
  gatewayStatus: choice(
    'baidu.etGateway.intermediateStatus',
    ['updating', 'running'],
    'updating',
    open('only running is documented'),
    'What a gateway shows while it is created, bound or unbound.',
  ),
  releaseWhileUpdating: choice(
    'baidu.etGateway.releaseWhileUpdating',
    ['allow', 'refuse'],
    'allow',
    open("not documented; the Terraform provider's acceptance tests create and release in one step, without a wait"),
    'What releasing a gateway does that is still being created, bound or unbound.',
  ),
  secondHealthCheck: choice(
    'baidu.etGateway.secondHealthCheck',
    ['replace', 'refuse'],
    'replace',
    open('the page has one operation, which creates; none changes or ends a health check'),
    'What creating a health check does where there is one already.',
  ),
  linesEverywhere: toggle(
    'baidu.et.linesVisibleInEveryRegion',
    true,
    'request schema: one host for all regions',
    "Whether an account's physical lines are answered at every region's endpoint.",
  ),
  gatewaysPerVpc: limit('baidu.etGateway.quotaPerVpc', 10, open('not documented'), 'Dedicated gateways of one VPC.'),
} as const;
