/** CreatePeerConn: every rule of docs/facts/baidu.md 3.1.1, 3.1.3 and 5, in the order in which they are checked. */
import { demandRoom, newId, rule, storedRange } from '../../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../../context.js';
import type { Input } from '../../../machine/input.js';
import { bceError } from '../../errors.js';
import { overlap } from '../../ranges.js';
import type { PeerconnRecord, PeerconnSide, VpcRecord } from '../../records.js';
import { BAIDU_REGIONS } from '../../regions.js';
import { BAIDU_RULES } from '../../rules.js';
import { rangesOf } from '../vpc.js';
import { readTags } from '../tags.js';
import { addMonths, readReservation } from './billing.js';
import { countOfAccount, countOfVpc } from './quotas.js';

export const createPeerConn: Handler = (context, call) => {
  const { input } = call;
  const bandwidthMbps = demandBandwidth(context, input.integer('bandwidthInMbps'));
  const { local, peer } = readEnds(context, call);
  const billing = readBilling(call, local.region === peer.region);
  const crossAccount = local.account !== peer.account;
  if (crossAccount && input.has('peerIfName') && rule(context, BAIDU_RULES.crossAccountIfName) === 'refuse') {
    throw bceError('BadRequest', 'peerIfName is for peer connections inside one account.');
  }
  demandFreePair(context, local, peer);
  if (local.relay && peer.relay) throw bceError('OperationDenied', 'Both vpcs are relay vpcs.');
  if (rule(context, BAIDU_RULES.refuseOverlap) && overlapping(local, peer)) {
    throw bceError('CidrConflict', 'The ranges of the two vpcs overlap.');
  }
  demandQuota(context, call.account, local, crossAccount ? undefined : peer);

  demandShortTexts(context, input, ['description', 'localIfName', 'peerIfName']);
  const deleteProtect = input.flag('deleteProtect');
  const ours = { deleteProtect, tags: readTags(input), resourceGroupId: input.optionalText('resourceGroupId') ?? '' };
  const description = input.optionalText('description') ?? '';
  const unnamed = rule(context, BAIDU_RULES.absentPeerIfName) === 'empty' ? '' : undefined;
  const peerIfName = crossAccount ? unnamed : (input.optionalText('peerIfName') ?? unnamed);
  const initiator = side(context, local, { ...ours, description, ifName: input.optionalText('localIfName') });
  const acceptor = crossAccount
    ? side(context, peer, { deleteProtect: false, tags: [], resourceGroupId: '', description: '', ifName: peerIfName })
    : side(context, peer, {
        ...ours,
        description: rule(context, BAIDU_RULES.acceptorDescription) === 'same' ? description : '',
        ifName: peerIfName,
      });
  const record: PeerconnRecord = context.tables.peerconns.put({
    id: newId(context, 'peerconn'),
    status: 'creating',
    createdAt: call.now,
    bandwidthMbps,
    billing,
    answerBy: crossAccount ? call.now + rule(context, BAIDU_RULES.requestLifetimeMs) : undefined,
    initiator,
    acceptor,
  });
  context.lifecycles.launch(record);
  if (record.answerBy !== undefined) context.lifecycles.scheduleDeadline(record.id, record.answerBy);
  if (billing.paymentTiming === 'Prepaid') context.lifecycles.scheduleDeadline(record.id, billing.expiresAt);
  return { peerConnId: record.id };
};

const LENGTHS = {
  description: BAIDU_RULES.longestDescription,
  localIfName: BAIDU_RULES.longestIfName,
  peerIfName: BAIDU_RULES.longestIfName,
} as const;

/** Refuses a text of the request that is longer than its rule allows, counted in characters. */
export function demandShortTexts(context: BaiduContext, input: Input, names: readonly (keyof typeof LENGTHS)[]): void {
  for (const name of names) {
    const most = rule(context, LENGTHS[name]);
    if ([...(input.optionalText(name) ?? '')].length > most) {
      throw bceError('BadRequest', `${name} has more than ${String(most)} characters.`);
    }
  }
}

