// Bundles the published command, packages/cli/dist → packages/cli/bundle: one file to start with and one for each thing that is
// loaded when it is asked for. The library beside it (`import … from 'peerway'`, and every @peerway package) stays as tsc emits it.
// Run after `tsc -b`. Licences of what is bundled go into the folder as well.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'packages/cli');
const folder = join(cli, 'bundle');

/** Found from the command's own package. */
const PROVIDERS = ['@peerway/alibaba', '@peerway/baidu'];
const providersOfOurs = {
  name: 'providers of ours',
  setup({ onLoad }) {
    const each = PROVIDERS.map((name) => `'${name}': () => import('${name}')`);
    onLoad({ filter: /packages\/cli\/dist\/bundled\.js$/ }, () => ({
      contents: `export const BUNDLED = { ${each.join(', ')} };`,
      resolveDir: cli,
    }));
  },
};

rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: join(cli, 'dist/main.js') },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // class-validator's modules can be left out one by one in this form only: the other brings every phone number's shape along
  mainFields: ['es2015', 'module', 'main'],
  // as large as all the rest, and only a picture needs it
  external: ['@viz-js/viz'],
  keepNames: true, // errors and decorators go by them
  metafile: true,
  plugins: [providersOfOurs],
  legalComments: 'none', // whole licences are beside it
  logLevel: 'warning',
  // CommonJS modules ask for node's own by require
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
});

/** Folder of the package that a bundled file belongs to; undefined for ours. */
function packageOf(file) {
  const at = file.lastIndexOf('node_modules/');
  if (at < 0) return undefined;
  const [first, second] = file.slice(at + 'node_modules/'.length).split('/');
  return join(root, file.slice(0, at), 'node_modules', first, ...(first.startsWith('@') ? [second] : []));
}

const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
  Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
);
const folders = [...new Set(used.map(packageOf))].filter((one) => one !== undefined).sort();
const licences = folders.map((one) => {
  const { name, version, license } = JSON.parse(readFileSync(join(one, 'package.json'), 'utf8'));
  const file = readdirSync(one).find((each) => /^licen[cs]e/i.test(each));
  const text =
    file === undefined ? `Licence: ${license ?? 'not stated'}` : readFileSync(join(one, file), 'utf8').trim();
  return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
});
writeFileSync(
  join(folder, 'THIRD-PARTY.txt'),
  `What is bundled into the command peerway, beside its own code, with the licences.\n\n${licences.join(`\n${'-'.repeat(80)}\n\n`)}`,
);
if (!existsSync(join(folder, 'main.js'))) throw new Error('the bundle has no main.js');
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(
  `${relative(root, folder)}: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1_048_576).toFixed(1)} MB, licences of ${folders.length} packages`,
);
