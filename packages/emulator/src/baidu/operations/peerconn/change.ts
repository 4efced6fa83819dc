/** Answering a request, and changes to a link or one of its sides. Source: docs/facts/baidu.md 3.1.3, 4.2, 4.4, checked 2026-11. */
import { demandRoom, rule } from '../../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../../context.js';
import { bceError } from '../../errors.js';
import { dnsKey } from '../../records.js';
import type { PeerconnRecord, Role } from '../../records.js';
import { BAIDU_RULES } from '../../rules.js';
import { demandBandwidth, demandShortTexts } from './create.js';
import { demandInitiator, demandLink } from './parties.js';
import { countOfAccount, countOfVpc } from './quotas.js';

/** The request that the caller may answer: it acts for the acceptor, across accounts, and nobody has answered yet. */
function demandRequest(context: BaiduContext, call: BaiduCall): PeerconnRecord {
  const { record, roles } = demandLink(context, call, 'answer');
  if (!roles.includes('acceptor')) throw bceError('OperationDenied', 'Only the acceptor can answer the request.');
  return record;
}

export const acceptPeerConn: Handler = (context, call) => {
  const record = demandRequest(context, call);
  const { vpcId, account } = record.acceptor;
  // the request itself counts already where its acceptor counts at all
  demandRoom(context, countOfVpc(context, vpcId) - 1, BAIDU_RULES.perVpc, `peer connections of ${vpcId}`);
  if (rule(context, BAIDU_RULES.perAccountCounts) === 'both-roles') {
    const others = countOfAccount(context, account) - 1;
    demandRoom(context, others, BAIDU_RULES.perAccount, 'peer connections of the account');
  }
  context.lifecycles.accept(record);
  return undefined;
};

export const rejectPeerConn: Handler = (context, call) => {
  context.lifecycles.peerconn.begin(demandRequest(context, call), 'reject');
  return undefined;
};

/** `localIfId` selects the side; it must be one that the caller acts for. */
export const updatePeerConn: Handler = (context, call) => {
  const { input } = call;
  const { record, roles } = demandLink(context, call, 'update');
  const localIfId = input.text('localIfId');
  const role = roles.find((candidate) => record[candidate].ifId === localIfId);
  if (role === undefined) throw bceError('BadRequest', `${localIfId} is not your interface of this peer connection.`);
  demandShortTexts(context, input, ['description', 'localIfName']);
  const side = record[role];
  const changed = context.tables.peerconns.put({
    ...record,
    [role]: {
      ...side,
      description: input.optionalText('description') ?? side.description,
      ifName: input.optionalText('localIfName') ?? side.ifName,
    },
  });
  if (rule(context, BAIDU_RULES.showsUpdating) === 'resize-and-update')
    context.lifecycles.peerconn.begin(changed, 'update');
  return undefined;
};

export const resizePeerConn: Handler = (context, call) => {
  const { record, roles } = demandLink(context, call, 'resize');
  demandInitiator(context, record, roles);
  const bandwidthMbps = demandBandwidth(context, call.input.integer('newBandwidthInMbps'));
  if (record.billing.paymentTiming === 'Prepaid' && bandwidthMbps < record.bandwidthMbps) {
    throw bceError('OperationDenied', 'The bandwidth of a Prepaid peer connection can only grow.');
  }
  const changed = context.tables.peerconns.put({ ...record, bandwidthMbps });
  if (rule(context, BAIDU_RULES.showsUpdating) !== 'never') context.lifecycles.peerconn.begin(changed, 'update');
  return undefined;
};

/** Each account has a switch of its own; inside one account the link has one. */
export const updateDeleteProtect: Handler = (context, call) => {
  const { record } = demandLink(context, call, 'protect');
  const deleteProtect = call.input.flag('deleteProtect');
  const { initiator, acceptor } = record;
  context.tables.peerconns.put({
    ...record,
    initiator: initiator.account === call.account ? { ...initiator, deleteProtect } : initiator,
    acceptor: acceptor.account === call.account ? { ...acceptor, deleteProtect } : acceptor,
  });
  return undefined;
};

/** Opens or closes the DNS synchronisation of the side that `role` names, which the caller must act for. */
const dnsHandler =
  (verb: 'open' | 'close'): Handler =>
  (context, call) => {
    const { record, roles } = demandLink(context, call, 'dns');
    const role = call.input.text('role') as Role;
    if (!roles.includes(role)) throw bceError('AccessDenied', `You do not act for the ${role} here.`);
    const id = dnsKey(record.id, role);
    const current = context.tables.dns.get(id) ?? context.tables.dns.put({ id, status: 'close' });
    if (current.status === verb) {
      if (rule(context, BAIDU_RULES.dnsRepeat) === 'succeed') return undefined;
      throw bceError('OperationDenied', `The DNS synchronisation is ${current.status} already.`);
    }
    const event = verb === 'open' && !rule(context, BAIDU_RULES.dnsWait) ? 'sync' : verb;
    if (context.lifecycles.dns.begin(current, event) === undefined) {
      throw bceError('OperationDenied', `The DNS synchronisation is busy: ${current.status}.`);
    }
    return undefined;
  };

export const openDnsSync = dnsHandler('open');
export const closeDnsSync = dnsHandler('close');
