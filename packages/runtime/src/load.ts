/** Config file → checked entries → loaded providers → one Peerway object. Sends no request. */
import {
  Redactor,
  systemClock,
  systemRandom,
  type Clock,
  type Environment,
  type Random,
  type RequestObserver,
  type RetryPolicy,
  type SharedRate,
} from '@peerway/core';
import { placeOf } from './config/problem.js';
import { loadConfig } from './config/read.js';
import type { Variables } from './config/variables.js';
import { compose } from './container.js';
import type { PeerwayParts } from './parts.js';
import { readyEntries, type ReadyEntry } from './plugins/entries.js';
import type { OwnModules } from './plugins/load.js';
import type { Config } from './config/model.js';
import type { Places } from './config/document.js';

export interface LoadOptions {
  /** Default: `process.env`. */
  readonly env?: Variables;
  /** Where relative file names start. Default: `process.cwd()`. */
  readonly cwd?: string;
  /** The config itself, for a program that makes it; the file then only names it and is where providers are looked for. */
  readonly text?: string;
  /** Default: the machine's time. */
  readonly clock?: Clock;
  /** Default: unpredictable. */
  readonly random?: Random;
  /** Learns every secret found; give one to redact output of your own. */
  readonly redactor?: Redactor;
  /** Sees every request of every driver. */
  readonly observer?: RequestObserver;
  readonly retryPolicy?: RetryPolicy;
  /** Keeps `callsPerSecond:` together with other processes; default: each process for itself. */
  readonly sharedRate?: SharedRate;
  /** Defaults of every wait. */
  readonly wait?: NonNullable<Environment['wait']>;
  /** Module URLs (`import.meta.url`) to find providers from, after the config file's own folder. Default: this package. */
  readonly roots?: readonly string[];
  /** The caller's own copies of providers, see `PluginSource`. */
  readonly own?: OwnModules;
  /** Extra export conditions for finding providers. Default: those that node itself was started with (`--conditions`). */
  readonly conditions?: readonly string[];
  /** Takes a file that names no networks yet too: enough to look into the accounts, and not to plan. Default false. */
  readonly networksLater?: boolean;
  /** Ends the wait for a config file that is a pipe. */
  readonly signal?: AbortSignal;
  /** Works on another stack than the file names: another set of marks, so nothing of the first is touched. */
  readonly stack?: string;
}

export interface Prepared {
  readonly config: Config;
  /** The config as it was read: variables stand in it by their names. */
  readonly text: string;
  readonly places: Places;
  readonly entries: readonly ReadyEntry[];
  readonly environment: Environment;
}

/** Everything but the drivers: what `validate`, `doctor` and `policy` look at. @throws as `Peerway.load` */
export async function prepare(file: string, options: LoadOptions = {}): Promise<Prepared> {
  const { env = process.env, clock = systemClock, random = systemRandom, redactor = new Redactor() } = options;
  const { config, text, places, absolute } = await loadConfig(file, {
    env,
    redactor,
    ...pick(options, 'cwd', 'stack', 'text', 'networksLater', 'signal'),
  });
  const source = {
    configFile: absolute,
    roots: options.roots ?? [import.meta.url],
    conditions: options.conditions ?? startedWith(process.execArgv),
    ...pick(options, 'own'),
  };
  const entries = await readyEntries(config, places, { env, clock, random, redactor, source });
  const environment = { clock, random, redactor, ...pick(options, 'observer', 'retryPolicy', 'sharedRate', 'wait') };
  return { config, text, places, entries, environment };
}

/** The same with a driver for every entry. @throws as `Peerway.load` */
export async function loadParts(file: string, options: LoadOptions = {}): Promise<PeerwayParts> {
  const { config, text, places, entries, environment } = await prepare(file, options);
  const at = (entry: string): string => placeOf(places.problem(['providers', entry], '', '', 'key'));
  return compose({ config, text, entries, environment, placeOf: at });
}

/** The conditions on node's own command line: `--conditions=x`, `--conditions x`, `-C x`. */
function startedWith(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    const [flag, value = args[at + 1]] = arg.split('=', 2);
    return (flag === '--conditions' || flag === '-C') && value !== undefined ? [value] : [];
  });
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The named members that are present: what exactOptionalPropertyTypes wants of a pass-through. */
function pick<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Present<Pick<T, K>> {
  const out: Present<Pick<T, K>> = {};
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined) out[key] = value as Exclude<T[K], undefined>;
  }
  return out;
}
