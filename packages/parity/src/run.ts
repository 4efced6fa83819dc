/** A run: networks of its own, one probe after the other, each swept away before the next, everything written down as it goes. */
import { isPeerwayError, PeerwayError, type Clock, type Random } from '@peerway/core';
import { freeBlock } from './block.js';
import type { Choice } from './choice.js';
import { NETWORKS, type Cloud, type NetworkStage } from './cloud.js';
import type { Evidence, ProbeRecord, Sitting } from './evidence.js';
import { newRun } from './marker.js';
import type { Probe, Readings } from './probe.js';
import { Unsettled } from './unsettled.js';
import type { SheetRule } from './sheet.js';
import { sweep, type Swept } from './sweep.js';
import { LiveWire } from './wire/live.js';
import { Mask } from './wire/mask.js';
import { partyKeysOf, type Parties, type PartyKey } from './wire/parties.js';
import { Recorder } from './wire/recorder.js';

/** What a run tells while it goes. */
export type RunEvent =
  | { readonly type: 'run'; readonly run: string; readonly block: string }
  | { readonly type: 'network'; readonly role: string }
  | { readonly type: 'probe'; readonly name: string; readonly at: number; readonly of: number }
  | { readonly type: 'read'; readonly name: string; readonly readings: Readings }
  | { readonly type: 'swept'; readonly swept: Swept };

export interface RunOptions {
  readonly cloud: Cloud;
  readonly parties: Parties;
  readonly choice: Choice;
  readonly sheet: readonly SheetRule[];
  readonly clock: Clock;
  readonly random: Random;
  /** No probe is begun that would not be over by then. */
  readonly deadlineMs: number;
  /** An earlier run to go on with: what it has settled is not asked again, what it left is removed first. */
  readonly resume?: Evidence;
  /** Called before the first request that makes anything, and after each probe. What it was given last is what `resume` takes. */
  save(evidence: Evidence): void | Promise<void>;
  readonly onEvent?: (event: RunEvent) => void;
  /** Ends the run after the request under way; what was made is removed all the same. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly evidence: Evidence;
  readonly outcome: 'done' | 'canceled' | 'deadline';
  readonly swept: Swept;
}

/** What parity changes in an account, from the keys of an evidence file alone. */
export async function sweepRuns(
  cloud: Cloud,
  parties: Parties,
  options: { readonly clock: Clock; readonly run?: string },
): Promise<Swept> {
  const sweeper = cloud.sweeper(new LiveWire(parties, options.clock), regionsOf(parties));
  return sweep(sweeper, options.run === undefined ? {} : { run: options.run }, options.clock);
}

/** @throws PeerwayError when the account cannot be read, or nothing can be written down; what was made is removed as far as it can be */
export async function runParity(options: RunOptions): Promise<RunResult> {
  const { cloud, parties, clock, resume, choice } = options;
  const regions = regionsOf(parties);
  if (resume !== undefined) requireSame(resume, cloud, regions);
  const live = new LiveWire(parties, clock, options.signal);
  const ids = [...new Set(partyKeysOf(regions).flatMap((key) => parties[key]?.account ?? []))];
  const accounts: Evidence['accounts'] = Object.fromEntries(
    partyKeysOf(regions).flatMap((key) => {
      const index = ids.indexOf(parties[key]?.account ?? '');
      return index < 0 ? [] : [[key, `<account-${index + 1}>`]];
    }),
  );
  const book = new Book(options, resume ?? blank(options, regions, accounts));
  const { run } = book.evidence;
  if (resume !== undefined) await sweepRuns(cloud, parties, { clock, run });
  const block = freeBlock(await cloud.prefixes(live, regions));
  await book.open();
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

/** The failure that ended the run is the one to tell; what could not be removed then is for `clean`. */
async function lastSweep({ cloud, parties, clock }: RunOptions, run: string): Promise<Swept> {
  try {
    return await sweepRuns(cloud, parties, { clock, run });
  } catch (error) {
    return { removed: 0, left: [error instanceof PeerwayError ? error.message : 'the account could not be read'] };
  }
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

const regionsOf = (parties: Parties): Readonly<Partial<Record<PartyKey, string>>> =>
  Object.fromEntries(partyKeysOf(parties).map((key) => [key, parties[key]?.region]));

function blank(
  { cloud, random, clock, sheet }: RunOptions,
  regions: Evidence['regions'],
  accounts: Evidence['accounts'],
): Evidence {
  return {
    version: 1,
    provider: cloud.id,
    run: newRun(random),
    date: new Date(clock.now()).toISOString().slice(0, 10),
    regions,
    accounts,
    sittings: [],
    defaults: Object.fromEntries(
      sheet.filter(({ name }) => name.startsWith(cloud.prefix)).map((rule) => [rule.name, rule.default]),
    ),
    times: {},
  };
}

function requireSame(resume: Evidence, cloud: Cloud, regions: Evidence['regions']): void {
  const same = resume.provider === cloud.id && JSON.stringify(resume.regions) === JSON.stringify(regions);
  if (same) return;
  throw new PeerwayError('FailedPrecondition', 'The run to resume was made in other places', {
    remedy: `Give the entries that it was begun with: ${resume.provider}, ${Object.values(resume.regions).join(', ')}.`,
  });
}

/** The evidence as it grows. */
class Book {
  #evidence: Evidence;
  readonly #earlier: Evidence['times'];
  readonly #options: RunOptions;

  constructor(options: RunOptions, evidence: Evidence) {
    this.#options = options;
    this.#evidence = evidence;
    this.#earlier = evidence.times;
  }

  get evidence(): Evidence {
    return this.#evidence;
  }

  /** Before anything is made: what a broken run left is found by its id, and its tokens are told from later ones by its sitting. */
  async open(): Promise<void> {
    const startedAt = new Date(this.#options.clock.now()).toISOString();
    const sitting: Sitting = { startedAt, networks: [], probes: [] };
    await this.#save({ sittings: [...this.#evidence.sittings, sitting] });
  }

  async begin(networks: Sitting['networks']): Promise<void> {
    await this.#save({ sittings: this.#present((sitting) => ({ ...sitting, networks })) });
  }

  async add(record: ProbeRecord, times: ReadonlyMap<string, readonly number[]>): Promise<void> {
    const sittings = this.#present((sitting) => ({ ...sitting, probes: [...sitting.probes, record] }));
    const sums = new Map(Object.entries(this.#earlier));
    for (const [change, taken] of times) sums.set(change, [...(this.#earlier[change] ?? []), ...taken]);
    const sorted = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
    await this.#save({ sittings, times: Object.fromEntries(sorted) });
  }

  #present(change: (sitting: Sitting) => Sitting): readonly Sitting[] {
    const { sittings } = this.#evidence;
    return sittings.map((sitting, index) => (index === sittings.length - 1 ? change(sitting) : sitting));
  }

  async #save(change: Partial<Evidence>): Promise<void> {
    this.#evidence = { ...this.#evidence, ...change };
    await this.#options.save(this.#evidence);
  }
}
