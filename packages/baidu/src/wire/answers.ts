/**
 * What each answer must hold, as data, and the one reader that holds every answer to it. A member is listed where this package
 * reads it; the rest of a record passes as it came. What `may` be absent is what docs/facts/baidu.md 3.1 to 3.6 shows to be
 * absent or null at times.
 */
import { PeerwayError, wrongIn, type RecordShape, type Shape } from '@peerway/core';
import type {
  EtChannelRecord,
  EtGatewayRecord,
  EtRecord,
  PeerConnRecord,
  RouteRuleRecord,
  RouteTableRecord,
  SubnetRecord,
  VpcRecord,
} from './api/records.js';
import { PROVIDER, unusable, type Failure } from './errors.js';

/** One page of a listing. `next` is the marker of the following page; absent on the last. */
export interface WirePage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface CreatedRoute {
  /** Of a rule with one next hop. */
  readonly routeRuleId?: string;
  /** Of a rule with several. */
  readonly routeRuleIds?: readonly string[];
}

/** Every operation by the vendor's name, and what its caller gets. */
export interface Answers {
  readonly CreatePeerConn: { readonly peerConnId: string };
  readonly ListPeerConn: WirePage<PeerConnRecord>;
  readonly GetPeerConn: PeerConnRecord;
  readonly UpdatePeerConn: void;
  readonly AcceptPeerConn: void;
  readonly RejectPeerConn: void;
  readonly ReleasePeerConn: void;
  readonly UpdatePeerConnBandwidth: void;
  readonly RenewPeerConn: void;
  readonly RefundPeerConn: void;
  readonly OpenPeerConnSyncDns: void;
  readonly ClosePeerConnSyncDns: void;
  readonly UpdatePeerConnDeleteProtect: void;
  readonly CreateVpc: { readonly vpcId: string };
  readonly QueryVpcList: WirePage<VpcRecord>;
  readonly QuerySpecifiedVpc: VpcRecord;
  readonly UpdateVpc: void;
  readonly DeleteVpc: void;
  readonly OpenVpcRelay: void;
  readonly CloseVpcRelay: void;
  readonly CreateSubnet: { readonly subnetId: string };
  readonly QuerySubnetList: WirePage<SubnetRecord>;
  readonly QuerySpecifiedSubnet: SubnetRecord;
  readonly UpdateSubnet: void;
  readonly DeleteSubnet: void;
  readonly QueryRoutingTable: RouteTableRecord;
  readonly QueryRoutingRules: WirePage<RouteRuleRecord>;
  readonly CreateRoutingRules: CreatedRoute;
  readonly UpdateRoutingRules: void;
  readonly DeleteRoutingRules: void;
  readonly ActiveStandbySwitchover: void;
  readonly CreateDedicatedGateway: { readonly etGatewayId: string };
  readonly QueryTheListOfDedicatedLineGateways: WirePage<EtGatewayRecord>;
  readonly QueryTheDetailsOfTheDedicatedGateway: EtGatewayRecord;
  readonly UpdateDedicatedGateway: void;
  readonly BindPhysicalDedicatedLine: void;
  readonly UnbindPhysicalDedicatedLine: void;
  readonly ReleaseDedicatedGateway: void;
  readonly CreateDedicatedGatewayHealthCheck: void;
  readonly QueryDedicatedLines: WirePage<EtRecord>;
  readonly QueryDedicatedLineDetail: EtRecord;
  readonly QueryDedicatedChannel: WirePage<EtChannelRecord>;
}

export type Operation = keyof Answers;

/** Those that answer nothing. */
export type Acting = { [K in Operation]: Answers[K] extends void ? K : never }[Operation];

type Rule =
  /** Updates, deletions and actions: 200 and nothing; a body, where one comes, is of no interest. */
  | { readonly kind: 'nothing' }
  /** One object; `within`: one level deeper, under this name; `oneOf`: at least one of these members. */
  | {
      readonly kind: 'object';
      readonly of: RecordShape;
      readonly within?: string;
      readonly emptyWhenMissing?: true;
      readonly oneOf?: readonly string[];
    }
  /** One page of the list of this name. */
  | { readonly kind: 'page'; readonly list: string; readonly of: RecordShape };

const record = (must: RecordShape['must'], may: RecordShape['may'] = {}): RecordShape => ({ must, may });
const list = (of: Shape): Shape => ({ list: of });
const MBPS: Shape = { least: 1, most: 1e8 };
const NOTHING: Rule = { kind: 'nothing' };
const object = (of: RecordShape): Rule => ({ kind: 'object', of });
const page = (name: string, of: RecordShape): Rule => ({ kind: 'page', list: name, of });

