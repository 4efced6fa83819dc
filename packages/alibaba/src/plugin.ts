/** The exported plugin: what `use: alibaba` in a config file loads. */
import { definePlugin, PLUGIN_API_VERSION } from '@peerway/core';
import { PROVIDER } from './wire/errors.js';
import { OwnAccount } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { PopCoreClient } from './wire/client.js';
import { CREDENTIAL_FIELDS, credentialsOf } from './wire/credentials.js';
import { AlibabaDriver } from './driver.js';
import { AlibabaLinkOptions, AlibabaOptions, AlibabaPeeringOptions } from './options.js';
import { Routers } from './routerInterface/routers.js';
import { PERMISSIONS } from './permissions.js';

export const alibaba = definePlugin<AlibabaOptions>({
  apiVersion: PLUGIN_API_VERSION,
  id: PROVIDER,
  displayName: 'Alibaba Cloud',
  docsUrl: 'https://www.alibabacloud.com/help/en/vpc/user-guide/vpc-peering-connection',
  capabilities: CAPABILITIES,
  options: AlibabaOptions,
  peeringOptions: AlibabaPeeringOptions,
  linkOptions: AlibabaLinkOptions,
  credentials: CREDENTIAL_FIELDS,
  permissions: PERMISSIONS,
  create(context) {
    const { region, clock, random, options } = context;
    const client = new PopCoreClient({
      region,
      clock,
      random,
      credentials: credentialsOf(context),
      redactor: context.redactor,
      env: context.env,
      requestTimeoutMs: options.requestTimeoutMs,
      ...(context.endpoint === undefined ? {} : { endpoint: context.endpoint }),
    });
    const account = new OwnAccount(client, region, context.account);
    const routers = new Routers(client, region, account);
    return new AlibabaDriver({ client, region, account, routers, options, clock });
  },
});
