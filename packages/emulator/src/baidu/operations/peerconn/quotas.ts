/** What counts for the quotas of peer connections. Source: docs/facts/baidu.md 5, checked 2026-11. */
import { rule } from '../../context.js';
import type { BaiduContext } from '../../context.js';
import type { PeerconnRecord, PeerconnSide } from '../../records.js';
import { BAIDU_RULES } from '../../rules.js';

const count = (context: BaiduContext, matches: (record: PeerconnRecord) => boolean): number =>
  context.tables.peerconns.filter((record) => record.status !== 'deleted' && matches(record)).length;

const isPart = ({ initiator, acceptor }: PeerconnRecord, matches: (side: PeerconnSide) => boolean): boolean =>
  matches(initiator) || matches(acceptor);

/** Links at a VPC, in whichever role and in any state before they are gone. */
export const countOfVpc = (context: BaiduContext, vpcId: string): number =>
  count(context, (record) => isPart(record, (side) => side.vpcId === vpcId));

/** Links of an account in all regions: the limit is one per user, not per region. */
export function countOfAccount(context: BaiduContext, account: string): number {
  const initiatedOnly = rule(context, BAIDU_RULES.perAccountCounts) === 'initiated';
  return count(context, (record) =>
    initiatedOnly ? record.initiator.account === account : isPart(record, (side) => side.account === account),
  );
}
