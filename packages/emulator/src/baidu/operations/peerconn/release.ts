/** Release, and what it means for route rules that use the link. Source: docs/facts/baidu.md 3.1.3, 3.4, 4.2, checked 2026-11. */
import { rule } from '../../context.js';
import type { BaiduContext, Handler } from '../../context.js';
import { bceError } from '../../errors.js';
import type { PeerconnRecord } from '../../records.js';
import { BAIDU_RULES } from '../../rules.js';
import { leaveRoutes } from '../routeChecks.js';
import { demandInitiator, demandLink } from './parties.js';

const STOPPED: ReadonlySet<string> = new Set(['down', 'error', 'expired']);

export const releasePeerConn: Handler = (context, call) => {
  const { record, roles } = demandLink(context, call, 'release');
  demandInitiator(context, record, roles);
  if (STOPPED.has(record.status) && !rule(context, BAIDU_RULES.releaseStopped)) {
    throw bceError('OperationDenied', `A peer connection that is ${record.status} cannot be released.`);
  }
  demandUnprotected(context, record, call.account);
  const { billing } = record;
  const paid = billing.paymentTiming === 'Prepaid' && billing.expiresAt > call.now;
  if (paid && record.status !== 'consult_failed') {
    throw bceError('OperationDenied', 'A Prepaid peer connection cannot be released before it expires.');
  }
  startRelease(context, record);
  return undefined;
};

/** Refuses when a side of the caller's account is protected. */
export function demandUnprotected(context: BaiduContext, record: PeerconnRecord, account: string): void {
  const guarded = [record.initiator, record.acceptor].some((side) => side.account === account && side.deleteProtect);
  if (guarded) throw bceError(rule(context, BAIDU_RULES.protectedCode), 'Release protection is on.');
}

/** Moves the link to deleting; by rule its route rules stay behind, keep it from going, or go with it. */
export function startRelease(context: BaiduContext, record: PeerconnRecord): void {
  leaveRoutes(context, [record.initiator.ifId, record.acceptor.ifId], BAIDU_RULES.releaseWithRoutes);
  context.lifecycles.peerconn.begin(record, 'release');
}
