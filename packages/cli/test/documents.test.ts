/** What the documents tell people to type works: every command line is understood by the program, every config file is valid. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { COMMANDS } from '../src/commandTable.js';
import { programOf } from '../src/program.js';
import { Workspace } from './harness.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const markdownIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.md'))
    .map((file) => relative(ROOT, join(file.parentPath, file.name)))
    // made by scripts/site.mjs, never committed
    .filter((file) => !/^docs\/(api|packages|reference|node_modules|\.vitepress)\//.test(file));

const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md'],
  ...markdownIn('docs'),
  ...readdirSync(join(ROOT, 'packages'))
    .flatMap((name) => readdirSync(join(ROOT, 'packages', name)).map((file) => `packages/${name}/${file}`))
    .filter((file) => file.endsWith('README.md')),
].map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly body: string;
}

const BLOCKS: readonly Block[] = DOCUMENTS.flatMap(({ file, text }) =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1]!,
    body: match[2]!,
  })),
);

/** What commander says against it; undefined when it is understood. */
async function objection(argv: readonly string[]): Promise<string | undefined> {
  const quiet = { write: () => true };
  try {
    await programOf({ stdout: quiet, stderr: quiet }, async () => undefined).parseAsync(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error.message;
  }
}

/** As a shell cuts it up, as far as documents use one. */
const words = (line: string): string[] =>
  line
    .replace(/\s+#.*$/, '')
    .split(/\s+[|>&]/)[0]!
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/^['"]|['"]$/g, ''));

describe('command lines of the documents', () => {
  const typed = BLOCKS.flatMap(({ file, line, body }) =>
    body.split('\n').flatMap((text, index) => {
      const match = /^(?:\$ )?(?:npx )?peerway (\S.*)$/.exec(text.trim());
      return match === null ? [] : [{ at: `${file}:${line + index + 1}`, argv: words(match[1]!) }];
    }),
  );

  it('are found', () => expect(typed.length).toBeGreaterThan(8));

  it.each(typed)('$at: peerway $argv', async ({ argv }) => {
    expect(await objection(argv)).toBeUndefined();
  });

  it('and those within sentences, in documents and in messages, name commands that there are', async () => {
    const sources = readdirSync(join(ROOT, 'packages'), { recursive: true, withFileTypes: true })
      .filter(
        (file) => file.isFile() && file.name.endsWith('.ts') && /packages\/[^/]+\/src(\/|$)/.test(file.parentPath),
      )
      .map((file) => join(file.parentPath, file.name))
      .map((path) => ({ file: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
    const wrong: string[] = [];
    let seen = 0;
    for (const { file, text } of [...DOCUMENTS, ...sources]) {
      for (const [, line = ''] of text.matchAll(/\\?`peerway ([a-z-][^`$…\\=]*)\\?`/g)) {
        seen++;
        const argv = words(line);
        const why = await objection(argv);
        // a sentence may name a command or an option without its arguments
        if (why !== undefined && !/missing required argument|argument missing/.test(why))
          wrong.push(`${file}: ${line}: ${why}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(40);
  });

  it('name every command in the README of the command line', () => {
    const readme = readFileSync(join(ROOT, 'packages/cli/README.md'), 'utf8');
    for (const { name } of COMMANDS) expect(readme).toMatch(new RegExp(`^\\|.*\`${name}[ \`]`, 'm'));
  });
});

describe('config files of the documents', () => {
  const workspace = new Workspace();
  afterAll(() => workspace.remove());
  const sources = (name: string): string =>
    JSON.stringify(relative(workspace.folder, join(ROOT, 'packages', name, 'src/index.ts')));
  /** Packages and profiles of readers stand for any. */
  const loadable = (body: string): string =>
    body
      .replaceAll(/, profile: \w+/g, '')
      .replaceAll(/'@me\/[^']*', region: \w+/g, 'alibaba, region: cn-hangzhou')
      .replaceAll(/'@peerway\/provider-template'/g, sources('provider-template'))
      // a provider that only who wants it installs
      .replaceAll(/use: (\w+)\b/g, (whole, name: string) =>
        ['alibaba', 'baidu'].includes(name) ? whole : `use: ${sources(name)}`,
      );
  /** A part of a file is made whole. */
  const whole = (body: string): string =>
    [
      ...(/^version:/m.test(body) ? [] : ['version: 1']),
      ...(/^stack:/m.test(body) ? [] : ['stack: documents']),
      loadable(body),
      ...(/^providers:/m.test(body) ? [] : ['providers: { ali: { use: alibaba, region: cn-hangzhou } }']),
      ...(/^networks:/m.test(body)
        ? []
        : [`networks: { one: { provider: ${/^ {2}(\w+):/m.exec(body)?.[1] ?? 'ali'}, id: vpc-1 } }`]),
    ].join('\n');
  const files = BLOCKS.filter(({ language }) => language === 'yaml');

  it('are found', () => expect(files.length).toBeGreaterThan(4));

  it.each(files)('$file:$line', async ({ body }) => {
    workspace.write('peerway.yaml', whole(body));
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'id-of-a-reader',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'key-of-a-reader',
      TINY_ACCESS_KEY_ID: 'demo-a',
      TINY_ACCESS_KEY_SECRET: 'demo-secret-a',
      BCE_ACCESS_KEY_ID: 'id-of-a-reader',
      BCE_SECRET_ACCESS_KEY: 'key-of-a-reader',
      ...Object.fromEntries([...body.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name!, 'value-of-a-reader'])),
    };
    const { exit, out, err } = await workspace.peerway(['validate'], { env });
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('is valid');
  });
});
