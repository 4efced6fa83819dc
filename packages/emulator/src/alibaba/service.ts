/** One emulated Alibaba Cloud: how its gateway reads, checks, refuses and answers. */
import type { Call, CloudService, Operation, Services } from '../machine/cloud.js';
import type { Violation } from '../machine/description.js';
import { WireError } from '../machine/wireError.js';
import { answerOf, errorOf } from './wire/answers.js';
import { authenticate } from './auth/authenticate.js';
import { NonceMemory } from './auth/nonces.js';
import { missing, refusal, refusalNamed } from './errors.js';
import { ecsDescriptions } from './describe/ecs.js';
import { vpcTagDescriptions } from './describe/vpcs.js';
import { borderRouterOperations } from './operations/borderRouters.js';
import { operationsOf } from './operations/handlers.js';
import { reachable } from './operations/visibility.js';
import { routerInterfaceOperations } from './operations/routerInterfaces.js';
import { routeOperations } from './operations/routeTables.js';
import { seedPort, seedResourceGroup, seedVpc } from './operations/seeds.js';
import { stsOperations } from './operations/sts.js';
import { TagOperations } from './operations/tags.js';
import { vpcPeerOperations } from './operations/vpcPeer.js';
import { resourceGroupOperations } from './operations/resourceGroups.js';
import { describeRegions, vpcOperations } from './operations/vpcs.js';
import type { Place } from './records.js';
import { isRegion } from './regions.js';
import { parseRequest } from './wire/request.js';
import type { AlibabaCall } from './wire/request.js';
import { alibabaRules } from './rules.js';
import { AlibabaState } from './state.js';
import type { TableView } from '../machine/table.js';

/** Products by API version. */
const PRODUCTS: Readonly<Record<string, string>> = {
  '2016-04-28': 'Vpc',
  '2022-01-01': 'VpcPeer',
  '2015-04-01': 'Sts',
  '2014-05-26': 'Ecs',
  '2020-03-31': 'ResourceManager',
};

export function createAlibabaService(services: Services): CloudService<AlibabaCall> {
  const state = new AlibabaState(services);
  const nonces = new NonceMemory();
  const { rules, random } = services;
  const operations = operationsOn(state, services);

  return {
    listeners: ['main'],
    operations,
    wire: 'text',
    newRequestId: () => random.uuid().toUpperCase(),
    parse: parseRequest,
    authenticate: (request, call) => authenticate(request, call, services, nonces),
    find: finder(operations, services),
    forbidden: ({ description }, caller) => {
      const { code, status, message } = refusal('Forbidden.RAM');
      const detail = {
        AuthAction: description.permission,
        AuthPrincipalOwnerId: caller.account,
        NoPermissionType: 'ImplicitDeny',
      };
      return new WireError(code, status, message, { AccessDeniedDetail: detail });
    },
    refuse: (violation) => violationError(violation, rules.value(alibabaRules.unknownParameters) === 'strict'),
    throttled: () => {
      const { code, message } = refusal(rules.value(alibabaRules.throttlingCode));
      return new WireError(code, Number(rules.value(alibabaRules.throttlingStatus)), message);
    },
    failure: (status) => {
      const { code, message } = refusal(status === 503 ? 'ServiceUnavailable' : 'InternalError');
      return new WireError(code, status, message);
    },
    named: refusalNamed,
    tokens: {
      lifetimeMs: () => rules.value(alibabaRules.tokenLifetimeMs),
      sliding: false,
      mismatch: () => refusal('IdempotentParameterMismatch'),
    },
    answer: (value, exchange) => answerOf(value, exchange, rules.value(alibabaRules.defaultFormat)),
    error: (error, exchange) => {
      const product = PRODUCTS[exchange.parsed?.version ?? ''] ?? '';
      return errorOf(error, exchange, product, rules.value(alibabaRules.defaultFormat));
    },
    seedNetwork: (seed) => seedVpc(state, seed),
    seedResourceGroup: (seed) => seedResourceGroup(state, seed),
    seedPort: (seed) => seedPort(state, seed),
  };
}

function operationsOn(state: AlibabaState, services: Services): readonly Operation[] {
  return [
    ...vpcPeerOperations(state),
    ...routerInterfaceOperations(state),
    ...borderRouterOperations(state),
    ...routeOperations(state),
    ...vpcOperations(state),
    ...vpcTagOperations(state),
    ...resourceGroupOperations(state),
    ...operationsOf(ecsDescriptions, { DescribeRegions: describeRegions }),
    ...stsOperations(services),
  ];
}

/** Finds an operation by version and action; refuses unknown ones, and regions that Vpc does not have. */
function finder(operations: readonly Operation[], { rules }: Services): (call: AlibabaCall) => Operation {
  const byName = new Map(
    operations.map((operation) => [`${operation.description.product}/${operation.description.name}`, operation]),
  );
  return ({ version, operation: action, region }) => {
    const product = PRODUCTS[version];
    if (product === undefined) throw refusal(rules.value(alibabaRules.unknownVersionCode), 'Version');
    const operation = byName.get(`${product}/${action}`);
    if (operation === undefined) throw refusal(rules.value(alibabaRules.unknownActionCode), 'Action');
    // the accepter's region and those of other parameters are the operations' own business
    const regional = operation.description.parameters.find((field) => field.name === 'RegionId')?.ignored !== true;
    if (product === 'Vpc' && regional && region !== undefined && !isRegion(region))
      throw refusal('InvalidRegionId.NotFound');
    return operation;
  };
}

/** Which error a violation of a description is; undefined: ignored. */
function violationError({ kind, parameter, description }: Violation, strict: boolean): WireError | undefined {
  if (kind === 'unknown') return strict ? refusal('InvalidParameter', parameter) : undefined;
  const own = description?.codes?.[kind];
  if (own !== undefined)
    return refusalNamed(own) ?? new WireError(own, 400, `The specified parameter ${parameter} is not valid.`);
  return kind === 'missing' ? missing(parameter) : refusal('InvalidParameter', parameter);
}

function vpcTagOperations(state: AlibabaState): readonly Operation[] {
  const owned =
    <R extends Place>(table: TableView<R>) =>
    (_: AlibabaState, call: Call, id: string): boolean =>
      reachable(table.get(id), call) !== undefined;
  const tags = new TagOperations(state, {
    kinds: {
      VPC: owned(state.vpcs),
      VSWITCH: owned(state.vswitches),
      ROUTETABLE: owned(state.routeTables),
      ROUTERINTERFACE: owned(state.interfaces),
      VIRTUALBORDERROUTER: owned(state.borderRouters),
    },
    tooMany: 'QuotaExceeded.TagNum',
    list: (items) => ({
      TagResources: {
        TagResource: items.map(({ type, id, key, value }) => ({
          ResourceType: type,
          ResourceId: id,
          TagKey: key,
          TagValue: value,
        })),
      },
    }),
    changed: {},
  });
  return operationsOf(vpcTagDescriptions, {
    TagResources: (call) => tags.tag(call),
    UnTagResources: (call) => tags.untag(call),
    ListTagResources: (call) => tags.list(call),
  });
}
