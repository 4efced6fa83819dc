/**
 * The Baidu part of the rule sheet: documented limits, and every point that the sources leave open as a named switch.
 * "unverified" names why the default was chosen.
 */
import { NETWORK_RULES } from './rules/network.js';
import { PEERCONN_RULES } from './rules/peerconn.js';
import { REQUEST_RULES } from './rules/requests.js';

export const BAIDU_RULES = { ...REQUEST_RULES, ...PEERCONN_RULES, ...NETWORK_RULES } as const;
