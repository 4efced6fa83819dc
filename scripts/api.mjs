// The public surface of every published package, as its index.ts says it: packages/*/api/*.api.md, written by api-extractor from
// the built declarations, so that a change of what others program against stands in the diff of its commit. With --check it
// writes nothing, shows what differs and exits 1. Run after `npm run build`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { publishedPackages } from './manifests.mjs';

const check = process.argv.includes('--check');
const outside = mkdtempSync(join(tmpdir(), 'peerway-api-'));
process.on('exit', () => rmSync(outside, { recursive: true, force: true }));

/** The report holds the surface alone: what the messages say has line numbers, which move with every edit. */
const silent = { default: { logLevel: ExtractorLogLevel.None, addToApiReportFile: false } };
const MESSAGES = {
  compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false } },
  extractorMessageReporting: silent,
  tsdocMessageReporting: silent,
};

/** Writes the report of one package into a folder; false when the declarations could not be read. */
function report(folder, into) {
  const projectFolder = resolve(folder);
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, 'package.json'),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: join(projectFolder, 'dist/index.d.ts'),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023'],
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
            exactOptionalPropertyTypes: true,
          },
          include: [join(projectFolder, 'dist/index.d.ts')],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${basename(folder)}.api.md`,
        reportFolder: into,
        reportTempFolder: join(outside, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: MESSAGES,
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) console.error(`${folder}: ${message.text}`);
    },
  });
  return succeeded;
}

let findings = 0;
const folders = publishedPackages();
for (const folder of folders) {
  const kept = resolve(folder, 'api');
  const into = check ? join(outside, basename(folder)) : kept;
  mkdirSync(into, { recursive: true });
  if (!report(folder, into)) findings += 1;
  const file = `${basename(folder)}.api.md`;
  if (!check) continue;
  const now = existsSync(join(into, file)) ? readFileSync(join(into, file), 'utf8') : '';
  if (existsSync(join(kept, file)) && readFileSync(join(kept, file), 'utf8') === now) continue;
  findings += 1;
  console.error(
    `${folder}/api/${file}: the public surface is another; \`npm run build && node scripts/api.mjs\`, look at the diff and commit`,
  );
  const { stdout } = spawnSync('diff', ['-u', '-N', join(kept, file), join(into, file)], { encoding: 'utf8' });
  console.error(stdout.split('\n').slice(2, 60).join('\n'));
}
console.log(`api: ${folders.length} packages, ${findings} findings`);
process.exitCode = findings === 0 ? 0 : 1;
