/** The open rules of Baidu AI Cloud (docs/emulator/limits.md), each in a probe or with the reason why a live account cannot tell. */
import type { Probe } from '../probe.js';
import { gatewayProbes } from './gatewayProbes.js';
import { linkProbes } from './linkProbes.js';
import { partnerProbes } from './partnerProbes.js';
import { requestProbes } from './requestProbes.js';
import type { BaiduStage } from './stage.js';

export const BAIDU_PROBES: readonly Probe<BaiduStage>[] = [
  ...requestProbes,
  ...linkProbes,
  ...partnerProbes,
  ...gatewayProbes,
];

/** Rules that show only on a link that came about. */
export const NEED_A_LINK: readonly string[] = [
  'baidu.peerconn.longestDescription',
  'baidu.peerconn.longestInterfaceName',
  'baidu.peerconn.minimumBandwidthMbps',
  'baidu.peerconn.maximumBandwidthMbps',
  'baidu.peerconn.dnsShowsWait',
  'baidu.peerconn.dnsRepeat',
  'baidu.peerconn.protectedCode',
  'baidu.route.onPeerconnRelease',
  'baidu.peerconn.deletedTombstone',
  'baidu.clientToken.remembersRefusals',
  ...partnerProbes.flatMap(({ rules }) => rules.filter((rule) => rule !== 'baidu.peerconn.peerIfNameAcrossAccounts')),
];

/** Open rules that a live account cannot settle, or only at a price that nobody should pay for it. */
export const BAIDU_UNPROBED: Readonly<Record<string, string>> = {
  'baidu.etGateway.secondHealthCheck': 'needs a gateway that is bound to a dedicated line',
  'baidu.etGateway.quotaPerVpc': 'eleven dedicated gateways would have to be made',
  'baidu.peerconn.overdueAfterMs': 'the account would have to be in arrears',
  'baidu.peerconn.protectionBlocksRefund': 'a month of a link between regions would have to be paid',
  'baidu.peerconn.quotaPerAccountCounts': 'the quota of links would have to be used up in two accounts',
  'baidu.peerconn.releaseWhenDownOrError': 'a link would have to be down, which nobody can bring about',
  'baidu.route.targetsNotEmulated': 'it is about what the emulator holds; a cloud knows all its own targets',
};
