/** The thirteen peer connection operations, as data. */
import { ALL_SDKS, describe, flag, integer, NOT_JAVA, paging, required, tags, text } from './parameters.js';
import type { BaiduOperation, Sketch } from './parameters.js';
import type { ParameterDescription } from '../../machine/description.js';

const FACTS = 'docs/facts/baidu.md 3.1 and 12 (vendor pages VPC/s/bjwvyue8y and its neighbours), checked 2026-11';
const ONE = '/v1/peerconn/{peerConnId}';

const role: ParameterDescription = text('role', { values: ['initiator', 'acceptor'] });

/** `paymentTiming` is what a renewal may leave out; the reservation is read for Prepaid only (docs/facts/baidu.md 3.1.1, Python quirk). */
const billing = (timing: ParameterDescription): ParameterDescription => ({
  name: 'billing',
  type: 'object',
  fields: [
    timing,
    {
      name: 'reservation',
      type: 'object',
      fields: [integer('reservationLength'), text('reservationTimeUnit')],
    },
  ],
});
const paymentTiming = text('paymentTiming', { values: ['Prepaid', 'Postpaid'] });

const operation = (name: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('peerconn', name, { ...sketch, source: FACTS });

export const PEERCONN_OPERATIONS = {
  CreatePeerConn: operation('CreatePeerConn', {
    method: 'POST',
    path: '/v1/peerconn',
    tokenRequired: true,
    body: [
      required(integer('bandwidthInMbps')),
      required(text('localVpcId')),
      required(text('peerVpcId')),
      required(text('peerRegion')),
      required(billing(required(paymentTiming))),
      text('description'),
      text('localIfName'),
      text('peerIfName'),
      text('peerAccountId'),
      tags,
      text('resourceGroupId'),
      flag('deleteProtect'),
    ],
    sdks: ALL_SDKS,
  }),
  ListPeerConn: operation('ListPeerConn', {
    method: 'GET',
    path: '/v1/peerconn',
    query: [text('vpcId'), ...paging],
    sdks: ALL_SDKS,
  }),
  GetPeerConn: operation('GetPeerConn', {
    method: 'GET',
    path: ONE,
    query: [role],
    sdks: ALL_SDKS,
  }),
  UpdatePeerConn: operation('UpdatePeerConn', {
    method: 'PUT',
    path: ONE,
    body: [required(text('localIfId')), text('description'), text('localIfName')],
  }),
  AcceptPeerConn: operation('AcceptPeerConn', {
    method: 'PUT',
    path: ONE,
    flag: 'accept',
    sdks: ALL_SDKS,
  }),
  RejectPeerConn: operation('RejectPeerConn', {
    method: 'PUT',
    path: ONE,
    flag: 'reject',
  }),
  ReleasePeerConn: operation('ReleasePeerConn', {
    method: 'DELETE',
    path: ONE,
    sdks: ALL_SDKS,
  }),
  UpdatePeerConnBandwidth: operation('UpdatePeerConnBandwidth', {
    method: 'PUT',
    path: ONE,
    flag: 'resize',
    body: [required(integer('newBandwidthInMbps'))],
  }),
  RenewPeerConn: operation('RenewPeerConn', {
    method: 'PUT',
    path: ONE,
    flag: 'purchaseReserved',
    body: [required(billing(paymentTiming))],
  }),
  RefundPeerConn: operation('RefundPeerConn', {
    method: 'PUT',
    path: ONE,
    flag: 'refund',
    sdks: NOT_JAVA,
  }),
  OpenPeerConnSyncDns: operation('OpenPeerConnSyncDns', {
    method: 'PUT',
    path: ONE,
    flag: 'open',
    query: [required(role)],
  }),
  ClosePeerConnSyncDns: operation('ClosePeerConnSyncDns', {
    method: 'PUT',
    path: ONE,
    flag: 'close',
    query: [required(role)],
  }),
  UpdatePeerConnDeleteProtect: operation('UpdatePeerConnDeleteProtect', {
    method: 'PUT',
    path: `${ONE}/deleteProtect`,
    body: [required(flag('deleteProtect'))],
    sdks: NOT_JAVA,
  }),
} as const;
