// Pages link to each other and to files of the repository by relative paths, as a host of the repository shows them. On the site a
// path to a page here or to a package's README becomes the site's page, one to another file the repository's; one to nothing
// fails the build.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(docs);

/** Where on the site, or in the repository, a path of the repository is shown. */
function placeOf(path, repository) {
  const below = relative(docs, path);
  if (!below.startsWith('..') && path.endsWith('.md')) return `/${below}`;
  const [, readme] = /^packages\/([^/]+)(?:\/README\.md)?\/?$/.exec(relative(root, path)) ?? [];
  if (readme !== undefined) return `/packages/${readme}.md`;
  return `${repository}/blob/main/${relative(root, path)}`;
}

export function linksOfTheRepository(md, repository) {
  md.core.ruler.push('links-of-the-repository', (state) => {
    const { from } = state.env.frontmatter ?? {};
    if (state.env.relativePath === undefined) return; // a title, rendered by itself
    const folder = dirname(from === undefined ? join(docs, state.env.relativePath) : join(root, from));
    for (const token of state.tokens.flatMap((one) => one.children ?? [])) {
      if (token.type !== 'link_open') continue;
      const [, target = '', rest = ''] = /^([^#?]*)(.*)$/.exec(token.attrGet('href') ?? '') ?? [];
      if (target === '' || /^([a-z]+:|\/)/i.test(target)) continue;
      const path = resolve(folder, decodeURI(target));
      if (!existsSync(path)) throw new Error(`${from ?? state.env.relativePath}: dead link ${target}`);
      const place = placeOf(path, repository);
      token.attrSet('href', place + rest);
    }
  });
}

/** What a terminal showed is text: the highlighter takes every line that is not a prompt for a string. */
export function plainConsole(md) {
  md.core.ruler.push('plain-console', (state) => {
    for (const token of state.tokens)
      if (token.type === 'fence' && token.info.trim() === 'console') token.info = 'text';
  });
}

/** Facts quote vendors' texts such as `<vpc id>` outside of code: only these tags are meant, everything else is text. */
const MEANT = /^(<!--[\s\S]*-->|<\/?(sup|br|kbd)\s*\/?>)$/;

export function plainTags(md) {
  const escape = (text) => md.utils.escapeHtml(text);
  md.renderer.rules.html_inline = (tokens, at) =>
    MEANT.test(tokens[at].content) ? tokens[at].content : escape(tokens[at].content);
}