/**
 * The service answers a read of an object that is not there with nothing, or with an object of no members (docs/facts/baidu.md
 * 3.1.4). Only reads by id do so: a table or a listing that comes empty is a broken answer.
 */
const emptyWhenMissing = (of: RecordShape, within?: string): Rule => ({
  kind: 'object',
  of,
  emptyWhenMissing: true,
  ...(within === undefined ? {} : { within }),
});

const TAGS = list(record({ tagKey: 'name' }, { tagValue: 'text' }));

const PEERCONN = record(
  {
    peerConnId: 'id',
    role: 'id',
    status: 'id',
    localVpcId: 'id',
    localRegion: 'id',
    peerVpcId: 'id',
    peerRegion: 'id',
  },
  {
    bandwidthInMbps: MBPS,
    bandwithInMbp: MBPS,
    description: 'text',
    localIfId: 'id',
    peerAccountId: 'id',
    dnsStatus: 'id',
    createdTime: 'instant',
    expiredTime: 'instant',
    tags: TAGS,
    deleteProtect: 'flag',
  },
);

const VPC = record(
  { vpcId: 'id', name: 'text', cidr: 'prefix' },
  { ipv6Cidr: 'prefix', secondaryCidr: list('prefix'), relay: 'flag', tags: TAGS },
);

const ROUTE_RULE = record(
  { routeTableId: 'id', sourceAddress: 'prefix', destinationAddress: 'prefix', nexthopType: 'text' },
  { routeRuleId: 'id', nexthopId: 'text', description: 'text' },
);

const ET_GATEWAY = record(
  { etGatewayId: 'id', name: 'text', status: 'id', vpcId: 'id' },
  { speed: MBPS, createTime: 'instant', description: 'text', etId: 'id', channelId: 'id', tags: TAGS },
);

const ET_CHANNEL = record({
  id: 'id',
  status: 'id',
  vlanId: { least: 0, most: 4095 },
  baiduAddress: 'address',
  customerAddress: 'address',
});

const SUBNET = record({ subnetId: 'id' });
const ET = record({ id: 'id', status: 'id' });

const RULES: Readonly<Record<Operation, Rule>> = {
  CreatePeerConn: object(record({ peerConnId: 'id' })),
  ListPeerConn: page('peerConns', PEERCONN),
  GetPeerConn: emptyWhenMissing(PEERCONN),
  UpdatePeerConn: NOTHING,
  AcceptPeerConn: NOTHING,
  RejectPeerConn: NOTHING,
  ReleasePeerConn: NOTHING,
  UpdatePeerConnBandwidth: NOTHING,
  RenewPeerConn: NOTHING,
  RefundPeerConn: NOTHING,
  OpenPeerConnSyncDns: NOTHING,
  ClosePeerConnSyncDns: NOTHING,
  UpdatePeerConnDeleteProtect: NOTHING,
  CreateVpc: object(record({ vpcId: 'id' })),
  QueryVpcList: page('vpcs', VPC),
  QuerySpecifiedVpc: emptyWhenMissing(VPC, 'vpc'),
  UpdateVpc: NOTHING,
  DeleteVpc: NOTHING,
  OpenVpcRelay: NOTHING,
  CloseVpcRelay: NOTHING,
  CreateSubnet: object(SUBNET),
  QuerySubnetList: page('subnets', SUBNET),
  QuerySpecifiedSubnet: emptyWhenMissing(SUBNET, 'subnet'),
  UpdateSubnet: NOTHING,
  DeleteSubnet: NOTHING,
  QueryRoutingTable: object(
    record({ routeTableId: 'id', routeRules: list(ROUTE_RULE) }, { name: 'text', vpcId: 'id' }),
  ),
  QueryRoutingRules: page('routeRules', ROUTE_RULE),
  CreateRoutingRules: {
    kind: 'object',
    of: record({}, { routeRuleId: 'id', routeRuleIds: list('id') }),
    oneOf: ['routeRuleId', 'routeRuleIds'],
  },
  UpdateRoutingRules: NOTHING,
  DeleteRoutingRules: NOTHING,
  ActiveStandbySwitchover: NOTHING,
  CreateDedicatedGateway: object(record({ etGatewayId: 'id' })),
  QueryTheListOfDedicatedLineGateways: page('etGateways', ET_GATEWAY),
  QueryTheDetailsOfTheDedicatedGateway: object(ET_GATEWAY),
  UpdateDedicatedGateway: NOTHING,
  BindPhysicalDedicatedLine: NOTHING,
  UnbindPhysicalDedicatedLine: NOTHING,
  ReleaseDedicatedGateway: NOTHING,
  CreateDedicatedGatewayHealthCheck: NOTHING,
  QueryDedicatedLines: page('ets', ET),
  QueryDedicatedLineDetail: object(ET),
  QueryDedicatedChannel: page('etChannels', ET_CHANNEL),
};

