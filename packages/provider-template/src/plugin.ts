/** The plugin: the one object that a config file names and core loads. */
import { definePlugin, PeerwayError, PLUGIN_API_VERSION, type Call } from '@peerway/core';
import { IsOptional, IsString, Matches } from 'class-validator';
import { capabilities } from './capabilities.js';
import { TinyClient } from './client.js';
import { PROVIDER } from './convert.js';
import { TinyDriver } from './driver.js';
import { cloudNamed } from './clouds.js';

/** What may stand under `options:` of a provider entry. */
export class TinyOptions {
  /** Which in-memory cloud to talk to; those of one name are one cloud. Default `default`. */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9-]+$/)
  world: string = 'default';
}

export const tiny = definePlugin<TinyOptions>({
  apiVersion: PLUGIN_API_VERSION,
  id: PROVIDER,
  displayName: 'Tiny Cloud (template)',
  capabilities,
  options: TinyOptions,
  credentials: [
    {
      key: 'accessKeyId',
      env: ['TINY_ACCESS_KEY_ID'],
      help: 'Key id; the default world has demo-a and demo-b',
      secret: false,
    },
    {
      key: 'accessKeySecret',
      env: ['TINY_ACCESS_KEY_SECRET'],
      help: 'Its secret; demo-secret-a, demo-secret-b',
      secret: true,
    },
  ],
  create({ options, region, credentials, clock, redactor, name }) {
    const { accessKeyId: key, accessKeySecret: secret } = credentials;
    if (key === undefined || secret === undefined) {
      throw new PeerwayError('Unauthenticated', `The provider ${name} has no key`, {
        remedy: 'Set TINY_ACCESS_KEY_ID and TINY_ACCESS_KEY_SECRET.',
      });
    }
    redactor.add(secret);
    const cloud = cloudNamed(options.world, clock);
    const client = new TinyClient(cloud, { key, secret, region });
    let account: string | undefined; // who we are never changes: asking once is no caching of state
    const whoAmI = async (call: Call): Promise<string> =>
      (account ??= (await client.send<{ owner: string }>('GetOwner', {}, call)).owner);
    return new TinyDriver(client, whoAmI);
  },
});
