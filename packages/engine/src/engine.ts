/** The engine: desired state → observe → diff → plan → schedule → apply → verify, for one stack. */
import { isDeepStrictEqual } from 'node:util';
import { PATIENT_RETRY_POLICY, PeerwayError, type Clock, type Provider } from '@peerway/core';
import { blocking, buildPlan } from './buildPlan.js';
import { dryRunCreations } from './checks/dryRun.js';
import { checkPorts } from './checks/links.js';
import { borneOut, requireGone, uncorroborated } from './checks/corroboration.js';
import { EventStream, type EngineEvent } from './events.js';
import { execute } from './apply/execute.js';
import type { Assignment, Progress, StepEnd, StepExecutor, StopSignals } from './apply/executor.js';
import type { Places } from './pacing/places.js';
import { RequestCounts } from './pacing/requestCounts.js';
import { sharedBy } from './pacing/shared.js';
import { observe, type ObserveOptions, type World } from './world/observe.js';
import { adopt, release, type AdoptionInput } from './adoption.js';
import { adoptable, adoptAll, type Adoptable } from './adoptAll.js';
import { entriesOf, type Plan, type PlanMode, type PrunePolicy } from './plan/plan.js';
import { reach } from './reachability/reach.js';
import type { Reachability } from './reachability/answer.js';
import type { ApplyReport } from './apply/report.js';
import { Schedule, type ScheduleRules } from './apply/schedule.js';
import type { StackSpec } from './declaration/stack.js';
import { statusOf, type StackStatus } from './statusOf.js';
import { InProcessExecutor } from './apply/inProcessExecutor.js';
import { choiceOf, expand, staysAsListed } from './declaration/topology.js';
import { lookForSelected, requireLeft, type Declared } from './world/selected.js';
import { ProviderCalls } from './apply/providerCalls.js';
import { seenByPlan, type SeenByPlan } from './apply/readings.js';

export interface EngineOptions {
  readonly stack: StackSpec;
  readonly clock: Clock;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Who does the steps. Default: this process. */
  readonly executor?: StepExecutor;
  /** Who keeps runs apart where a cloud allows one at a time. Default: all engines of this process share theirs. */
  readonly places?: Places;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface AdoptAllOptions extends ReadOptions {
  /** Told of each when it bears our marks. */
  readonly onAdopted?: (what: Adoptable) => void;
}

export interface PlanOptions extends ReadOptions {
  /** Default `apply`. */
  readonly mode?: PlanMode;
  /** Names of connections or links, declared (`core`) or expanded (`core/ml/logs`). Absent or empty: everything. */
  readonly targets?: readonly string[];
  /** Default `sync`. */
  readonly prune?: PrunePolicy;
  /** Lets the cloud check every planned creation where it can (one more read per creation). Default false. */
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends ReadOptions {
  /** Go on although the plan deletes much, or holds errors that are `forceable`. Default false. */
  readonly force?: boolean;
}

/** A plan of this engine is applied without reading the world again while that reading is at most this old. */
const FRESH_MS = 60_000;

/** A plan that deletes on the word of one answer is made again, until two looks agree; so often at most. */
const MOST_LOOKS = 4;

export class Engine {
  readonly #stack: StackSpec;
  readonly #clock: Clock;
  readonly #events: EventStream;
  /** Absent: the declaration has selections, and is looked up each time. */
  readonly #declared: Declared | undefined;
  readonly #counts = new RequestCounts();
  /** Able to write: for apply, adopt and release alone. */
  readonly #writers = new Map<string, Provider>();
  /** For everything else. */
  readonly #readers = new Map<string, Provider>();
  readonly #executor: StepExecutor;
  readonly #places: Places;
  /** The plan that this engine made last, and when it looked. */
  #fresh: { readonly plan: Plan; readonly seen: SeenByPlan; readonly at: number } | undefined;
  readonly #calls: ProviderCalls;

