// Builds the documentation site into docs/.vitepress/dist, offline: `npm run docs`. Before that it writes the pages that are never
// committed: the API (typedoc, a page per package), the packages' READMEs, the reference of the config file (from its JSON Schema)
// of the command (from its own table) and of the HTTP API (from its OpenAPI). A link to nothing fails the build. Run after `npm run build`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publishedPackages } from './manifests.mjs';
import { commandPage, filePage, httpPage } from './reference.mjs';

const docs = 'docs';
const node = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
/** An empty folder below docs. */
const fresh = (folder) => {
  rmSync(join(docs, folder), { recursive: true, force: true });
  mkdirSync(join(docs, folder), { recursive: true });
  return join(docs, folder);
};

const names = publishedPackages().map((folder) => basename(folder));

const packages = fresh('packages');
for (const name of names) {
  const from = `packages/${name}/README.md`;
  writeFileSync(join(packages, `${name}.md`), `---\nfrom: ${from}\n---\n\n${readFileSync(from, 'utf8')}`);
}

const reference = fresh('reference');
writeFileSync(join(reference, 'file.md'), await filePage());
writeFileSync(join(reference, 'command.md'), await commandPage());
writeFileSync(join(reference, 'http.md'), await httpPage());

// one program over all packages: a run per package reads everything that they share each time
const entries = fresh('.vitepress/api');
for (const name of names) {
  const page = name === 'cli' ? 'peerway' : name;
  writeFileSync(join(entries, `${page}.ts`), `export * from '../../../packages/${name}/src/index.js';\n`);
}
cpSync(join(docs, '.vitepress/api.tsconfig.json'), join(entries, 'tsconfig.json'));
fresh('api');
node(join(docs, 'node_modules/typedoc/bin/typedoc'), '--options', join(docs, 'typedoc.json'));

node(join(docs, 'node_modules/vitepress/bin/vitepress.js'), 'build', docs);

const site = join(docs, '.vitepress/dist');
const pages = readdirSync(site, { recursive: true }).filter((file) => file.endsWith('.html'));
const foreign = pages.flatMap((file) => {
  const html = readFileSync(join(site, file), 'utf8');
  return [...html.matchAll(/<(?:script|img|link)\b[^>]*?\b(?:src|href)="(https?:[^"]+)"/g)].map(
    ([, url]) => `${file}: loads ${url}`,
  );
});
for (const line of foreign) console.error(line);
console.log(`docs: ${pages.length} pages in ${site}`);
process.exitCode = foreign.length === 0 ? 0 : 1;
