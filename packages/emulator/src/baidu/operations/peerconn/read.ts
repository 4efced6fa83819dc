/** Get and list: one record seen from one of its sides. Source: docs/facts/baidu.md 3.1.2, 3.1.4, 4.3, checked 2026-11. */
import { rule } from '../../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../../context.js';
import { bceError } from '../../errors.js';
import { page } from '../paging.js';
import type { Row } from '../paging.js';
import { dnsKey } from '../../records.js';
import type { PeerconnRecord, Role } from '../../records.js';
import { BAIDU_RULES } from '../../rules.js';
import { isSameAccount, otherRole, ownRoles, readableRoles, visibleRoles } from './parties.js';

/** `YYYY-MM-DD HH:mm:ss` without a zone. */
function zonelessTime(context: BaiduContext, instant: number): string {
  const shift = rule(context, BAIDU_RULES.createdTimeZone) === 'UTC+8' ? 8 * 3_600_000 : 0;
  return new Date(instant + shift).toISOString().slice(0, 19).replace('T', ' ');
}

/** `local*` is the side being looked at, `peer*` the other; tags and protection are those of the side looked at. */
function show(
  context: BaiduContext,
  call: BaiduCall,
  { record, role, form }: { readonly record: PeerconnRecord; readonly role: Role; readonly form: 'get' | 'list' },
): unknown {
  const local = record[role];
  const peer = record[otherRole(role)];
  const bandwidth =
    rule(context, BAIDU_RULES.bandwidthType) === 'string' ? String(record.bandwidthMbps) : record.bandwidthMbps;
  const expiredTime =
    record.billing.paymentTiming === 'Prepaid'
      ? zonelessTime(context, record.billing.expiresAt)
      : rule(context, BAIDU_RULES.postpaidExpiry) === 'null'
        ? null
        : '';
  const detailed = form === 'get' || rule(context, BAIDU_RULES.listDetail);
  return {
    peerConnId: record.id,
    role,
    status: record.status,
    [rule(context, BAIDU_RULES.bandwidthField)]: bandwidth,
    description: local.description,
    localIfId: local.ifId,
    localIfName: local.ifName,
    localVpcId: local.vpcId,
    localRegion: local.region,
    peerVpcId: peer.vpcId,
    peerRegion: peer.region,
    peerAccountId: peer.account,
    paymentTiming: record.billing.paymentTiming,
    dnsStatus: call.view(context.tables.dns).get(dnsKey(record.id, role))?.status ?? 'close',
    createdTime: zonelessTime(context, record.createdAt),
    expiredTime,
    ...(detailed ? { tags: local.tags, deleteProtect: local.deleteProtect } : {}),
  };
}

export const getPeerConn: Handler = (context, call) => {
  const id = call.input.text('peerConnId');
  const record = call.view(context.tables.peerconns).get(id);
  const missing = (): undefined => {
    if (rule(context, BAIDU_RULES.missingPeerconn) === 'empty-body') return undefined;
    throw bceError('NoSuchObject', `The peer connection ${id} does not exist.`);
  };
  if (record === undefined) return missing();
  const asked = call.input.optionalText('role');
  const roles =
    asked === undefined
      ? visibleRoles(context, record, call)
      : readableRoles(context, record, call).filter((role) => role === asked);
  const [only, other] = roles;
  if (only === undefined) {
    if (rule(context, BAIDU_RULES.foreignRead) === 'access-denied') throw bceError('AccessDenied');
    return missing();
  }
  const toss =
    other !== undefined && rule(context, BAIDU_RULES.roleDefault) === 'random' && context.services.random.next() < 0.5;
  return show(context, call, { record, role: toss ? other : only, form: 'get' });
};

export const listPeerConn: Handler = (context, call) => {
  const { tables } = context;
  const vpcId = call.input.optionalText('vpcId');
  if (vpcId !== undefined) demandVpcFilter(context, call, vpcId);
  const once = rule(context, BAIDU_RULES.listRows) === 'once';
  const rows = (record: PeerconnRecord): readonly Row[] => {
    const roles = visibleRoles(context, record, call).filter(
      (role) => vpcId === undefined || record[role].vpcId === vpcId,
    );
    // the two rows of one link need two markers; a marker is opaque to clients
    return roles.slice(0, once ? 1 : 2).map((role, index) => ({
      marker: index === 0 ? record.id : `${record.id}:${role}`,
      show: () => show(context, call, { record, role, form: 'list' }),
    }));
  };
  return page(context, call, {
    member: 'peerConns',
    table: tables.peerconns,
    isVisible: (record) => ownRoles(record, call).length > 0,
    rows,
  });
};

/** By rule, a list filtered by a VPC that the caller has not got is empty or refused. */
export function demandVpcFilter(context: BaiduContext, call: BaiduCall, vpcId: string): void {
  const vpc = context.tables.vpcs.get(vpcId);
  const isOwn = vpc !== undefined && vpc.account === call.account && vpc.region === call.region;
  if (!isOwn && rule(context, BAIDU_RULES.unknownVpcFilter) === 'not-found') {
    throw bceError('NoSuchObject', `The vpc ${vpcId} does not exist.`);
  }
}

/** Which side the caller acts for, for faults that aim at one. */
export function sideOf(context: BaiduContext, call: BaiduCall): Role | undefined {
  const record = context.tables.peerconns.get(call.input.text('peerConnId'));
  if (record === undefined) return undefined;
  const [role, both] = visibleRoles(context, record, call);
  return both === undefined || !isSameAccount(record) ? role : undefined;
}
