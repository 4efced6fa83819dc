/** The exported plugin: what `use: aws` in a config file loads. */
import { definePlugin, PLUGIN_API_VERSION } from '@peerway/core';
import { OwnAccount } from './account.js';
import { CAPABILITIES } from './capabilities.js';
import { AwsDriver } from './driver.js';
import { AwsOptions } from './options.js';
import { PERMISSIONS } from './permissions.js';
import { AwsClient } from './wire/client.js';
import { CREDENTIAL_FIELDS, writtenKeys } from './wire/credentials.js';
import { PROVIDER } from './wire/errors.js';
import { endpointsOf } from './wire/regions.js';

export const aws = definePlugin<AwsOptions>({
  apiVersion: PLUGIN_API_VERSION,
  id: PROVIDER,
  displayName: 'Amazon Web Services',
  docsUrl: 'https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html',
  capabilities: CAPABILITIES,
  options: AwsOptions,
  credentials: CREDENTIAL_FIELDS,
  permissions: PERMISSIONS,
  async create(context) {
    const { region, options, clock, redactor, env, profile, name } = context;
    const endpoints = endpointsOf(region, { ec2: context.endpoint, sts: options.stsEndpoint });
    const keys = writtenKeys(context, endpoints.ec2);
    const client = await AwsClient.open({
      name,
      region,
      endpoints,
      keys,
      profile,
      clock,
      redactor,
      env,
      timeoutMs: options.requestTimeoutMs,
    });
    return new AwsDriver({ client, region, account: new OwnAccount(client) });
  },
});
