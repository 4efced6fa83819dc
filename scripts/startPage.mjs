// docs/start.md, word for word, as a new user follows it: in an empty folder, from the packed tarballs, every `sh` block typed into one
// shell, the `yaml` block written to the file that it is for. What the page shows must be what was printed (ids, ages, durations
// and the port aside); with --write the page is filled with it. Node versions may be given to follow it with each: 22.23.3 26.10.0. Run after
// `npm run build`; with `--tarballs FOLDER` nothing is packed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeOf } from './nodes.mjs';
import { publishedPackages } from './manifests.mjs';
import { stable } from './recordings.mjs';
import { packedOrPack } from './tarballs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const PAGE = 'docs/start.md';
const write = process.argv.includes('--write');
const versions = process.argv.slice(2).filter((one) => /^\d/.test(one));

const folder = mkdtempSync(join(tmpdir(), 'peerway-start-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarballs = packedOrPack(publishedPackages(), folder);

/** The page as steps: blocks to type, the file to write, places to fill. */
function stepsOf(text) {
  const PART = /```(sh|yaml)\n([\s\S]*?)```|<!-- played: (.*?) -->\n([\s\S]*?)<!-- end -->/g;
  return [...text.matchAll(PART)].map(([, kind, body, played, shown]) =>
    kind === undefined ? { kind: 'shown', commands: played.split('; '), shown } : { kind, body },
  );
}

/** A port that nobody listens on: the page's own may be taken on this machine. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}

/** Types the page into a shell and returns what each `npx peerway` line printed, the line first. */
async function follow(steps, env) {
  const cwd = mkdtempSync(join(folder, 'home-'));
  const port = await freePort();
  const printed = [];
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (data) => (output += data));
  /** Types one line and waits until it has ended; a mark tells when, and with which status. */
  const type = async (line) => {
    output = '';
    // what is typed comes by standard input, so no command may read it
    shell.stdin.write(`{ ${line}\n} < /dev/null\necho "--ended-$?--"\n`);
    const begun = Date.now();
    while (!/--ended-\d+--\n/.test(output)) {
      if (Date.now() - begun > 120_000) throw new Error(`$ ${line}\nhas not ended after two minutes:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { text: output.replace(/--ended-\d+--\n/, '').trimEnd(), status: Number(/--ended-(\d+)--/.exec(output)[1]) };
  };
  let emulator = false;
  await type('set -m');
  try {
    for (const { kind, body: written } of steps) {
      const body = written?.replaceAll('8080', port);
      if (kind === 'yaml') writeFileSync(join(cwd, 'shop', 'peerway.yaml'), body);
      if (kind !== 'sh') continue;
      for (const line of body.trim().split('\n')) {
        if (line.startsWith('npx peerway emulator')) {
          emulator = true;
          await type(`${line} > emulator.txt 2>&1 & emulator=$!`);
          await type('until grep -q "Stop with Ctrl-C" emulator.txt; do kill -0 $emulator || break; sleep 0.1; done');
          continue;
        }
        const { text, status } = await type(line.replace(/^npm install peerway$/, `npm install ${tarballs.join(' ')}`));
        if (/^npx peerway plan/.test(line) ? status === 1 : status !== 0)
          throw new Error(`$ ${line}\nended with ${status}:\n${text}`);
        if (line.startsWith('npx peerway ')) printed.push({ line: line.slice('npx peerway '.length), text });
      }
    }
    return { printed, picture: readFileSync(join(cwd, 'shop', 'shop.svg'), 'utf8') };
  } finally {
    // as Ctrl-C does: to the whole job
    if (emulator) await type('kill -INT -- -$emulator; wait $emulator');
    shell.stdin.end();
  }
}

let page = readFileSync(PAGE, 'utf8');
const wrong = [];
for (const version of versions.length > 0 ? versions : [process.versions.node]) {
  const node = version === process.versions.node ? process.execPath : nodeOf(version);
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    npm_config_user_agent: '',
    npm_config_update_notifier: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  const { printed, picture } = await follow(stepsOf(page), env);
  if (write) writeFileSync('docs/pictures/start.svg', picture);
  for (const { kind, commands, shown } of stepsOf(page)) {
    if (kind !== 'shown') continue;
    const these = commands.map((command) => {
      const next = printed.shift();
      if (next?.line !== command) throw new Error(`the page shows ${command}, and ${next?.line} was typed`);
      return `$ npx peerway ${command}\n${next.text
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('  … '))
        .join('\n')}`;
    });
    const text = `\`\`\`console\n${these.join('\n')}\n\`\`\`\n`;
    if (stable(shown) === stable(text)) continue;
    if (write)
      page = page.replace(
        `<!-- played: ${commands.join('; ')} -->\n${shown}`,
        () => `<!-- played: ${commands.join('; ')} -->\n${text}`,
      );
    else wrong.push(`node ${version}: the page shows\n${shown}and this was printed:\n${text}`);
  }
  console.log(`${PAGE}: followed with node ${version}`);
}
if (write) writeFileSync(PAGE, page);
for (const one of wrong) console.error(one);
process.exitCode = wrong.length === 0 ? 0 : 1;
