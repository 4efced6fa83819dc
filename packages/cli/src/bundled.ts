/** Providers that are part of the command's own files, by package name. None here: scripts/bundle.mjs puts what it bundles in the place of this file. */
import type { OwnModules } from '@peerway/runtime';

export const BUNDLED: OwnModules = {};
