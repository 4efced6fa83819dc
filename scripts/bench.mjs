// Runs every figure of the workspace in turn: packages/*/bench/*.mjs, each a program that prints
// `figure: value (target ...)` lines and exits 1 when a target was missed. Files that start with `_` are shared parts.
// `npm run bench` builds first; `node scripts/bench.mjs core engine` runs only those packages.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages');
const wanted = process.argv.slice(2);
const failed = [];
let ran = 0;

for (const name of readdirSync(packages).sort()) {
  const folder = join(packages, name, 'bench');
  if ((wanted.length > 0 && !wanted.includes(name)) || !existsSync(folder)) continue;
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.mjs') || file.startsWith('_')) continue;
    const title = `${name}/${file.slice(0, -'.mjs'.length)}`;
    console.log(`\n== ${title}`);
    ran += 1;
    const { status } = spawnSync(process.execPath, [join(folder, file)], { stdio: 'inherit' });
    if (status !== 0) failed.push(title);
  }
}

console.log(
  `\n${ran - failed.length} of ${ran} met their targets${failed.length > 0 ? `; missed: ${failed.join(', ')}` : ''}`,
);
process.exitCode = failed.length > 0 || ran === 0 ? 1 : 0;