/** Bandwidth within the rule's limits, in Mbit/s. */
export function demandBandwidth(context: BaiduContext, asked: number): number {
  const least = rule(context, BAIDU_RULES.minimumBandwidth);
  const most = rule(context, BAIDU_RULES.maximumBandwidth);
  if (asked >= least && asked <= most) return asked;
  throw bceError('BadRequest', `The bandwidth must be between ${String(least)} and ${String(most)} Mbps.`);
}

function readEnds(context: BaiduContext, call: BaiduCall): { readonly local: VpcRecord; readonly peer: VpcRecord } {
  const { input } = call;
  const localVpcId = input.text('localVpcId');
  const peerVpcId = input.text('peerVpcId');
  const peerRegion = input.text('peerRegion');
  const named = input.optionalText('peerAccountId');
  if (localVpcId === peerVpcId) throw bceError('BadRequest', 'The two vpcs must not be the same.');
  if (!BAIDU_REGIONS.has(peerRegion)) throw bceError('BadRequest', `There is no region ${peerRegion}.`);
  if (named === call.account && rule(context, BAIDU_RULES.ownPeerAccountId) === 'refuse') {
    throw bceError('BadRequest', 'peerAccountId is for peer connections between accounts.');
  }
  // a vpc counts only when it belongs to the account and region that the caller says it does
  const find = (id: string, account: string, region: string): VpcRecord => {
    const vpc = context.tables.vpcs.get(id);
    if (vpc?.account === account && vpc.region === region) return vpc;
    throw bceError('NoSuchObject', `The vpc ${id} does not exist.`);
  };
  return {
    local: find(localVpcId, call.account, call.region),
    peer: find(peerVpcId, named ?? call.account, peerRegion),
  };
}

function readBilling(call: BaiduCall, sameRegion: boolean): PeerconnRecord['billing'] {
  const billing = call.input.object('billing');
  // clients send a reservation beside Postpaid; it has no meaning there (docs/facts/baidu.md 3.1.1)
  if (billing?.text('paymentTiming') !== 'Prepaid') return { paymentTiming: 'Postpaid' };
  if (sameRegion) throw bceError('BadRequest', 'Inside one region only Postpaid is supported.');
  const months = readReservation(billing);
  return { paymentTiming: 'Prepaid', paidFrom: call.now, expiresAt: addMonths(call.now, months) };
}

/** At most one link for two VPCs, whichever of them asked, in any state before it is gone. */
function demandFreePair(context: BaiduContext, local: VpcRecord, peer: VpcRecord): void {
  const pair = new Set([local.id, peer.id]);
  const existing = context.tables.peerconns.find(
    ({ status, initiator, acceptor }) => status !== 'deleted' && pair.has(initiator.vpcId) && pair.has(acceptor.vpcId),
  );
  if (existing !== undefined) {
    throw bceError('OperationDenied', `There already is a peer connection between ${local.id} and ${peer.id}.`);
  }
}

function overlapping(a: VpcRecord, b: VpcRecord): boolean {
  const theirs = rangesOf(b).map(storedRange);
  return rangesOf(a).some((text) => theirs.some((range) => overlap(storedRange(text), range)));
}

/** `peer` is undefined across accounts: its owner's quotas are checked when the request is accepted. */
function demandQuota(context: BaiduContext, account: string, local: VpcRecord, peer: VpcRecord | undefined): void {
  for (const vpc of peer === undefined ? [local] : [local, peer]) {
    demandRoom(context, countOfVpc(context, vpc.id), BAIDU_RULES.perVpc, `peer connections of ${vpc.id}`);
  }
  const count = countOfAccount(context, account);
  demandRoom(context, count, BAIDU_RULES.perAccount, 'peer connections of the account');
}

function side(
  context: BaiduContext,
  vpc: VpcRecord,
  own: Pick<PeerconnSide, 'description' | 'deleteProtect' | 'tags' | 'resourceGroupId'> & {
    readonly ifName: string | undefined;
  },
): PeerconnSide {
  return {
    ...own,
    account: vpc.account,
    region: vpc.region,
    vpcId: vpc.id,
    ifId: newId(context, 'qpif'),
    ifName: own.ifName ?? `int-${context.services.random.alphanumeric(8)}`,
  };
}
