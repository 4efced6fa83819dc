/** The conformance kit on a live account: in networks of the run's own, case after case, each told as it ends, everything removed. */
import { TOPICS, type CaseReport, type Topic } from '@peerway/conformance';
import { PeerwayError, type Clock } from '@peerway/core';
import type { Estimate } from '../choice.js';
import { NETWORKS, type Cloud } from '../cloud.js';
import type { Evidence, KitRecord } from '../evidence.js';
import { openRun, type Opened, type OpeningOptions } from '../opening.js';
import { lastSweep } from '../sweepRuns.js';
import { sweep, type Swept } from '../sweep.js';
import { Unsettled } from '../unsettled.js';
import type { PartyKey } from '../wire/parties.js';
import { kitSuites, type KitCase, type KitSuite } from './cases.js';
import {
  kitHarness,
  kitParties,
  kitWorld,
  makeKitNetworks,
  rolesOf,
  type KitAllowed,
  type KitPlace,
  type Logins,
} from './world.js';

export type KitTopic = Topic;
export const KIT_TOPICS: readonly KitTopic[] = TOPICS;

/** How a case went; with the message where it failed, which may name real things and is in no file. */
export interface KitOutcome extends KitRecord {
  readonly failure?: string;
}

export interface KitSettings {
  readonly cloud: Cloud;
  /** Of the same accounts and regions as the parties. */
  readonly logins: Logins;
  readonly allow: KitAllowed;
  /** Only these topics. */
  readonly topics?: readonly KitTopic[];
}

export interface KitChoice {
  readonly cases: number;
  /** Known before; where an account or region is missing, more of them skip. */
  readonly skipped: number;
  readonly networks: readonly string[];
  readonly estimate: Pick<Estimate, 'objects' | 'minutes' | 'money'>;
}

export type KitEvent =
  | { readonly type: 'run'; readonly run: string; readonly block: string }
  | { readonly type: 'network'; readonly role: string }
  | { readonly type: 'case'; readonly at: number; readonly of: number; readonly outcome: KitOutcome }
  | { readonly type: 'swept'; readonly swept: Swept };

export interface KitOptions extends OpeningOptions, KitSettings {
  /** No case is begun that would not be over by then. */
  readonly deadlineMs: number;
  readonly onEvent?: (event: KitEvent) => void;
}

export interface KitResult {
  readonly evidence: Evidence;
  /** Of this run and of those that it goes on with, in the kit's order as they were tried. */
  readonly kit: readonly KitOutcome[];
  readonly outcome: 'done' | 'canceled' | 'deadline';
  readonly swept: Swept;
}

/** A peering or two, and a route or two; made, waited for and removed. */
const CASE_MINUTES = 1;
const CASE_OBJECTS = 2;

/** What a run of the kit takes. Sends no request. */
export function chooseKit(settings: KitSettings): KitChoice {
  const { logins, allow } = settings;
  let skipped = 0;
  const suites = suitesOf(settings, {
    open: () => Promise.reject(new Error('nothing is run yet')),
    seed: 1,
    prefix: 'peerway-',
    onCase: () => (skipped += 1),
  });
  const cases = suites.reduce((sum, suite) => sum + suite.cases.length, 0);
  const networks = rolesOf(kitParties(logins, allow));
  return {
    cases,
    skipped,
    networks,
    estimate: {
      objects: networks.length + cases * CASE_OBJECTS,
      minutes: Math.ceil(cases * CASE_MINUTES + networks.length * 0.2 + 1),
      money: [
        ...(allow.crossRegion && logins.far !== undefined ? ['peerings between regions, for a minute each'] : []),
        ...(allow.bandwidth ? ['up to 200 Mbit/s of bandwidth, for a minute each'] : []),
      ],
    },
  };
}

/** @throws PeerwayError as `runParity`; a failed case is in the result */
export async function runKit(options: KitOptions): Promise<KitResult> {
  const opened = await openRun(options);
  const { book, block } = opened;
  const { run } = book.evidence;
  options.onEvent?.({ type: 'run', run, block });
  const sitting = new KitSitting(options, opened);
  let outcome: KitResult['outcome'] = 'done';
  let failure: unknown;
  try {
    outcome = await sitting.through();
  } catch (error) {
    failure = error;
  }
  const swept = await lastSweep(options, run);
  options.onEvent?.({ type: 'swept', swept });
  if (failure !== undefined) throw failure as Error;
  return { evidence: book.evidence, kit: sitting.kit, outcome, swept };
}

const keyOf = ({ topic, case: name }: Pick<KitRecord, 'topic' | 'case'>): string => `${topic}: ${name}`;

/** One stretch of cases, up to its end or to where it is broken off. */
class KitSitting {
  readonly #options: KitOptions;
  readonly #opened: Opened;
  readonly #clock: Clock;
  readonly #told = new Map<string, KitOutcome>();
  #places: ReadonlyMap<PartyKey, KitPlace> | undefined;
  /** Why there can be no world; every further case would say the same. */
  #closed: unknown;

  constructor(options: KitOptions, opened: Opened) {
    this.#options = options;
    this.#opened = opened;
    this.#clock = endedBy(options.clock, options.signal);
    for (const record of opened.book.evidence.kit ?? []) this.#told.set(keyOf(record), record);
  }