  constructor(options: EngineOptions) {
    const { stack, clock } = options;
    this.#stack = stack;
    this.#clock = clock;
    this.#events = new EventStream(stack.name, () => clock.now(), options.onEvent);
    if ((stack.selections?.size ?? 0) === 0)
      this.#declared = { stack, topology: expand(stack), selected: new Map(), listed: new Map() };
    for (const provider of stack.providers ?? []) this.#add(provider);
    for (const { provider } of stack.networks.values()) this.#add(provider);
    for (const { provider } of stack.selections?.values() ?? []) this.#add(provider);
    for (const { portProvider } of stack.links) if (portProvider !== undefined) this.#add(portProvider);
    const shared = sharedBy(clock);
    this.#places = options.places ?? shared.places;
    this.#calls = new ProviderCalls({ providers: this.#writers, clock, shared });
    this.#executor = options.executor ?? new InProcessExecutor(stack.name, this.#calls);
  }

  /**
   * Looks at the world and says what an apply would do. Reads only. Problems do not throw: they are in the plan.
   * @throws PeerwayError when the world cannot be read, or looks otherwise each time where the plan deletes
   */
  async plan(options: PlanOptions = {}): Promise<Plan> {
    const { mode = 'apply', targets = [], prune = 'sync', dryRun = false } = options;
    const start = this.#clock.now();
    this.#events.emit({ type: 'plan.started', mode });
    const seen = await this.#planSeen({ mode, targets, prune }, signalOf(options));
    let { plan } = seen;
    if (mode === 'apply') plan = await checkPorts(plan, this.#readers, signalOf(options));
    if (dryRun) plan = await dryRunCreations(plan, this.#readers, signalOf(options));
    this.#fresh = { plan, seen: seenByPlan(plan.steps, seen.world), at: seen.at };
    this.#tellRequests();
    this.#events.emit({
      type: 'plan.done',
      mode,
      steps: plan.steps.length,
      problems: plan.problems.length,
      summary: plan.summary,
      durationMs: this.#clock.now() - start,
    });
    return plan;
  }

