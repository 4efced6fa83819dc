/** The version of this command, and of whatever else is released with it: all packages of Peerway bear the same one. */
import { readFileSync } from 'node:fs';

const versionIn = (manifest: URL): string | undefined =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version;

export const version = (): string => versionIn(new URL('../package.json', import.meta.url)) ?? '';

/** Whether a module of one of our packages is of this version. @param module file URL of its entry, in the folder `dist` or `src` */
export function isOfThisVersion(module: string): boolean {
  try {
    return versionIn(new URL('../package.json', module)) === version();
  } catch {
    return false;
  }
}