export interface Answer {
  /** What stood in the body: JSON, a symbol when it was none, undefined when there was nothing. */
  readonly body: unknown;
  /**
   * True when the answer is certainly whole and the cloud's own: it bears the cloud's request id and says how long it
   * is. Only then may emptiness mean "not found": a cut connection must never read as "deleted".
   */
  readonly whole: boolean;
  /** The marker that was sent, of a listing. */
  readonly marker?: string;
  readonly context: Failure;
}

/**
 * Turns an answer with a 2xx status into what the caller gets.
 * @throws PeerwayError `Unavailable` that says what was wrong and where, with outcome `unknown` after a write; `NotFound`
 */
export function readBody<K extends Operation>(operation: K, answer: Answer): Answers[K] {
  return readers[RULES[operation].kind](RULES[operation] as never, answer) as Answers[K];
}

type ReaderOf<K extends Rule['kind']> = (rule: Extract<Rule, { kind: K }>, answer: Answer) => unknown;

const readers: { readonly [K in Rule['kind']]: ReaderOf<K> } = {
  /** The cloud's request id tells its answer from that of something in between. */
  nothing: (_, { body, context }) => {
    if (context.requestId === undefined) throw unexpected(context, 'it is not one of Baidu AI Cloud');
    requireSuccess(body, context);
    return undefined;
  },

  object: (rule, { body, whole, context }) => {
    requireSuccess(body, context);
    const inner = rule.within === undefined || !isRecord(body) ? body : body[rule.within];
    if (rule.emptyWhenMissing === true && (isEmpty(body) || isEmpty(inner))) {
      if (body === undefined && !whole) throw unexpected(context, 'it is empty and may have been cut off');
      throw notFound(context);
    }
    const read = fitting(rule.of, inner, rule.within, context);
    if (rule.oneOf?.every((name) => (read as Readonly<Record<string, unknown>>)[name] === undefined) === true) {
      throw unexpected(context, `${rule.oneOf.join(' and ')} are missing`);
    }
    return read;
  },

  page: (rule, { body, context, marker }) => {
    requireSuccess(body, context);
    const shape = record({ [rule.list]: list(rule.of) }, { isTruncated: 'flag', nextMarker: 'text' });
    const read = fitting(shape, body, undefined, context) as Readonly<Record<string, unknown>>;
    const next = read['nextMarker'];
    const items = read[rule.list];
    if (typeof next !== 'string' || next === '' || read['isTruncated'] === false) {
      if (read['isTruncated'] === true) throw unexpected(context, 'it is truncated and has no nextMarker');
      return { items };
    }
    if (next === marker) throw unexpected(context, 'its nextMarker is the marker that was sent');
    return { items, next };
  },
};

function fitting(shape: Shape, value: unknown, at: string | undefined, context: Failure): unknown {
  if (value === undefined && at === undefined) throw unexpected(context, 'it is empty');
  if (typeof value === 'symbol') throw unexpected(context, 'it is no JSON, or was cut off');
  const wrong = wrongIn(shape, value, at);
  if (wrong !== undefined) throw unexpected(context, wrong);
  return value;
}

/** `"success": false` in an answer without a code, which is no success whatever else it holds. */
function requireSuccess(body: unknown, context: Failure): void {
  const refuses = ([name, value]: [string, unknown]): boolean =>
    name.toLowerCase() === 'success' && (value === false || value === 'false');
  if (isRecord(body) && Object.entries(body).some(refuses)) {
    throw unexpected(context, 'it says that it was no success and does not say why');
  }
}

const unexpected = (context: Failure, wrong: string): PeerwayError =>
  unusable(context, `Unexpected answer to ${context.operation}: ${wrong}`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && Object.keys(value).length === 0);

const notFound = (context: Failure): PeerwayError =>
  new PeerwayError('NotFound', `${context.operation}: there is no such object`, {
    provider: PROVIDER,
    nativeOperation: context.operation,
    ...(context.httpStatus === undefined ? {} : { httpStatus: context.httpStatus }),
    ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    remedy: 'Check the id, the region and the account of the provider entry.',
  });
