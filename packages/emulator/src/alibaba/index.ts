/** Alibaba Cloud: VpcPeer 2022-01-01, the networking part of Vpc 2016-04-28, and Sts 2015-04-01. */
import type { Cloud } from '../machine/cloud.js';
import { alibabaDelays } from './delays.js';
import { alibabaRules } from './rules.js';
import { createAlibabaService } from './service.js';

export const alibabaCloud: Cloud = {
  name: 'alibaba',
  rules: alibabaRules,
  delays: alibabaDelays,
  create: createAlibabaService,
};
