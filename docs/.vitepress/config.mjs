// The site over the pages of this folder. `npm run docs` writes what is generated (docs/api, docs/packages, docs/reference) and builds it.
import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { linksOfTheRepository, plainConsole, plainTags } from './links.mjs';

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const below = (path) => new URL(`../../${path}`, import.meta.url);
/** What is there, so that a package or a page of facts that comes is shown without an edit here. */
const packages = readdirSync(below('packages'))
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(below(`packages/${folder}/package.json`), 'utf8')) }))
  .filter((manifest) => manifest.private !== true)
  .map(({ folder, name }) => ({ text: name, link: `/packages/${folder}` }));
const facts = readdirSync(below('docs/facts'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => {
    const [, title] = /^# ([^:\n]*)/m.exec(readFileSync(below(`docs/facts/${file}`), 'utf8')) ?? [];
    return { text: title ?? file, link: `/facts/${file.replace(/\.md$/, '')}` };
  });
const page = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

export default defineConfig({
  title: 'Peerway',
  description: 'Joins private networks on several clouds with one config file and one command',
  lang: 'en',
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: false,
  lastUpdated: false,
  ignoreDeadLinks: false,
  srcExclude: ['**/node_modules/**'],
  // where there is room, what the command prints is wrapped: why a step is planned stands at the end of its line
  head: [
    [
      'style',
      {},
      '@media (min-width: 960px) { .vp-doc .language-text pre code { font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere } }',
    ],
  ],
  // the pictures that the tool draws, e.g. for the first page
  vite: { publicDir: 'pictures' },
  markdown: {
    config: (md) => {
      linksOfTheRepository(md, page);
      plainTags(md);
      plainConsole(md);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: page }],
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: '/guides/two-accounts' },
      { text: 'Reference', link: '/reference/file' },
    ],
    sidebar: [
      {
        text: 'Begin',
        items: [
          { text: 'Start in ten minutes', link: '/start' },
          { text: 'Concepts', link: '/concepts' },
        ],
      },
      {
        text: 'Guides',
        items: [
          { text: 'Two accounts', link: '/guides/two-accounts' },
          { text: 'What a connection can say', link: '/guides/settings' },
          { text: 'Coming from Terraform', link: '/guides/from-terraform' },
          { text: 'A hub', link: '/guides/hub' },
          { text: 'A mesh', link: '/guides/mesh' },
          { text: 'One file, three clouds', link: '/guides/three-clouds' },
          { text: 'A dedicated line', link: '/guides/lines' },
          { text: 'Hand-made peerings', link: '/guides/import' },
          { text: 'A plan in every pull request', link: '/guides/pipeline' },
          { text: 'Drift, on a schedule', link: '/guides/drift' },
          { text: 'A server for a team', link: '/guides/server' },
          { text: 'Many stacks, several machines', link: '/guides/many-machines' },
          { text: 'What a live account can tell', link: '/guides/parity' },
          { text: 'The emulator in your own tests', link: '/guides/emulator-in-tests' },
          { text: 'Write a provider', link: '/writing-a-provider' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'The config file', link: '/reference/file' },
          { text: 'The command', link: '/reference/command' },
          { text: 'HTTP API', link: '/reference/http' },
          { text: 'Errors', link: '/errors' },
          { text: 'What each provider can do', link: '/capabilities' },
          { text: 'API', link: '/api/' },
          { text: 'The emulator', link: '/emulator' },
          { text: 'How far to trust the emulator', link: '/emulator/limits' },
        ],
      },
      { text: 'Packages', collapsed: true, items: packages },
      {
        text: 'Behind it',
        items: [
          { text: 'Security', link: '/SECURITY' },
          { text: 'Design and decisions', link: '/design' },
          { text: 'Upgrading', link: '/UPGRADING' },
        ],
      },
      { text: 'Facts about the clouds', collapsed: true, items: facts },
    ],
    footer: { message: 'Apache-2.0' },
  },
});