  get kit(): readonly KitOutcome[] {
    return [...this.#told.values()];
  }

  async through(): Promise<KitResult['outcome']> {
    const { random } = this.#options;
    const { book } = this.#opened;
    const before = new Map(this.#told);
    const suites = suitesOf(this.#options, {
      open: async () => kitWorld({ ...this.#options, clock: this.#clock, places: await this.#fresh() }),
      seed: Math.floor(random.next() * 1_000_000),
      prefix: `peerway-parity-${book.evidence.run}-`,
      onCase: (report) => this.#hear(report),
    });
    // what failed is tried again: that is what whoever resumes wants to know
    const isDue = (one: KitCase): boolean => (before.get(keyOf(one))?.outcome ?? 'failed') === 'failed';
    const due = suites.map((suite) => ({ ...suite, cases: suite.cases.filter(isDue) }));
    const of = due.reduce((sum, { cases }) => sum + cases.length, 0);
    let at = 0;
    for (const suite of due) {
      try {
        for (const one of suite.cases) {
          const ended = this.#mustEnd();
          if (ended !== undefined) return ended;
          at += 1;
          await this.#try(one, { at, of });
        }
      } finally {
        await suite.close();
      }
    }
    await book.tell(this.kit.map(recordOf));
    return 'done';
  }

  #mustEnd(): 'canceled' | 'deadline' | undefined {
    const { signal, deadlineMs } = this.#options;
    if (signal?.aborted === true) return 'canceled';
    return this.#clock.now() + CASE_MINUTES * 60_000 > deadlineMs ? 'deadline' : undefined;
  }

  async #try(one: KitCase, place: { readonly at: number; readonly of: number }): Promise<void> {
    const { signal, onEvent } = this.#options;
    const earlier = this.#told.get(keyOf(one));
    await one.run();
    if (this.#closed !== undefined && signal?.aborted !== true) throw this.#closed as Error;
    const outcome = this.#told.get(keyOf(one));
    if (outcome === undefined) return;
    // what was stopped has not failed
    if (signal?.aborted === true && outcome.outcome === 'failed') {
      if (earlier === undefined) this.#told.delete(keyOf(one));
      else this.#told.set(keyOf(one), earlier);
      return;
    }
    await this.#opened.book.tell(this.kit.map(recordOf));
    onEvent?.({ type: 'case', ...place, outcome });
  }

  #hear({ topic, case: name, outcome, reason = '' }: CaseReport): void {
    const about = { topic, case: name };
    const told: KitOutcome =
      outcome === 'failed'
        ? { ...about, outcome, failure: reason }
        : outcome === 'passed'
          ? { ...about, outcome }
          : { ...about, outcome, because: reason };
    this.#told.set(keyOf(told), told);
  }

  /** The run's networks with nothing in them. */
  async #fresh(): Promise<ReadonlyMap<PartyKey, KitPlace>> {
    const { cloud, logins, allow, onEvent, clock } = this.#options;
    const { live, regions, book, block } = this.#opened;
    try {
      if (this.#places === undefined) {
        const stage = this.#stage();
        stage.enter('networks');
        this.#places = await makeKitNetworks(stage, kitParties(logins, allow), block, (role) =>
          onEvent?.({ type: 'network', role }),
        );
      } else {
        const scope = { run: book.evidence.run, keep: Object.keys(NETWORKS) };
        await sweep(cloud.sweeper(live, regions), scope, clock);
      }
      return this.#places;
    } catch (error) {
      this.#closed =
        error instanceof Unsettled
          ? new PeerwayError('FailedPrecondition', `The run cannot begin: ${error.message}`, {
              remedy: 'Give the keys the rights of the page about parity, and room for the networks of the run.',
            })
          : error;
      throw error;
    }
  }

  /** Straight to the cloud: drivers speak of real networks. */
  #stage() {
    const { cloud, parties, clock, signal } = this.#options;
    const { live, regions, book } = this.#opened;
    const account = (key: PartyKey) => {
      const id = parties[key]?.account;
      return id === undefined ? {} : { [key]: id };
    };
    return cloud.stage({
      wire: live,
      clock,
      run: book.evidence.run,
      sitting: book.evidence.sittings.length - 1,
      regions,
      accounts: { ...account('a'), ...account('b'), ...account('far') },
      defaultOf: () => undefined,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

const recordOf = ({ failure: _, ...record }: KitOutcome): KitRecord => record;

function suitesOf(
  { cloud, logins, allow, topics }: KitSettings,
  {
    open,
    ...more
  }: { readonly open: Parameters<typeof kitHarness>[2] } & Omit<Parameters<typeof kitSuites>[1], 'divergences'>,
): readonly KitSuite[] {
  const { divergences } = cloud;
  return kitSuites(kitHarness(logins, allow, open), {
    ...more,
    divergences,
    ...(topics === undefined ? {} : { topics }),
  });
}

/** Every wait of the kit ends when the run is to. */
const endedBy = (clock: Clock, signal: AbortSignal | undefined): Clock =>
  signal === undefined
    ? clock
    : {
        now: () => clock.now(),
        during: (work) => clock.during(work),
        sleep: (ms, own) => clock.sleep(ms, own === undefined ? signal : AbortSignal.any([own, signal])),
      };
