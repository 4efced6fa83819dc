/** A run: networks of its own, one probe after the other, each swept away before the next, everything written down as it goes. */
import { isPeerwayError, PeerwayError } from '@peerway/core';
import type { Book } from './book.js';
import type { Choice } from './choice.js';
import { NETWORKS, type Cloud, type NetworkStage } from './cloud.js';
import type { Evidence } from './evidence.js';
import { openRun, type OpeningOptions } from './opening.js';
import type { Probe, Readings } from './probe.js';
import { Unsettled } from './unsettled.js';
import { sweep, type Swept } from './sweep.js';
import { lastSweep, regionsOf } from './sweepRuns.js';
import { LiveWire } from './wire/live.js';
import { Mask } from './wire/mask.js';
import { Recorder } from './wire/recorder.js';

/** What a run tells while it goes. */
export type RunEvent =
  | { readonly type: 'run'; readonly run: string; readonly block: string }
  | { readonly type: 'network'; readonly role: string }
  | { readonly type: 'probe'; readonly name: string; readonly at: number; readonly of: number }
  | { readonly type: 'read'; readonly name: string; readonly readings: Readings }
  | { readonly type: 'swept'; readonly swept: Swept };

export interface RunOptions extends OpeningOptions {
  readonly choice: Choice;
  /** No probe is begun that would not be over by then. */
  readonly deadlineMs: number;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface RunResult {
  readonly evidence: Evidence;
  readonly outcome: 'done' | 'canceled' | 'deadline';
  readonly swept: Swept;
}

/** @throws PeerwayError when the account cannot be read, or nothing can be written down; what was made is removed as far as it can be */
export async function runParity(options: RunOptions): Promise<RunResult> {
  const { cloud, clock, choice } = options;
  const { book, live, regions, ids, accounts, block } = await openRun(options);
  const { run } = book.evidence;
  options.onEvent?.({ type: 'run', run, block });
  const mask = new Mask(cloud.members, block, run);
  const recorder = new Recorder(live, mask, clock);
  for (const id of ids) mask.shownFor(id, 'account');
  const stage = stageOf(
    cloud,
    { wire: recorder, clock, run, sitting: book.evidence.sittings.length - 1, regions, accounts },
    options,
  );
  const sitting = new RunSitting(options, { stage, recorder, book });
  const done = new Set(book.evidence.sittings.flatMap(({ probes }) => probes.map(({ name }) => name)));
  const outcome: { value: RunResult['outcome']; failure?: unknown } = { value: 'done' };
  try {
    outcome.value = await sitting.through(choice.probes.filter(({ name }) => !done.has(name)));
  } catch (error) {
    if (isPeerwayError(error, 'Canceled')) outcome.value = 'canceled';
    else outcome.failure = error;
  }
  const swept = await lastSweep(options, run);
  options.onEvent?.({ type: 'swept', swept });
  if (outcome.failure !== undefined) throw outcome.failure as Error;
  return { evidence: book.evidence, outcome: outcome.value, swept };
}

class RunSitting {
  readonly #options: RunOptions;
  readonly #stage: NetworkStage;
  readonly #recorder: Recorder;
  readonly #book: Book;

  constructor(
    options: RunOptions,
    { stage, recorder, book }: { readonly stage: NetworkStage; readonly recorder: Recorder; readonly book: Book },
  ) {
    this.#options = options;
    this.#stage = stage;
    this.#recorder = recorder;
    this.#book = book;
  }

  async through(probes: readonly Probe[]): Promise<RunResult['outcome']> {
    const { clock, deadlineMs, onEvent } = this.#options;
    await this.#makeNetworks(probes);
    for (const [index, probe] of probes.entries()) {
      if (this.#options.signal?.aborted === true) return 'canceled';
      if (clock.now() + probe.minutes * 60_000 > deadlineMs) return 'deadline';
      onEvent?.({ type: 'probe', name: probe.name, at: index + 1, of: probes.length });
      const readings = await readingsBy(probe, this.#stage);
      await this.#book.add({ name: probe.name, exchanges: this.#recorder.take(), readings }, this.#stage.times);
      onEvent?.({ type: 'read', name: probe.name, readings });
      if (probe.objects > 0) await this.#clear(probe.networks);
    }
    return 'done';
  }

  async #makeNetworks(probes: readonly Probe[]): Promise<void> {
    this.#stage.enter('networks');
    const roles = [...new Set(probes.flatMap(({ networks }) => networks))].sort();
    try {
      await makeNetworks(this.#stage, roles, (role) => this.#options.onEvent?.({ type: 'network', role }));
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      throw new PeerwayError('FailedPrecondition', `The run cannot begin: ${error.message}`, {
        remedy: 'Give the keys the rights of the page about parity, and room for the networks of the run.',
      });
    }
    await this.#book.begin(this.#recorder.take());
  }

  /** What a probe made must not be in the way of the next one. */
  async #clear(used: readonly string[]): Promise<void> {
    const { cloud, parties, clock, signal } = this.#options;
    const sweeper = cloud.sweeper(new LiveWire(parties, clock, signal), regionsOf(parties));
    await sweep(sweeper, { run: this.#book.evidence.run, keep: Object.keys(NETWORKS), used }, clock);
  }
}

/** For runs and their recordings alike. */
export async function makeNetworks(
  stage: NetworkStage,
  roles: readonly string[],
  onMade: (role: string) => void = () => undefined,
): Promise<void> {
  for (const role of roles) {
    const network = NETWORKS[role];
    if (network === undefined) throw new Error(`no network has the role ${role}`);
    await stage.makeNetwork(role, network.party, network.cidr);
    onMade(role);
  }
}

/** What a probe reads; a cloud that answers in the way of every reading hides all of them. */
export async function readingsBy(probe: Probe, stage: NetworkStage): Promise<Readings> {
  stage.enter(probe.name);
  try {
    return await probe.run(stage);
  } catch (error) {
    const isSaid = error instanceof Unsettled || (isPeerwayError(error) && error.code !== 'Canceled');
    if (!isSaid) throw error;
    return Object.fromEntries(probe.rules.map((rule) => [rule, { hidden: error.message }]));
  }
}

const stageOf = (
  cloud: Cloud,
  settings: Omit<Parameters<Cloud['stage']>[0], 'defaultOf' | 'signal'>,
  { sheet, signal }: Pick<RunOptions, 'sheet' | 'signal'>,
): NetworkStage =>
  cloud.stage({
    ...settings,
    defaultOf: (name) => sheet.find((rule) => rule.name === name)?.default,
    ...(signal === undefined ? {} : { signal }),
  });
