/** The Baidu AI Cloud side of the emulator. */
import type { Cloud } from '../machine/cloud.js';
import { BAIDU_RULES } from './rules.js';
import { BaiduService } from './service.js';
import { DNS_DELAYS, GATEWAY_DELAYS, PEERCONN_DELAYS } from './transitions.js';

const prefixed = (prefix: string, delays: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(delays).map(([name, delay]) => [`${prefix}.${name}`, delay]));

export const baiduCloud: Cloud = {
  name: 'baidu',
  rules: BAIDU_RULES,
  delays: {
    ...prefixed('peerconn', PEERCONN_DELAYS),
    ...prefixed('dns', DNS_DELAYS),
    ...prefixed('etGateway', GATEWAY_DELAYS),
  },
  create: (services) => new BaiduService(services),
};
