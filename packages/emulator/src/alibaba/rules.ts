/** Alibaba's part of the rule sheet, by what the rules are about. */
import { requestRules } from './rules/requests.js';
import { lineRules } from './rules/lines.js';
import { networkRules } from './rules/network.js';
import { vpcPeerRules } from './rules/vpcPeer.js';

export const alibabaRules = { ...requestRules, ...networkRules, ...vpcPeerRules, ...lineRules } as const;
