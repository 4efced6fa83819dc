/** The exported plugin: what `use: baidu` in a config file loads. */
import { definePlugin, PLUGIN_API_VERSION } from '@peerway/core';
import { ownAccount } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { BaiduDriver } from './driver.js';
import { BaiduLinkOptions, BaiduOptions, BaiduPeeringOptions } from './options.js';
import { PERMISSIONS } from './permissions.js';
import { RecentReadings } from './scope.js';
import { BaiduClient } from './wire/client.js';
import { CREDENTIAL_FIELDS, credentialsOf } from './wire/credentials.js';
import { PROVIDER } from './wire/errors.js';
import { endpointOf } from './wire/regions.js';

export const baidu = definePlugin<BaiduOptions>({
  apiVersion: PLUGIN_API_VERSION,
  id: PROVIDER,
  displayName: 'Baidu AI Cloud',
  docsUrl: 'https://cloud.baidu.com/doc/VPC/index.html',
  capabilities: CAPABILITIES,
  options: BaiduOptions,
  peeringOptions: BaiduPeeringOptions,
  linkOptions: BaiduLinkOptions,
  credentials: CREDENTIAL_FIELDS,
  permissions: PERMISSIONS,
  async create(context) {
    const { region, options, clock, random, redactor } = context;
    const credentials = await credentialsOf(context);
    const client = new BaiduClient({
      endpoint: endpointOf(region, context.endpoint, context.newRegion),
      credentials,
      clock,
      timeoutMs: options.requestTimeoutMs,
      redactor,
      env: context.env,
    });
    const account = ownAccount(context.account, (await credentials.get()).accessKeyId);
    const recent = new RecentReadings(clock);
    return new BaiduDriver({ client, account, region, options, recent }, { clock, random });
  },
});
