/**
 * Finds and imports the provider that a config entry names: by explicit name only, first from the config file's folder, then from
 * the roots that the caller gives. Nothing is ever scanned, and importing a provider must have no side effects.
 */
import { pathToFileURL } from 'node:url';
import { dirname } from 'node:path';
import type { ProviderPlugin } from '@peerway/core';
import { resolveModule } from './resolve.js';
import { pluginProblem } from './shape.js';

export interface PluginSource {
  /** Absolute path of the config file. */
  readonly configFile: string;
  /** Module URLs (`import.meta.url`) to resolve from when the config file's folder does not have the package. */
  readonly roots: readonly string[];
  /** Extra export conditions, as node's `--conditions`. */
  readonly conditions: readonly string[];
  /** Asked for a package instead of importing it, where the one that is found is the one that the roots have. */
  readonly own?: OwnModules;
}

/** By package name: loads the caller's own copy of the package whose entry, a file URL, was found. */
export type OwnModules = Readonly<Record<string, (module: string) => Promise<unknown>>>;

export type Loaded =
  | { readonly plugin: ProviderPlugin; readonly module: string }
  | { readonly problem: { readonly message: string; readonly remedy: string } };

/** Specifiers that a `use:` may mean, in the order tried. */
function specifiersOf(use: string): readonly string[] {
  if (/^[./]/.test(use)) return [use.startsWith('/') ? pathToFileURL(use).href : use];
  return use.startsWith('@') || use.includes('/') ? [use] : [`@peerway/${use}`, use];
}

/** @param hidden how a message names a `use` that it may not show, e.g. `${CLOUD}` */
export async function loadPlugin(use: string, source: PluginSource, hidden?: string): Promise<Loaded> {
  const shown = hidden ?? JSON.stringify(use);
  const found = resolvePlugin(use, source);
  if (found === undefined) {
    const isPath = /^[./]/.test(use);
    const [specifier = use] = specifiersOf(use);
    return {
      problem: {
        message: `there is no provider ${shown}`,
        remedy: isPath
          ? 'Name the file itself, e.g. ./my-cloud.js, relative to the config file.'
          : `Use alibaba or baidu, or install the package${hidden === undefined ? `: npm install ${specifier}` : ' that is meant'}.`,
      },
    };
  }
  const { module, load } = found;
  let exported: unknown;
  try {
    exported = await load(module);
  } catch (error) {
    // the module's own error text may hold anything; its kind and place are enough to find it
    const kind = error instanceof Error ? error.name : typeof error;
    return {
      problem: {
        message: `the provider ${shown} cannot be loaded (${kind} while importing it)`,
        remedy: `Import it by hand to see why${hidden === undefined ? `: node -e "import('${module}')"` : ''}.`,
      },
    };
  }
  const candidate = (exported as { readonly default?: unknown }).default;
  const problem = pluginProblem(candidate);
  if (problem !== undefined) return { problem: { message: `${shown} ${problem.message}`, remedy: problem.remedy } };
  return { plugin: candidate as ProviderPlugin, module };
}

interface FoundModule {
  /** File URL. */
  readonly module: string;
  readonly load: (module: string) => Promise<unknown>;
}

function resolvePlugin(use: string, source: PluginSource): FoundModule | undefined {
  const { own = {} } = source;
  const folder = pathToFileURL(`${dirname(source.configFile)}/`).href;
  const isPath = /^[./]/.test(use);
  for (const specifier of specifiersOf(use)) {
    const module = resolveModule(specifier, isPath ? [folder] : [folder, ...source.roots], source.conditions);
    if (module === undefined) continue;
    const load = Object.hasOwn(own, specifier) ? own[specifier] : undefined;
    const isOwn = load !== undefined && module === resolveModule(specifier, source.roots, source.conditions);
    return { module, load: isOwn ? load : (url) => import(url) };
  }
  return undefined;
}
