/** `peerway providers`: what each provider can do, from the same declarations that the engine works by. Sends no request. */
import { loadPlugin, PeerwayError, type PluginSource, type ProviderPlugin } from '@peerway/runtime';
import { resolve } from 'node:path';
import { EXIT } from '../exitCodes.js';
import { matrixMarkdown, matrixText } from '../output/matrix.js';
import type { Run } from '../command.js';

/** Shown when nothing is named: the providers that come with this package. */
const OWN = ['alibaba', 'baidu'];

export const run: Run = async ({ session, flags, args }) => {
  const { roots = [], conditions = [], own = {} } = session.loadOptions();
  const source: PluginSource = { configFile: resolve(session.io.cwd, session.configFile), roots, conditions, own };
  const plugins: ProviderPlugin[] = [];
  for (const use of args.length > 0 ? args : OWN) {
    const loaded = await loadPlugin(use, source);
    if ('problem' in loaded)
      throw new PeerwayError('NotFound', loaded.problem.message, { place: use, remedy: loaded.problem.remedy });
    plugins.push(loaded.plugin);
  }
  if (session.json) {
    session.printJson(
      plugins.map(({ id, displayName, docsUrl, capabilities }) => ({ id, displayName, docsUrl, capabilities })),
    );
  } else session.print(flags.is('markdown') ? matrixMarkdown(plugins) : matrixText(plugins, session.paint));
  return EXIT.done;
};
