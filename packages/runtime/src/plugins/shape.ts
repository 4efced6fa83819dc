/** Checks that what a provider package exports is a provider, before anything of it is used. */
import {
  LINK_FEATURES,
  PEERING_FEATURES,
  PLUGIN_API_VERSION,
  ROUTE_FEATURES,
  type MechanismCapabilities,
  type ProviderPlugin,
} from '@peerway/core';

interface ShapeProblem {
  /** Continues a sentence that begins with the name of the package. */
  readonly message: string;
  readonly remedy: string;
}

const TELL_AUTHOR = "Tell the provider's author; `npm test` with @peerway/conformance shows it too.";

/** Undefined when the value is a complete plugin of this API version. */
export function pluginProblem(value: unknown): ShapeProblem | undefined {
  if (!isObject(value) || !('apiVersion' in value)) {
    return { message: 'exports no provider', remedy: 'The default export must be a plugin made with definePlugin().' };
  }
  if (value['apiVersion'] !== PLUGIN_API_VERSION) {
    const theirs = value['apiVersion'];
    const older = typeof theirs === 'number' && theirs < PLUGIN_API_VERSION;
    return {
      message: `is written for provider API ${String(theirs)}, this Peerway has ${PLUGIN_API_VERSION}`,
      remedy: older
        ? 'Upgrade the provider package; its author finds what to change in docs/UPGRADING.md.'
        : 'Upgrade peerway.',
    };
  }
  const wrong = [...membersWrong(value), ...capabilitiesWrong(value['capabilities'])][0];
  return wrong === undefined ? undefined : { message: `is not a complete provider: ${wrong}`, remedy: TELL_AUTHOR };
}

function* membersWrong(plugin: Record<string, unknown>): Generator<string> {
  const { id, displayName, options, create, credentials } = plugin;
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(id)) yield 'id is not a lower-case name';
  if (typeof displayName !== 'string' || displayName === '') yield 'displayName is missing';
  if (typeof options !== 'function') yield 'options is not a class';
  if (typeof create !== 'function') yield 'create is not a function';
  for (const name of ['peeringOptions', 'linkOptions'])
    if (plugin[name] !== undefined && typeof plugin[name] !== 'function') yield `${name} is not a class`;
  if (!Array.isArray(credentials)) yield 'credentials is not a list';
  else {
    for (const field of credentials as unknown[]) {
      if (
        !isObject(field) ||
        typeof field['key'] !== 'string' ||
        typeof field['secret'] !== 'boolean' ||
        !isTexts(field['env'])
      ) {
        yield 'a credential field lacks key, env or secret';
      }
    }
  }
}

/** What a mechanism says in one word of several. */
const WORDS = {
  handshake: ['shared', 'mirrored'],
  deletableBy: ['either', 'initiator', 'each'],
  bandwidth: ['required', 'optional', 'crossRegion', 'none'],
  duplicate: ['refused', 'returns-existing'],
  dead: ['deletable', 'fades'],
  dnsSwitch: ['resolves-other', 'opens-own', 'none'],
  dryRunShows: ['creation', 'rights', 'nothing'],
} as const satisfies Partial<Record<keyof MechanismCapabilities, readonly string[]>>;

function* capabilitiesWrong(value: unknown): Generator<string> {
  if (!isObject(value)) return void (yield 'capabilities are missing');
  const { mechanisms, routes, links, networksPerRead, networkTags } = value;
  if (networkTags !== undefined) yield* featuresWrong({ networkTags }, ['networkTags'], 'capabilities');
  if (!Number.isInteger(networksPerRead) || Number(networksPerRead) < 1)
    yield 'capabilities.networksPerRead is not a number from 1';
  if (!Array.isArray(mechanisms) || mechanisms.length === 0) return void (yield 'capabilities.mechanisms is empty');
  const names = new Set<unknown>();
  for (const mechanism of mechanisms as unknown[]) {
    if (!isObject(mechanism) || typeof mechanism['name'] !== 'string') return void (yield 'a mechanism has no name');
    const at = `capabilities.mechanisms.${mechanism['name']}`;
    if (names.has(mechanism['name'])) yield `${at} is declared twice`;
    names.add(mechanism['name']);
    for (const [member, words] of Object.entries(WORDS))
      if (!isOneOf(mechanism[member], words)) yield `${at}.${member} is not known`;
    if (typeof mechanism['autoAcceptSameAccount'] !== 'boolean') yield `${at}.autoAcceptSameAccount is missing`;
    if (!Array.isArray(mechanism['occupiesPairWhen'])) yield `${at}.occupiesPairWhen is not a list`;
    if (!isObject(mechanism['limits'])) yield `${at}.limits are missing`;
    yield* featuresWrong(mechanism['features'], PEERING_FEATURES, at);
  }
  for (const [name, group, features] of [
    ['routes', routes, ROUTE_FEATURES],
    ['links', links, LINK_FEATURES],
  ] as const) {
    if (!isObject(group) || !isObject(group['limits'])) yield `capabilities.${name} is missing`;
    else yield* featuresWrong(group['features'], features, `capabilities.${name}`);
  }
}

function* featuresWrong(value: unknown, features: readonly string[], at: string): Generator<string> {
  if (!isObject(value)) return void (yield `${at}.features are missing`);
  for (const feature of features) {
    const support = value[feature];
    if (!isObject(support) || !isOneOf(support['status'], ['supported', 'unsupported', 'unimplemented'])) {
      yield `${at}.features.${feature} is not declared`;
    } else if (typeof support['checkedOn'] !== 'string') yield `${at}.features.${feature} has no checkedOn`;
    else if (support['status'] !== 'supported' && typeof support['reason'] !== 'string')
      yield `${at}.features.${feature} gives no reason`;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isOneOf = (value: unknown, words: readonly string[]): boolean =>
  typeof value === 'string' && words.includes(value);

/** Two packages that claim one id would be mixed up in every message and marker. */
export function duplicateId(
  plugins: Iterable<{ readonly plugin: ProviderPlugin; readonly module: string; readonly use: string }>,
): { readonly id: string; readonly first: string; readonly second: string } | undefined {
  const owners = new Map<string, { module: string; use: string }>();
  for (const { plugin, module, use } of plugins) {
    const other = owners.get(plugin.id);
    if (other !== undefined && other.module !== module) return { id: plugin.id, first: other.use, second: use };
    owners.set(plugin.id, { module, use });
  }
  return undefined;
}
