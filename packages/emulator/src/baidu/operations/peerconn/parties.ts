/**
 * Who may see and do what with a peer connection. One record, two sides; a caller acts for a side when it owns that
 * side's account and talks to that side's region. Nobody becomes a party by naming somebody's VPC.
 * Source: docs/facts/baidu.md 2 (each side is a regional record), 3.1.3, 4.3, checked 2026-11.
 */
import { rule } from '../../context.js';
import type { BaiduCall, BaiduContext } from '../../context.js';
import { bceError } from '../../errors.js';
import type { PeerconnRecord, PeerconnSide, Role } from '../../records.js';
import { BAIDU_RULES } from '../../rules.js';
import { PEERCONN_ALLOWS } from '../../transitions.js';
import type { PeerconnVerb } from '../../transitions.js';

const ROLES: readonly Role[] = ['initiator', 'acceptor'];

export const isSameAccount = (record: PeerconnRecord): boolean => record.initiator.account === record.acceptor.account;

export const otherRole = (role: Role): Role => (role === 'initiator' ? 'acceptor' : 'initiator');

const owns = (side: PeerconnSide, call: BaiduCall): boolean =>
  side.account === call.account && side.region === call.region;

/** The sides that the caller acts for here; empty for a third account and in a third region. */
export const ownRoles = (record: PeerconnRecord, call: BaiduCall): readonly Role[] =>
  ROLES.filter((role) => owns(record[role], call));

/** The sides that the caller can list here: its own, unless a failed request has left the acceptor's view. */
export function visibleRoles(context: BaiduContext, record: PeerconnRecord, call: BaiduCall): readonly Role[] {
  const hidden =
    record.status === 'consult_failed' &&
    rule(context, BAIDU_RULES.failedAcceptorView) === 'gone' &&
    !isSameAccount(record);
  return ownRoles(record, call).filter((role) => role === 'initiator' || !hidden);
}

/** The sides that GET shows the caller: those that it can list here, and by rule the other side of such a link too. */
export function readableRoles(context: BaiduContext, record: PeerconnRecord, call: BaiduCall): readonly Role[] {
  const visible = visibleRoles(context, record, call);
  const both = visible.length > 0 && rule(context, BAIDU_RULES.foreignRead) === 'party-reads-both';
  return both ? [...visible, ...ROLES.filter((role) => !visible.includes(role))] : visible;
}

/**
 * The link that a change is about and the sides that the caller acts for, at least one.
 * Throws the cloud's refusal for a link that does not exist here, belongs to others, or whose state forbids the verb.
 */
export function demandLink(
  context: BaiduContext,
  call: BaiduCall,
  verb: PeerconnVerb,
): { readonly record: PeerconnRecord; readonly roles: readonly Role[] } {
  const id = call.input.text('peerConnId');
  const record = context.tables.peerconns.get(id);
  const missing = (): Error =>
    bceError(rule(context, BAIDU_RULES.missingWrite), `The peer connection ${id} does not exist.`);
  if (record === undefined || record.status === 'deleted') throw missing();
  const roles = ownRoles(record, call);
  if (roles.length === 0) {
    const isHere = ROLES.some((role) => record[role].region === call.region);
    const isParty = ROLES.some((role) => record[role].account === call.account);
    if (!isHere || isParty || rule(context, BAIDU_RULES.foreignWrite) === 'not-found') throw missing();
    throw bceError('AccessDenied');
  }
  const resizing = verb === 'resize' && record.status === 'consulting' && rule(context, BAIDU_RULES.resizeConsulting);
  if (!PEERCONN_ALLOWS[record.status].has(verb) && !resizing) {
    throw bceError('OperationDenied', `The peer connection ${id} is ${record.status}.`);
  }
  return { record, roles };
}

/** Refuses the acceptor of a cross-account link; inside one account either side will do. */
export function demandInitiator(context: BaiduContext, record: PeerconnRecord, roles: readonly Role[]): void {
  if (isSameAccount(record) || roles.includes('initiator')) return;
  throw bceError(rule(context, BAIDU_RULES.wrongSideCode), 'Only the initiator can do this.');
}
