/** Which of the options of a connection or link show on what is there, and which can still be changed on it. Sends nothing. */
import type { ObjectSettings, SettingDrift } from '@peerway/core';
import type { BaiduLinkOptions, BaiduPeeringOptions } from './options.js';
import type { Billing, PeerConnRecord } from './wire/api/records.js';

/** What holds for one peering. */
export const peeringOptions = (settings: ObjectSettings = {}): BaiduPeeringOptions => settings;

/** What holds for one link. */
export const linkOptions = (settings: ObjectSettings = {}): BaiduLinkOptions => settings;

/** Has to be sent even where nothing is charged. */
export const billingOf = ({ paymentTiming = 'Postpaid', reservationMonths = 1 }: BaiduPeeringOptions): Billing =>
  paymentTiming === 'Postpaid'
    ? { paymentTiming }
    : { paymentTiming, reservation: { reservationLength: reservationMonths, reservationTimeUnit: 'month' } };

/** The initiator's interface name by UpdatePeerConn; nothing turns one way of paying into the other (docs/facts/baidu.md 3.1). */
export function peerConnDrift(
  { role, localIfName, paymentTiming: paid }: PeerConnRecord,
  { localInterfaceName, paymentTiming }: BaiduPeeringOptions,
): SettingDrift[] {
  if (role !== 'initiator') return [];
  const drift: SettingDrift[] = [];
  if (localInterfaceName !== undefined && localIfName !== undefined && localIfName !== localInterfaceName)
    drift.push({ name: 'localInterfaceName', seen: localIfName, wanted: localInterfaceName, change: 'in-place' });
  if (paymentTiming !== undefined && paid !== undefined && paid !== paymentTiming)
    drift.push({ name: 'paymentTiming', seen: paid, wanted: paymentTiming, change: 'fixed' });
  return drift;
}
