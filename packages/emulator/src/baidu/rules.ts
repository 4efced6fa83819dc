/**
 * The Baidu part of the rule sheet: documented limits, and every point that the sources leave open as a named switch.
 * Source: docs/facts/baidu.md 1.5, 1.8, 1.9, 3 to 5, 9 and 10, checked 2026-11. "unverified" names why the default was chosen.
 */
import { choice, limit, toggle } from '../machine/rules.js';

const DOC = 'vendor documentation';
const open = (why: string): string => `unverified: ${why}`;

export const BAIDU_RULES = {
  // authentication
  futureToleranceMs: limit(
    'baidu.auth.futureToleranceMs',
    300_000,
    open('no page gives the tolerance'),
    'How far in the future a signature timestamp may lie, in ms.',
  ),
  futureCode: choice(
    'baidu.auth.futureCode',
    ['RequestExpired', 'RequestTimeTooSkewed'],
    'RequestExpired',
    open('the second code is known from BOS only'),
    'What a timestamp too far in the future is refused with.',
  ),
  neverExpires: toggle(
    'baidu.auth.negativeExpirationIsForever',
    false,
    open('BOS allows -1, nobody says so for VPC'),
    'Whether an expiration of -1 means that the signature never expires.',
  ),
  accountState: choice(
    'baidu.auth.accountState',
    ['ready', 'unqualified', 'not-activated'],
    'ready',
    `${DOC} (common error codes)`,
    'An account without real-name verification answers QualifyNotPass, one without the service OptInRequired.',
  ),

  // client tokens
  clientTokenMs: limit(
    'baidu.clientToken.lifetimeMs',
    86_400_000,
    DOC,
    'How long a token is remembered after the server last saw it, in ms.',
  ),
  clientTokenScope: choice(
    'baidu.clientToken.scope',
    ['account-region', 'account'],
    'account-region',
    open('not documented'),
    'Within what a token is known.',
  ),
  clientTokenKeepsRefusals: toggle(
    'baidu.clientToken.remembersRefusals',
    false,
    open('the answer for a token whose first request failed is not documented'),
    'Whether a refused request uses its token up: a repeat gets the same refusal.',
  ),
  clientTokenDemanded: toggle(
    'baidu.clientToken.demanded',
    true,
    'request schema marks it required; the Go SDK may leave it out',
    'Whether creating a peer connection or a dedicated gateway needs a clientToken.',
  ),

  // lists
  unknownMarker: choice(
    'baidu.list.unknownMarker',
    ['refuse', 'empty', 'first-page'],
    'refuse',
    open('not documented'),
    'What a marker that names nothing does.',
  ),
  maxKeysOutOfRange: choice(
    'baidu.list.maxKeysOutOfRange',
    ['refuse', 'clamp'],
    'refuse',
    open('not documented'),
    'What maxKeys outside 1..1000 does.',
  ),

  unknownVpcFilter: choice(
    'baidu.list.unknownVpc',
    ['empty', 'not-found'],
    'empty',
    open('not documented'),
    'What a list filtered by a VPC that does not exist answers.',
  ),
  unknownQuery: choice(
    'baidu.request.unknownQuery',
    ['ignore', 'refuse'],
    'ignore',
    open('documented for JSON members only, which are ignored'),
    'What a query parameter that the operation does not know does. Ignored ones are named in the request log.',
  ),

  // who may see what
  missingPeerconn: choice(
    'baidu.peerconn.missingRead',
    ['empty-body', 'not-found'],
    'empty-body',
    'Go acceptance test, Terraform provider and bce-cli treat EOF as gone',
    'What GET of a peer connection that does not exist answers: 200 with an empty body, or 404 NoSuchObject.',
  ),
  foreignRead: choice(
    'baidu.peerconn.foreignRead',
    ['as-missing', 'access-denied'],
    'as-missing',
    open('the answer to a third account or for a side in another region is not documented'),
    "What GET of somebody else's peer connection, or of a role that belongs to another account or region, answers.",
  ),
  foreignWrite: choice(
    'baidu.peerconn.foreignWrite',
    ['access-denied', 'not-found'],
    'access-denied',
    open('code from the common table'),
    "What a change to somebody else's peer connection is refused with.",
  ),
  roleDefault: choice(
    'baidu.peerconn.readWithoutRole',
    ['random', 'initiator'],
    'random',
    'request schema: returns either side at random',
    'Which side GET without a role shows when the caller owns both sides in one region.',
  ),
  listRows: choice(
    'baidu.peerconn.listRows',
    ['per-side', 'once'],
    'per-side',
    open('a filtered list is known to hold one row per side'),
    'Whether a list without vpcId shows a link inside one account and region twice, once per role.',
  ),
  failedAcceptorView: choice(
    'baidu.peerconn.acceptorViewAfterFailure',
    ['consult_failed', 'gone'],
    'consult_failed',
    open('not documented'),
    "What the acceptor sees after a rejection or after the request's time has run out.",
  ),
  tombstone: toggle(
    'baidu.peerconn.deletedTombstone',
    false,
    open('Terraform waits for either'),
    'Whether a released link can be read as "deleted" for a minute before it is gone.',
  ),

  // form of the answers
  bandwidthField: choice(
    'baidu.peerconn.bandwidthField',
    ['bandwidthInMbps', 'bandwithInMbp'],
    'bandwidthInMbps',
    'Go SDK acceptance test; the documentation prints the other',
    'How answers spell the bandwidth.',
  ),
  bandwidthType: choice(
    'baidu.peerconn.bandwidthType',
    ['number', 'string'],
    'number',
    open('one SDK model has a string'),
    'Whether the bandwidth is a number or a string.',
  ),
  createdTimeZone: choice(
    'baidu.peerconn.timeZone',
    ['UTC', 'UTC+8'],
    'UTC+8',
    open('answers carry no zone; those in the vendor’s samples (19:46, 20:38) are evenings in Beijing'),
    'The zone of createdTime and expiredTime.',
  ),
  postpaidExpiry: choice(
    'baidu.peerconn.postpaidExpiredTime',
    ['null', 'empty'],
    'null',
    'sample answers show null',
    'What expiredTime is for Postpaid.',
  ),
  listDetail: toggle(
    'baidu.peerconn.listHasTagsAndProtection',
    false,
    'newest Go SDK list model lacks them',
    'Whether list rows carry tags and deleteProtect.',
  ),

  // peer connections
  requestLifetimeMs: limit(
    'baidu.peerconn.requestLifetimeMs',
    7 * 86_400_000,
    DOC,
    'How long a cross-account request waits for an answer, in ms.',
  ),
  perVpc: limit('baidu.peerconn.quotaPerVpc', 10, DOC, 'Peer connections of one VPC.'),
  perAccount: limit('baidu.peerconn.quotaPerAccount', 10, DOC, 'Peer connections of one account.'),
  quotaCode: choice(
    'baidu.quota.code',
    ['LimitExceeded', 'QuotaLimitExceeded'],
    'LimitExceeded',
    'VPC error table; the other was met in a client',
    'What an exceeded quota is refused with.',
  ),
  minimumBandwidth: limit(
    'baidu.peerconn.minimumBandwidthMbps',
    1,
    open('not documented'),
    'Smallest bandwidth in Mbit/s.',
  ),
  maximumBandwidth: limit(
    'baidu.peerconn.maximumBandwidthMbps',
    100_000,
    open('samples go up to 1000'),
    'Largest bandwidth in Mbit/s.',
  ),
  longestDescription: limit(
    'baidu.peerconn.longestDescription',
    200,
    open('documented for other products only'),
    'Most characters of a description.',
  ),
  longestIfName: limit(
    'baidu.peerconn.longestInterfaceName',
    65,
    open('documented for other names only'),
    "Most characters of an interface's name.",
  ),
  ownPeerAccountId: choice(
    'baidu.peerconn.ownPeerAccountId',
    ['same-account', 'refuse'],
    'same-account',
    open('the field is for cross-account links'),
    'What naming the own account as peerAccountId does.',
  ),
  crossAccountIfName: choice(
    'baidu.peerconn.peerIfNameAcrossAccounts',
    ['refuse', 'ignore'],
    'refuse',
    open('documented for one account only'),
    'What peerIfName does on a cross-account create.',
  ),
  provisioningFails: toggle(
    'baidu.peerconn.provisioningFails',
    false,
    open('the state "error" is a name in the SDKs only'),
    'Whether new links end in "error".',
  ),
  overdueAfterMs: limit(
    'baidu.peerconn.overdueAfterMs',
    0,
    open('"stopping" and "down" are names in the SDKs only'),
    'How long after its creation a Postpaid link of an account in arrears stops, in ms; 0: the account pays. Stopped links come back within the hour when this is 0 again.',
  ),
  refuseOverlap: toggle(
    'baidu.peerconn.refuseOverlappingCidrs',
    false,
    open('no page says that create is refused'),
    'Whether two VPCs with overlapping ranges can be peered.',
  ),
  showsStarting: toggle(
    'baidu.peerconn.showsStarting',
    true,
    'Terraform waits for creating and starting',
    'Whether "starting" is passed through on the way to active.',
  ),
  showsUpdating: choice(
    'baidu.peerconn.showsUpdating',
    ['resize', 'resize-and-update', 'never'],
    'resize',
    'Terraform waits for updating after both; the Go acceptance test reads names back at once',
    'Which changes pass through "updating".',
  ),
  resizeConsulting: toggle(
    'baidu.peerconn.resizeWhileConsulting',
    false,
    open('not documented'),
    'Whether a request that waits for its answer can be resized.',
  ),
  releaseStopped: toggle(
    'baidu.peerconn.releaseWhenDownOrError',
    true,
    open('not documented'),
    'Whether a link that is expired, down or in error can be released.',
  ),
  protectedCode: choice(
    'baidu.peerconn.protectedCode',
    ['OperationDenied', 'AccessDenied'],
    'OperationDenied',
    open('not documented'),
    'What release of a protected link is refused with.',
  ),
  wrongSideCode: choice(
    'baidu.peerconn.wrongSideCode',
    ['OperationDenied', 'AccessDenied'],
    'OperationDenied',
    open('either is plausible'),
    "What the acceptor's release, resize, renewal or refund is refused with.",
  ),
  missingWrite: choice(
    'baidu.peerconn.missingWriteCode',
    ['NoSuchObject', 'OperationDenied'],
    'NoSuchObject',
    'VPC error table',
    'What a change to a peer connection that does not exist (any more) is refused with.',
  ),
  twoActions: choice(
    'baidu.peerconn.twoActionFlags',
    ['refuse', 'first'],
    'refuse',
    open('not documented'),
    'What two action flags in one PUT do.',
  ),
  dnsRepeat: choice(
    'baidu.peerconn.dnsRepeat',
    ['refuse', 'succeed'],
    'refuse',
    open('not documented'),
    'What opening an open, or closing a closed, DNS synchronisation does.',
  ),
  dnsWait: toggle(
    'baidu.peerconn.dnsShowsWait',
    true,
    open('the role of "wait" is not documented'),
    'Whether "wait" is passed through before "syncing".',
  ),
  protectionBlocksRefund: toggle(
    'baidu.peerconn.protectionBlocksRefund',
    true,
    open('documented for release only'),
    'Whether release protection also blocks a refund.',
  ),
  crossBorderRegions: choice(
    'baidu.peerconn.crossBorder',
    ['hkg', 'none'],
    'hkg',
    'refund page: not for cross-border links',
    'Which regions make a link cross-border (no refund).',
  ),

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
  linesEverywhere: toggle(
    'baidu.et.linesVisibleInEveryRegion',
    true,
    'request schema: one host for all regions',
    "Whether an account's physical lines are answered at every region's endpoint.",
  ),
  gatewaysPerVpc: limit('baidu.etGateway.quotaPerVpc', 10, open('not documented'), 'Dedicated gateways of one VPC.'),
} as const;
