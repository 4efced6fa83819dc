// The packages as a stranger gets them. `--tarballs FOLDER` names those of a release that was rehearsed before (`npm run release --
// --dry-run --out FOLDER`), which need not be packed again.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Packs packages.
 * @param folders of the packages, from the root
 * @param into an empty folder
 * @returns paths of the tarballs, one for each package
 */
export function pack(folders, into) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const filters = folders.flatMap((name) => ['--filter', `./${name}`]);
  execFileSync('npx', ['--yes', packageManager.split('+')[0], ...filters, '-r', 'pack', '--pack-destination', into], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, npm_config_user_agent: '', NODE_OPTIONS: '' },
  });
  return complete(folders, into);
}

/** Those of `--tarballs`, or packed now. */
export function packedOrPack(folders, into) {
  const at = process.argv.indexOf('--tarballs');
  return at < 0 ? pack(folders, into) : complete(folders, resolve(process.argv[at + 1]));
}

function complete(folders, folder) {
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  if (tarballs.length !== folders.length)
    throw new Error(`${tarballs.length} tarballs in ${folder} for ${folders.length} packages: ${tarballs.join(', ')}`);
  return tarballs.map((file) => join(folder, file));
}
