/** When a route rule is valid. Source: docs/facts/baidu.md 3.4 and 5, checked 2026-11. */
import type { RuleDefinition } from '../../machine/rules.js';
import { readRange, rule, storedRange } from '../context.js';
import type { BaiduContext } from '../context.js';
import { bceError } from '../errors.js';
import { contains, isEverything, overlap } from '../ranges.js';
import type { Range } from '../ranges.js';
import type { PeerconnRecord, VpcRecord } from '../records.js';
import { BAIDU_RULES } from '../rules.js';
import { rangesOf } from './vpc.js';

/** 0.0.0.0/0, or a range inside one of the VPC's subnets; a relay VPC takes any. */
export function readSource(context: BaiduContext, vpc: VpcRecord, given: string): string {
  const range = readRange(context, 'sourceAddress', given);
  if (isEverything(range) || vpc.relay) return range.text;
  const subnets = context.tables.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  const ranges = subnets.flatMap(({ cidr, ipv6Cidr }) => [cidr, ipv6Cidr].filter((known) => known !== ''));
  if (ranges.some((outer) => contains(storedRange(outer), range))) return range.text;
  throw bceError('BadRequest', `The source ${range.text} is not inside a subnet of the vpc.`);
}

/** Must not overlap the VPC's own ranges, unless either of the two is everything. */
export function readDestination(context: BaiduContext, vpc: VpcRecord, given: string): string {
  const range = readRange(context, 'destinationAddress', given);
  const clashes = (own: Range): boolean => !isEverything(own) && overlap(own, range);
  const own = rangesOf(vpc).find((candidate) => clashes(storedRange(candidate)));
  if (isEverything(range) || own === undefined) return range.text;
  throw bceError('BadRequest', `The destination ${range.text} overlaps ${own} of the vpc.`);
}

/** Source and destination must speak of the same kind of address. */
export function demandOneVersion(source: string, destination: string): void {
  if (storedRange(source).version !== storedRange(destination).version) {
    throw bceError('BadRequest', 'Source and destination are of different IP versions.');
  }
}

/**
 * The next hop must exist and belong to this VPC. For a peer connection it is the interface of this VPC's side,
 * `qpif-...`; naming the peer connection itself is the classic mistake.
 */
export function demandNextHop(context: BaiduContext, vpc: VpcRecord, type: string, id: string): void {
  switch (type) {
    case 'peerConn':
      demandInterface(context, vpc, id);
      return;
    case 'dcGateway': {
      const gateway = context.tables.gateways.get(id);
      if (gateway?.vpcId === vpc.id && gateway.status !== 'deleting') return;
      throw bceError('BadRequest', `${id} is not a dedicated gateway of the vpc.`);
    }
    default:
      if (rule(context, BAIDU_RULES.otherTargets) === 'allow') return;
      throw bceError('BadRequest', `There is no ${type} ${id}.`);
  }
}

const USABLE: ReadonlySet<PeerconnRecord['status']> = new Set(['active', 'updating']);

function demandInterface(context: BaiduContext, vpc: VpcRecord, id: string): void {
  const link = context.tables.peerconns.find(({ status, initiator, acceptor }) => {
    const isLive = status !== 'deleted' && status !== 'deleting';
    return isLive && [initiator, acceptor].some((side) => side.ifId === id && side.vpcId === vpc.id);
  });
  if (link === undefined) throw bceError('BadRequest', `${id} is not an interface of a peer connection of the vpc.`);
  if (!USABLE.has(link.status) && rule(context, BAIDU_RULES.inactivePeerconn) === 'refuse') {
    throw bceError('OperationDenied', `The peer connection of ${id} is ${link.status}.`);
  }
}

/** Before next hops go: by rule the route rules through them stay behind, keep them from going, or go with them. */
export function leaveRoutes(
  context: BaiduContext,
  nextHops: readonly string[],
  onRelease: RuleDefinition<'keep' | 'refuse' | 'drop'>,
): void {
  const inUse = context.tables.routeRules.filter(({ nexthopId }) => nextHops.includes(nexthopId));
  const [first] = inUse;
  if (first === undefined) return;
  switch (rule(context, onRelease)) {
    case 'keep':
      return;
    case 'refuse':
      throw bceError('OperationDenied', `The route rule ${first.id} still leads to ${first.nexthopId}.`);
    case 'drop':
      for (const { id } of inUse) context.tables.routeRules.delete(id);
      return;
  }
}
