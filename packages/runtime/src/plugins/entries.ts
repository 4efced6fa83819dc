/** Provider entries of the config file → checked contexts for the plugins they name. All problems are placed in the user's file. */
import { createHash } from 'node:crypto';
import {
  accountId,
  regionId,
  type Clock,
  type ProviderContext,
  type ProviderPlugin,
  type Random,
  type Redactor,
} from '@peerway/core';
import { checkEntry } from '../config/check.js';
import type { Places, PlainMap } from '../config/document.js';
import { suggestion } from '../config/nearest.js';
import type { Config, ProviderEntry } from '../config/model.js';
import { mayBeCredential } from '../config/secrets.js';
import { refuse, type ConfigProblem, type Path } from '../config/problem.js';
import { isVariableAlone, type Variables } from '../config/variables.js';
import { checkEndpoint, endpointVariable } from './endpoint.js';
import { loadPlugin, type PluginSource } from './load.js';
import { pluginProblems } from './pluginProblems.js';
import { duplicateId } from './shape.js';

export interface ReadyEntry {
  readonly name: string;
  readonly plugin: ProviderPlugin;
  /** URL of the module that the plugin came from. */
  readonly module: string;
  readonly context: ProviderContext;
  /** See `ProviderSettings`. */
  readonly identity: string;
  readonly callsPerSecond?: number;
  /** Where the credentials come from, for `doctor`; never a value. */
  readonly credentialSource: string;
}

interface EntrySurroundings {
  readonly env: Variables;
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
  readonly source: PluginSource;
}

/** @throws ConfigError with everything wrong in `providers:`, and mechanisms that a provider has not */
export async function readyEntries(config: Config, places: Places, around: EntrySurroundings): Promise<ReadyEntry[]> {
  const problems: ConfigProblem[] = [];
  const ready: ReadyEntry[] = [];
  const seen: { plugin: ProviderPlugin; module: string; use: string; path: Path }[] = [];
  for (const [name, entry] of config.providers) {
    const path = ['providers', name];
    const usePath = [...path, 'use'];
    const hidden = places.fromEnvironment(usePath) ? places.shown(usePath, entry.use) : undefined;
    const loaded = await loadPlugin(entry.use, around.source, hidden);
    if ('problem' in loaded) {
      const { message, remedy } = loaded.problem;
      problems.push(places.problem(usePath, message, remedy));
      continue;
    }
    const { plugin, module } = loaded;
    seen.push({ plugin, module, use: entry.use, path: usePath });
    const credentials = readCredentials(plugin, entry, path, places, around);
    problems.push(...credentials.problems);
    const endpoint = readEndpoint(name, entry, path, places, around.env);
    if (endpoint !== undefined && 'problem' in endpoint) problems.push(endpoint.problem);
    const options = checkEntry(plugin.options, (entry.options ?? {}) as PlainMap, [...path, 'options'], places);
    problems.push(...options.problems);
    ready.push({
      name,
      plugin,
      module,
      credentialSource: credentials.source,
      identity: identityOf(entry, credentials.values, around.env),
      ...(entry.callsPerSecond === undefined ? {} : { callsPerSecond: entry.callsPerSecond }),
      context: {
        name,
        region: regionId(entry.region),
        ...(entry.newRegion === true ? { newRegion: true } : {}),
        ...(entry.account === undefined ? {} : { account: accountId(entry.account) }),
        ...(endpoint !== undefined && 'url' in endpoint ? { endpoint: endpoint.url } : {}),
        ...(entry.profile === undefined ? {} : { profile: entry.profile }),
        options: options.value,
        credentials: credentials.values,
        env: around.env,
        clock: around.clock,
        random: around.random,
        redactor: around.redactor,
      },
    });
  }
  const double = duplicateId(seen);
  if (double !== undefined) {
    const at = seen.find(({ use, plugin }) => plugin.id === double.id && use === double.second);
    problems.push(
      places.problem(
        at?.path ?? ['providers'],
        `${JSON.stringify(double.first)} and ${JSON.stringify(double.second)} are two packages of the provider ${double.id}`,
        'Use one of them in every entry.',
      ),
    );
  }
  problems.push(...pluginProblems(config, ready, places));
  refuse(problems);
  return ready;
}

function readCredentials(
  plugin: ProviderPlugin,
  entry: ProviderEntry,
  path: Path,
  places: Places,
  around: EntrySurroundings,
): { values: Record<string, string>; source: string; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const values: Record<string, string> = {};
  const given = Object.entries(entry.credentials ?? {}) as [string, unknown][];
  const fields = new Map(plugin.credentials.map((field) => [field.key, field]));
  for (const [key, value] of given) {
    const here = [...path, 'credentials', key];
    const field = fields.get(key);
    if (field === undefined) {
      const none = `${plugin.displayName} takes no credentials here.`;
      problems.push(
        places.problem(
          here,
          mayBeCredential(key)
            ? `a key that is not shown is no credential of ${plugin.displayName}`
            : `the key ${JSON.stringify(key)} is no credential of ${plugin.displayName}`,
          suggestion(key, [...fields.keys()], none),
          'key',
        ),
      );
    } else if (typeof value !== 'string') {
      problems.push(places.problem(here, `${key} is not a text`, `Write "\${${field.env[0] ?? 'VARIABLE'}}" instead.`));
    } else if (field.secret && !isVariableAlone(places.raw(here) ?? '')) {
      problems.push(
        places.problem(
          here,
          `${key} is a secret and stands in the file itself`,
          // not beside its key: whatever stands behind the name of a secret is masked where it is printed
          `Write "\${${field.env[0] ?? 'VARIABLE'}}" instead, set that variable, and replace the key if this file was ever shared.`,
        ),
      );
    } else values[key] = value;
  }
  if (given.length > 0) return { values, source: 'the config file', problems };
  if (entry.profile !== undefined) return { values, source: `the profile ${JSON.stringify(entry.profile)}`, problems };
  const used: string[] = [];
  for (const field of plugin.credentials) {
    const variable = field.env.find((each) => (around.env[each] ?? '') !== '');
    const value = variable === undefined ? undefined : around.env[variable];
    if (variable === undefined || value === undefined) continue;
    if (field.secret) around.redactor.add(value);
    values[field.key] = value;
    used.push(variable);
  }
  return {
    values,
    source:
      used.length > 0
        ? `the environment (${used.join(', ')})`
        : "the vendor's own chain: neither the file nor the environment has any",
    problems,
  };
}

/** A digest of whatever decides who is asking. A profile or the vendor's own chain may look at all of the environment. */
function identityOf({ profile, options }: ProviderEntry, credentials: Record<string, string>, env: Variables): string {
  const asking = Object.keys(credentials).length > 0 ? { credentials } : { profile, env };
  return createHash('sha256')
    .update(JSON.stringify({ ...asking, options }, byKey))
    .digest('base64url');
}

/** Objects with their keys in order, so that equal ones give equal texts. */
const byKey = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

function readEndpoint(
  name: string,
  entry: ProviderEntry,
  path: Path,
  places: Places,
  env: Variables,
): { url: string } | { problem: ConfigProblem } | undefined {
  const variable = endpointVariable(name);
  const fromEnv = env[variable];
  const text = fromEnv !== undefined && fromEnv !== '' ? fromEnv : entry.endpoint;
  if (text === undefined) return undefined;
  const verdict = checkEndpoint(text);
  if ('url' in verdict) return verdict;
  const message = text === entry.endpoint ? verdict.message : `${variable}: ${verdict.message}`;
  return { problem: places.problem([...path, 'endpoint'], message, verdict.remedy) };
}