  /**
   * Does what the plan says, on both sides, and waits until it holds. A failed step stops only what needs it; the report
   * says what was done, failed, skipped or left. A plain plan and apply afterwards does the rest.
   * @throws PeerwayError `FailedPrecondition` when the plan holds errors, or the world no longer matches it;
   *   `InvalidArgument` when it is another stack's, or was edited after it was made
   */
  async apply(plan: Plan, options: ApplyOptions = {}): Promise<ApplyReport> {
    const { force = false, signal = new AbortController().signal } = options;
    if (plan.stack !== this.#stack.name || plan.version !== 1) {
      throw new PeerwayError(
        'InvalidArgument',
        `The plan is for the stack ${plan.stack}, not for ${this.#stack.name}`,
        {
          remedy: 'Apply it with the configuration that it was made from.',
        },
      );
    }
    const schedule = new Schedule(plan.steps, (provider) => this.#rulesOf(provider));
    const errors = blocking(await this.#asMadeNow(plan, signal), force);
    const [first] = errors;
    if (first !== undefined) {
      const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
      throw new PeerwayError('FailedPrecondition', `${first.message}${more}`, {
        resource: first.object,
        remedy: first.remedy,
      });
    }
    // the steps begin with what the plan has seen
    if (this.#fresh !== undefined) this.#calls.readings.rememberPlanned(this.#fresh.seen);
    this.#fresh = undefined;
    return execute({
      plan,
      schedule,
      executor: this.#executor,
      places: this.#places,
      clock: this.#clock,
      events: this.#events,
      beforeEnd: () => this.#tellRequests(),
      signal,
    });
  }

  /**
   * What a host needs beside the plan to run its loop: the rule of each provider entry that the steps name, as data.
   * @throws PeerwayError `InvalidArgument` for a plan of another declaration
   */
  rulesFor(plan: Plan): Readonly<Record<string, ScheduleRules>> {
    const names = plan.steps.flatMap(({ work }) => entriesOf(work));
    return Object.fromEntries([...new Set(names)].sort().map((name) => [name, this.#rulesOf(name)]));
  }

  /** Does the steps of one task for a loop that another host runs, and waits until they hold. See `StepExecutor`. */
  perform(assignment: Assignment, progress: Progress, signals: StopSignals): Promise<readonly StepEnd[]> {
    return this.#executor.run(assignment, progress, signals);
  }

  /** Every declared connection and link as it stands now. Reads only. */
  async status(options: ReadOptions = {}): Promise<StackStatus> {
    const declared = await this.declared(options);
    const world = await this.#look(declared, { lookForLinks: false, ...signalOf(options) });
    return statusOf(declared.stack, declared.topology, world);
  }

  /**
   * Can a packet go from one network to the other and back; if not, why, and what to do. Reads only. Any two declared
   * networks may be asked about, connected or not.
   * @throws PeerwayError `InvalidArgument` for a name that is not declared
   */
  async verify(from: string, to: string, options: ReadOptions = {}): Promise<Reachability> {
    const declared = await this.declared(options);
    const { stack, topology } = declared;
    for (const name of [from, to]) {
      if (stack.networks.has(name) || stack.links.some((link) => link.name === name)) continue;
      throw new PeerwayError('InvalidArgument', `No network or link is called ${name}`, {
        remedy: choiceOf([...stack.networks.keys(), ...stack.links.map((link) => link.name)], 'networks or links'),
      });
    }
    const world = await this.#look(declared, { lookForLinks: false, ...signalOf(options) });
    return reach(stack, topology, world, from, to);
  }

  /**
   * Marks what already joins the networks of a declared connection, or is on the port and VLAN of a declared link, as ours, so that it is kept up and removed with the
   * stack. Names one connection, declared or expanded; nothing else is touched. Undone by `release`.
   * @throws PeerwayError `NotFound` when nothing joins them; `FailedPrecondition` when another stack owns it; `Unsupported`
   */
  async adopt(connection: string, options: ReadOptions = {}): Promise<void> {
    await adopt(await this.#marking(options), connection, signalOf(options));
  }

  /** What `adoptAll` would mark: everything that is declared, is there, and is nobody's. Reads only. */
  async adoptable(options: ReadOptions = {}): Promise<readonly Adoptable[]> {
    return adoptable(await this.#marking(options));
  }

  /**
   * `adopt` for everything that `adoptable` finds now. What belongs to other stacks is left alone. Broken off, or run again, it does
   * the rest.
   * @returns what was marked; empty: nothing was there to be
   * @throws PeerwayError as `adopt`, of the first that failed, when the others of other provider entries are done
   */
  async adoptAll(options: AdoptAllOptions = {}): Promise<readonly Adoptable[]> {
    return adoptAll(await this.#marking(options), options);
  }

  /** Takes our marks off a connection's peering or a link; it and its routes stay and are no longer touched. Undone by `adopt`. */
  async release(connection: string, options: ReadOptions = {}): Promise<void> {
    await release(await this.#marking(options), connection, signalOf(options));
  }

  /** The declaration with networks in place of its selections, as the clouds show them now; asks nobody where there are none. */
  async declared(options: ReadOptions = {}): Promise<Declared> {
    return this.#declared ?? lookForSelected(this.#stack, this.#readers, signalOf(options));
  }

  /** All that marks may be set on or taken off. */
  async #marking(options: ReadOptions): Promise<AdoptionInput> {
    const declared = await this.declared(options);
    const world = await this.#look(declared, { lookForLinks: true, ...signalOf(options) });
    this.#fresh = undefined;
    return { stack: declared.stack, topology: declared.topology, world, writers: this.#writers };
  }

  #add(provider: Provider): void {
    const { name } = provider;
    if (this.#writers.has(name)) return;
    const observed = provider.observedBy(this.#counts.observer(name)).observedBy({
      limitLearned: (_, { window, because }) =>
        this.#events.emit({ type: 'limit.learned', provider: name, window, because }),
    });
    this.#writers.set(name, observed.withRetryPolicy(PATIENT_RETRY_POLICY));
    this.#readers.set(name, observed.readOnly());
  }

  #tellRequests(): void {
    for (const [provider, count] of this.#counts.take())
      this.#events.emit({ type: 'requests.counted', provider, ...count });
  }

  /** A plan whose deletions two answers agree on, and when its world was looked at. @throws PeerwayError `Unavailable` */
  async #planSeen(
    what: Required<Pick<PlanOptions, 'mode' | 'targets' | 'prune'>>,
    options: ReadOptions,
  ): Promise<{ readonly plan: Plan; readonly world: World; readonly at: number }> {
    let before: Plan | undefined;
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const at = this.#clock.now();
      const declared = await this.declared(options);
      const { stack, topology, selected } = declared;
      const world = await this.#look(declared, {
        lookForLinks: what.mode === 'destroy',
        believingMarksOf: topology.edges,
        ...(what.mode === 'apply' ? { asListed: staysAsListed(stack, topology) } : { linksAsListed: true }), // whatever their place on the port is
        ...options,
      });
      const plan = buildPlan({ stack, topology, world, selected, ...what });
      await requireLeft(plan.steps, declared, this.#stack, this.#readers, options);
      const doubtful = blocking(plan, true).length > 0 ? [] : uncorroborated(plan.steps, world, this.#stack.name);
      if (doubtful.length === 0 || (await borneOut(doubtful, world, this.#stack.name, options)))
        return { plan, world, at };
      if (before !== undefined && isDeepStrictEqual(before.steps, plan.steps)) {
        await requireGone(doubtful, world, this.#readers, options);
        return { plan, world, at };
      }
      before = plan;
    }
    throw new PeerwayError('Unavailable', `The world looked otherwise each of ${MOST_LOOKS} times`, {
      remedy:
        'Something else is changing it, or what answers is not the cloud: check endpoint: and any proxy on the way, and plan again.',
    });
  }

  #look({ stack, listed }: Declared, options: Omit<ObserveOptions, 'stack' | 'providers'>): Promise<World> {
    return observe({
      stack,
      networksListed: listed,
      providers: this.#readers,
      ...options,
    });
  }

  /** The same plan made from the world as it is now, with the problems there are now. @throws PeerwayError when it differs */
  async #asMadeNow(plan: Plan, signal: AbortSignal): Promise<Plan> {
    const fresh = this.#fresh;
    if (fresh?.plan === plan && this.#clock.now() - fresh.at <= FRESH_MS) return plan;
    const { mode, targets, prune } = plan;
    const dryRun = plan.problems.some((problem) => problem.kind === 'cloud-refuses');
    const now = await this.plan({ mode, targets, prune, dryRun, signal });
    if (now.fingerprint !== plan.fingerprint) {
      throw new PeerwayError('FailedPrecondition', 'The world or the declaration has changed since the plan was made', {
        remedy: 'Plan again, look at the difference, and apply the new plan.',
      });
    }
    if (!isDeepStrictEqual(now.steps, plan.steps)) {
      throw new PeerwayError('InvalidArgument', 'The steps of the plan were edited after it was made', {
        remedy: 'Change the declaration and plan again; to do a part of a plan, make it with targets.',
      });
    }
    return now;
  }

  #rulesOf(name: string): ScheduleRules {
    const provider = this.#writers.get(name);
    if (provider === undefined) {
      throw new PeerwayError('InvalidArgument', `The plan names the provider entry ${name}, which is not declared`, {
        remedy: 'Apply a plan with the configuration that it was made from.',
      });
    }
    const { capabilities } = provider;
    const { features, limits } = capabilities.routes;
    const batches = features.createMany.status === 'supported' || features.deleteMany.status === 'supported';
    return {
      plugin: provider.id,
      routeBatch: batches ? (limits.batch ?? 1) : 1,
      networksPerBatch: batches ? (limits.networksPerBatch ?? 1) : 1,
      routeChangesPerNetwork: limits.concurrentChangesPerNetwork,
      creates: Object.fromEntries(
        capabilities.mechanisms.flatMap(({ name: mechanism, limits: { concurrentCreatesPerNetwork: limit } }) =>
          limit === undefined ? [] : [[mechanism, limit]],
        ),
      ),
    };
  }
}

const signalOf = ({ signal }: ReadOptions): ReadOptions => (signal === undefined ? {} : { signal });
