/** The one object that this package exports to the runtime. */
import { definePlugin, PLUGIN_API_VERSION } from '@peerway/core';
import { baiduCapabilities } from './capabilities.js';
import { CREDENTIAL_FIELDS } from './wire/credentials.js';
import { createBaiduDriver } from './driver.js';
import { BaiduOptions } from './options.js';
import { PERMISSIONS } from './permissions.js';

export const baidu = definePlugin<BaiduOptions>({
  apiVersion: PLUGIN_API_VERSION,
  id: 'baidu',
  displayName: 'Baidu AI Cloud',
  docsUrl: 'https://cloud.baidu.com/doc/VPC/index.html',
  capabilities: baiduCapabilities,
  options: BaiduOptions,
  credentials: CREDENTIAL_FIELDS,
  permissions: PERMISSIONS,
  create: createBaiduDriver,
});
