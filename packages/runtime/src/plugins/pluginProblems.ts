/** What of a config file only its providers can judge: words of a cloud, and what cannot be joined. Sends nothing. */
import type { ProviderContext, ProviderPlugin } from '@peerway/core';
import { checkEntry } from '../config/check.js';
import { isText, type Places, type PlainMap } from '../config/document.js';
import type { Config } from '../config/model.js';
import { suggestion } from '../config/nearest.js';
import type { ConfigProblem, Path } from '../config/problem.js';
import { quote } from '../config/quote.js';
import { membersOf } from '../config/references.js';
import { shownRaw, variablesIn } from '../config/variables.js';

/** An entry whose provider is loaded. */
interface Loaded {
  readonly name: string;
  readonly plugin: ProviderPlugin;
  readonly context: Pick<ProviderContext, 'region' | 'newRegion' | 'endpoint'>;
}

type Judge = (config: Config, ready: readonly Loaded[], places: Places) => ConfigProblem[];

/** Everything that is wrong, each with its place. */
export const pluginProblems: Judge = (config, ready, places) =>
  [keyProblems, regionProblems, cloudProblems, mechanismProblems, optionProblems, selectionProblems].flatMap((judge) =>
    judge(config, ready, places),
  );

/** A key stands where keys stand: anywhere else it would be shown, compared with what is in the cloud, and sent as it is. */
function keyProblems(_config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  const keys = new Set(
    ready.flatMap(({ name, plugin }) =>
      plugin.credentials
        .filter(({ secret }) => secret)
        .flatMap(({ key, env }) => [...env, ...variablesIn(places.raw(['providers', name, 'credentials', key]) ?? '')]),
    ),
  );
  return places.filled
    .filter(
      ({ path, raw }) =>
        !(path[0] === 'providers' && path[2] === 'credentials') &&
        variablesIn(raw).some((variable) => keys.has(variable)),
    )
    .map(({ path, raw }) =>
      places.problem(
        path,
        `${shownRaw(raw)} holds a key, and is no place for one`,
        'Name that variable under credentials: of a provider entry only.',
      ),
    );
}

/** A region that the provider's table has not is a slip of the pen, unless the file says that it is new, or gives its address. */
function regionProblems(config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  /** An address of the file or the environment; also one that is refused. */
  const isPlaced = (name: string): boolean =>
    config.providers.get(name)?.endpoint !== undefined ||
    ready.some((one) => one.name === name && one.context.endpoint !== undefined);
  return ready.flatMap(({ name, plugin, context: { region, newRegion } }) => {
    const known = Object.keys(plugin.capabilities.regions?.zones ?? {});
    if (known.length === 0 || isPlaced(name) || newRegion === true) return [];
    const judge = (one: string, path: Path, remedy: string): ConfigProblem[] => {
      if (known.includes(one)) return [];
      const message = `${plugin.displayName} has no region ${places.shown(path, one)} that is known here`;
      return [places.problem(path, message, () => `${suggestion(one, known, '')} ${remedy}`)];
    };
    const peers = [...config.networks].flatMap(([network, { provider, peer }]) =>
      provider === name && isText(peer?.region)
        ? judge(peer.region, ['networks', network, 'peer', 'region'], `If it is new, write newRegion: true in ${name}.`)
        : [],
    );
    return [
      ...judge(region, ['providers', name, 'region'], 'If it is new, write newRegion: true beside it.'),
      ...peers,
    ];
  });
}

/** Networks of two clouds cannot be peered. */
function cloudProblems(config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  const plugins = new Map(ready.map(({ name, plugin }) => [name, plugin]));
  return config.connections.flatMap((connection, index) => {
    const members = membersOf(connection, ['connections', index]).flatMap(({ network, path }) => {
      const plugin = plugins.get(config.networks.get(String(network))?.provider ?? '');
      return plugin === undefined ? [] : [{ network: String(network), path, plugin }];
    });
    const [first] = members;
    const other = members.find(({ plugin }) => plugin.id !== first?.plugin.id);
    if (first === undefined || other === undefined) return [];
    const message = `${quote(first.network)} is a network of ${first.plugin.displayName}, and ${quote(other.network)} one of ${other.plugin.displayName}`;
    return [places.problem(other.path, message, 'Peer networks of one cloud; between clouds use a link on each side.')];
  });
}

/** The provider's own settings of one connection or link, by the class of the provider that its networks belong to. */
function optionProblems(config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  const plugins = new Map(ready.map(({ name, plugin }) => [name, plugin]));
  const pluginOf = (network: string | undefined): ProviderPlugin | undefined =>
    plugins.get(config.networks.get(network ?? '')?.provider ?? '');
  const judge = (
    options: object | undefined,
    { plugin, type, path }: { plugin: ProviderPlugin | undefined; type: (new () => object) | undefined; path: Path },
  ): ConfigProblem[] => {
    if (options === undefined || plugin === undefined) return [];
    if (type !== undefined) return checkEntry(type, options as PlainMap, path, places).problems;
    const what = path[0] === 'links' ? 'link' : 'connection';
    return [places.problem(path, `${plugin.displayName} takes no options for one ${what}`, 'Remove them.', 'key')];
  };
  return [
    ...config.connections.flatMap(({ options, between, mesh, hub }, index) => {
      const plugin = pluginOf([...(between ?? []), ...(mesh ?? []), hub ?? ''][0]);
      return judge(options, { plugin, type: plugin?.peeringOptions, path: ['connections', index, 'options'] });
    }),
    ...config.links.flatMap(({ options, network }, index) => {
      const plugin = pluginOf(network);
      return judge(options, { plugin, type: plugin?.linkOptions, path: ['links', index, 'options'] });
    }),
  ];
}

/** Networks are selected by tags where the cloud shows the tags of networks. */
function selectionProblems(config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  const plugins = new Map(ready.map(({ name, plugin }) => [name, plugin]));
  return [...config.networks].flatMap(([name, { provider, select }]) => {
    const plugin = plugins.get(provider);
    const support = plugin?.capabilities.networkTags;
    if (select?.tags === undefined || plugin === undefined || support?.status === 'supported') return [];
    const why = support === undefined ? 'its provider does not say that it shows them' : support.reason;
    const message = `${plugin.displayName} does not select networks by tags: ${why}`;
    return [
      places.problem(
        ['networks', name, 'select', 'tags'],
        message,
        'Select them by name:, or declare each by its id.',
        'key',
      ),
    ];
  });
}

/** A mechanism is a word of the cloud, so it can only be checked once the provider is there. */
function mechanismProblems(config: Config, ready: readonly Loaded[], places: Places): ConfigProblem[] {
  const plugins = new Map(ready.map(({ name, plugin }) => [name, plugin]));
  return config.connections.flatMap((connection, index) => {
    if (connection.mechanism === undefined) return [];
    const mechanism = connection.mechanism;
    const [network] = [...(connection.between ?? []), ...(connection.mesh ?? []), connection.hub ?? ''];
    const plugin = plugins.get(config.networks.get(network ?? '')?.provider ?? '');
    const offered = plugin?.capabilities.mechanisms.map((each) => each.name) ?? [];
    if (plugin === undefined || offered.includes(mechanism)) return [];
    const at = ['connections', index, 'mechanism'];
    const message = `${plugin.displayName} has no mechanism ${places.shown(at, mechanism)}`;
    return [places.problem(at, message, suggestion(mechanism, offered, 'Remove it.'))];
  });
}
