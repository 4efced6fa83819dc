/** The one object of an application: providers by the user's names, and the engine's verbs for the stack of the config file. */
import { PeerwayError, type Provider } from '@peerway/core';
import {
  importWorld,
  type Adoptable,
  type AdoptAllOptions,
  type Imported,
  type ApplyOptions,
  type ApplyReport,
  type Assignment,
  type Plan,
  type PlanOptions,
  type Progress,
  type Reachability,
  type ReadOptions,
  type ScheduleRules,
  type StackSpec,
  type StackStatus,
  type StepEnd,
  type StopSignals,
} from '@peerway/engine';
import type { Config } from './config/model.js';
import { importedFile } from './importedFile.js';
import { suggestion } from './config/nearest.js';
import type { EventListener } from './events.js';
import { buildGraph, type Graph } from './graph.js';
import { loadParts, type LoadOptions } from './load.js';
import type { PeerwayParts } from './parts.js';
import { watchStack, type Observation, type WatchOptions } from './watch.js';

export interface ImportOptions extends ReadOptions {
  /** Name of the stack of the new file. Default: this one's, as long as it owns nothing. */
  readonly stack?: string;
}

export class Peerway {
  readonly #parts: PeerwayParts;

  /** Made by `Peerway.load`; by hand only where there is no config file. */
  constructor(parts: PeerwayParts) {
    this.#parts = parts;
  }

  /**
   * Reads and checks the config file, loads the providers that it names and wires everything. Sends no request.
   * @throws ConfigError with every problem of the file; PeerwayError `NotFound` without a file, or what a provider refused
   */
  static async load(file: string, options: LoadOptions = {}): Promise<Peerway> {
    return new Peerway(await loadParts(file, options));
  }

  /** The stack's name: the mark on everything that Peerway makes for it. */
  get stack(): string {
    return this.#parts.config.stack;
  }

  /** The checked config file. */
  get config(): Config {
    return this.#parts.config;
  }

  /** What the engine works on, with networks by the user's names. */
  get declared(): StackSpec {
    return this.#parts.stack;
  }

  get providers(): ReadonlyMap<string, Provider> {
    return this.#parts.providers;
  }

  /** @throws PeerwayError `NotFound` when the config has no such entry */
  provider(name: string): Provider {
    const provider = this.#parts.providers.get(name);
    if (provider !== undefined) return provider;
    throw new PeerwayError('NotFound', `There is no provider ${JSON.stringify(name)} in the config file`, {
      place: this.#parts.config.file,
      remedy: suggestion(name, [...this.#parts.providers.keys()], 'Add it under `providers:`.'),
    });
  }

  /** Hears every event of the engine from now on; the returned function ends it. */
  on(listener: EventListener): () => void {
    return this.#parts.events.on(listener);
  }

  /** What would change and why. Only reads. */
  plan(options: PlanOptions = {}): Promise<Plan> {
    return this.#parts.engine.plan(options);
  }

  /** Carries a plan out: both sides, waits and routes. A failed step is in the report, not thrown. */
  apply(plan: Plan, options: ApplyOptions = {}): Promise<ApplyReport> {
    return this.#parts.engine.apply(plan, options);
  }

  /** What another host than this process needs beside a plan to run it, see `Engine.rulesFor`. */
  rulesFor(plan: Plan): Readonly<Record<string, ScheduleRules>> {
    return this.#parts.engine.rulesFor(plan);
  }

  /** Does one task of a plan that another host runs, see `Engine.perform`. */
  perform(assignment: Assignment, progress: Progress, signals: StopSignals): Promise<readonly StepEnd[]> {
    return this.#parts.engine.perform(assignment, progress, signals);
  }

  /** Plans and carries out the removal of everything that is ours. */
  async destroy(options: ApplyOptions & Pick<PlanOptions, 'targets'> = {}): Promise<ApplyReport> {
    const { targets, signal } = options;
    const plan = await this.plan({
      mode: 'destroy',
      ...(targets === undefined ? {} : { targets }),
      ...(signal === undefined ? {} : { signal }),
    });
    return this.apply(plan, options);
  }

  /** Every declared connection and link as it stands now. Only reads. */
  status(options: ReadOptions = {}): Promise<StackStatus> {
    return this.#parts.engine.status(options);
  }

  /** Can `from` reach `to`, and if not, why and what to do. Names of networks in the config file. Only reads. */
  verify(from: string, to: string, options: ReadOptions = {}): Promise<Reachability> {
    return this.#parts.engine.verify(from, to, options);
  }

  /**
   * What the provider entries show, as the text of a config file for another stack: networks, peerings, links and routes, and in
   * comments what no file can say. With it plan has nothing to do once `adoptAll` has set the marks. Only reads.
   * @throws PeerwayError `FailedPrecondition` when the stack owns something already
   */
  async import(options: ImportOptions = {}): Promise<{ readonly text: string; readonly imported: Imported }> {
    const { source, stack: declared, providers } = this.#parts;
    if (source === undefined)
      throw new PeerwayError('FailedPrecondition', 'There is no config text to take the entries from');
    const { stack = declared.name, signal } = options;
    const imported = await importWorld({
      stack,
      providers: [...providers.values()],
      named: declared.networks,
      shown: (words) => source.redactor.redact(words),
      ...(signal === undefined ? {} : { signal }),
    });
    return { text: importedFile(imported, source), imported };
  }

  /** Takes an existing peering or link, made by somebody else, into this stack's care. */
  adopt(connection: string, options: ReadOptions = {}): Promise<void> {
    return this.#parts.engine.adopt(connection, options);
  }

  /** What is declared, is there, and is nobody's yet. Only reads. */
  adoptable(options: ReadOptions = {}): Promise<readonly Adoptable[]> {
    return this.#parts.engine.adoptable(options);
  }

  /** Takes all of that into this stack's care. @returns what was; run again, it does what is left */
  adoptAll(options: AdoptAllOptions = {}): Promise<readonly Adoptable[]> {
    return this.#parts.engine.adoptAll(options);
  }

  /** Takes this stack's mark away and leaves the thing in the cloud as it is. */
  release(connection: string, options: ReadOptions = {}): Promise<void> {
    return this.#parts.engine.release(connection, options);
  }

  /** Networks and connections with their live states, ready to draw. Only reads. */
  graph(options: ReadOptions = {}): Promise<Graph> {
    return buildGraph(this.#parts.engine, options);
  }

  /** Looks at the stack again and again until the signal aborts or the loop is left. Only reads. */
  watch(options: WatchOptions = {}): AsyncGenerator<Observation> {
    return watchStack(this.#parts.engine, this.#parts.clock, options);
  }

  /** Closes every driver. The object must not be used afterwards; a second call does nothing. */
  close(): Promise<void> {
    return this.#parts.close();
  }
}
