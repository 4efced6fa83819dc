/** Reservations, renewal and refund. Source: docs/facts/baidu.md 3.1.1 and 3.1.3, checked 2026-11. */
import type { Input } from '../../../machine/input.js';
import { rule } from '../../context.js';
import type { Handler } from '../../context.js';
import { bceError } from '../../errors.js';
import { BAIDU_RULES } from '../../rules.js';
import { demandInitiator, demandLink } from './parties.js';
import { demandUnprotected, startRelease } from './release.js';

const MONTHS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36]);

/** The length of a reservation in months; the unit is compared in any case, because the Python SDK sends `Month`. */
export function readReservation(billing: Input): number {
  const reservation = billing.object('reservation');
  const length = reservation?.optionalInteger('reservationLength');
  const unit = reservation?.optionalText('reservationTimeUnit') ?? 'month';
  if (length === undefined) throw bceError('BadRequest', 'Prepaid needs a reservation.');
  if (!MONTHS.has(length)) throw bceError('BadRequest', 'reservationLength must be 1 to 9, 12, 24 or 36.');
  if (unit.toLowerCase() !== 'month') throw bceError('BadRequest', 'reservationTimeUnit must be month.');
  return length;
}

/** The same day of a later month, or that month's last day. */
export function addMonths(instant: number, months: number): number {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

export const renewPeerConn: Handler = (context, call) => {
  const { record, roles } = demandLink(context, call, 'renew');
  demandInitiator(context, record, roles);
  const { billing } = record;
  if (billing.paymentTiming === 'Postpaid')
    throw bceError('OperationDenied', 'A Postpaid peer connection cannot be renewed.');
  const asked = call.input.object('billing');
  if (asked === undefined) throw bceError('InappropriateJSON');
  const expiresAt = addMonths(Math.max(billing.expiresAt, call.now), readReservation(asked));
  const renewed = context.tables.peerconns.put({ ...record, billing: { ...billing, expiresAt } });
  context.lifecycles.scheduleDeadline(record.id, expiresAt);
  context.lifecycles.peerconn.begin(renewed, 'renew');
  return undefined;
};

/** Gives a prepaid link back: it is released. The amount (total less 1.5 times what was consumed) is not part of the answer. */
export const refundPeerConn: Handler = (context, call) => {
  const { record, roles } = demandLink(context, call, 'refund');
  demandInitiator(context, record, roles);
  if (record.billing.paymentTiming === 'Postpaid') {
    throw bceError('OperationDenied', 'A Postpaid peer connection cannot be refunded.');
  }
  const border = rule(context, BAIDU_RULES.crossBorderRegions);
  if ((record.initiator.region === border) !== (record.acceptor.region === border)) {
    throw bceError('OperationDenied', 'A cross-border peer connection cannot be refunded.');
  }
  if (rule(context, BAIDU_RULES.protectionBlocksRefund)) demandUnprotected(context, record, call.account);
  startRelease(context, record);
  return undefined;
};
