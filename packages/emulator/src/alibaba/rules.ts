/** Alibaba's part of the rule sheet, by what the rules are about. */
import { gatewayRules } from './rules/gateway.js';
import { lineRules } from './rules/lines.js';
import { networkRules } from './rules/networks.js';
import { peeringRules } from './rules/peerings.js';

export const alibabaRules = { ...gatewayRules, ...networkRules, ...peeringRules, ...lineRules } as const;
