/**
 * The providers that come with the command. Published, the command is bundled and these with it: starting would else be the loading
 * of hundreds of small modules. A provider that is installed in another place or version, or is not ours, is imported from there.
 */
import type { OwnModules } from '@peerway/runtime';
import { BUNDLED } from './bundled.js';
import { isOfThisVersion } from './version.js';

export const OWN_PROVIDERS: OwnModules = Object.fromEntries(
  Object.entries(BUNDLED).map(([name, load]) => [
    name,
    (module: string): Promise<unknown> => (isOfThisVersion(module) ? load(module) : import(module)),
  ]),
);
