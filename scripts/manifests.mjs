// What every published package says about itself, in one place: checks.mjs refuses a package that says otherwise, and
// `node scripts/manifests.mjs --write` puts into the manifests what can be derived (addresses, licence, engines, notices).
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Folders of packages that are published, sorted: those whose manifest is not `private`. */
export function publishedPackages() {
  return readdirSync('packages')
    .map((folder) => `packages/${folder}`)
    .filter((folder) => existsSync(`${folder}/package.json`) && readJson(`${folder}/package.json`).private !== true)
    .sort();
}

/** The members that follow from the root's manifest and the folder alone. */
function derived(folder, root) {
  const page = root.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    version: readJson('packages/core/package.json').version,
    license: root.license,
    repository: { ...root.repository, directory: folder },
    homepage: `${page}/tree/main/${folder}#readme`,
    bugs: { url: `${page}/issues` },
    engines: root.engines,
  };
}

const ORDER = [
  'name',
  'version',
  'description',
  'keywords',
  'homepage',
  'bugs',
  'repository',
  'license',
  'engines',
  'type',
];

/** Beside what npm packs by itself (package.json, README.md) and what pnpm adds from the root (LICENSE). */
const PACKED = ['NOTICE', 'CHANGELOG.md'];

export function manifestFindings() {
  const root = readJson('package.json');
  const notice = readFileSync('NOTICE', 'utf8');
  return publishedPackages().flatMap((folder) => {
    const file = `${folder}/package.json`;
    const manifest = readJson(file);
    const found = [];
    const refuse = (text) => found.push(`${file}: ${text}`);
    for (const [member, value] of Object.entries(derived(folder, root))) {
      if (JSON.stringify(manifest[member]) !== JSON.stringify(value))
        refuse(`${member} must be ${JSON.stringify(value)}; node scripts/manifests.mjs --write`);
    }
    if (!manifest.description) refuse('has no description');
    if (!(manifest.keywords?.length > 0)) refuse('has no keywords');
    for (const name of PACKED) if (!manifest.files?.includes(name)) refuse(`files must name ${name}`);
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (range.startsWith('workspace:') ? range !== 'workspace:^' : !/^[\^~>]/.test(range))
        refuse(`${name} is pinned to ${range}: an application could not share it; give a range (workspace:^ for ours)`);
    }
    if (!existsSync(`${folder}/README.md`)) refuse('has no README.md beside it');
    else if (!readFileSync(`${folder}/README.md`, 'utf8').startsWith(`# ${manifest.name}\n`))
      found.push(`${folder}/README.md: does not begin with the name of the package`);
    if (!existsSync(`${folder}/CHANGELOG.md`))
      refuse('has no CHANGELOG.md beside it; node scripts/manifests.mjs --write');
    if (!existsSync(`${folder}/NOTICE`) || readFileSync(`${folder}/NOTICE`, 'utf8') !== notice)
      refuse('has no NOTICE beside it with the bytes of the one at the root; node scripts/manifests.mjs --write');
    return found;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--write')) {
  const root = readJson('package.json');
  for (const folder of publishedPackages()) {
    const manifest = { ...readJson(`${folder}/package.json`), ...derived(folder, root) };
    for (const name of PACKED) if (!manifest.files.includes(name)) manifest.files.push(name);
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (range.startsWith('workspace:')) manifest.dependencies[name] = 'workspace:^';
    }
    const rest = Object.keys(manifest).filter((member) => !ORDER.includes(member));
    const sorted = [...ORDER.filter((member) => member in manifest), ...rest].map((member) => [
      member,
      manifest[member],
    ]);
    writeFileSync(`${folder}/package.json`, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    writeFileSync(`${folder}/NOTICE`, readFileSync('NOTICE'));
    // changesets writes below this heading
    if (!existsSync(`${folder}/CHANGELOG.md`)) writeFileSync(`${folder}/CHANGELOG.md`, `# ${manifest.name}\n`);
  }
}
