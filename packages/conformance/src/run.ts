/** Runs the suites under any test runner: it is handed in, so that the kit depends on none. */
import { isPeerwayError, seededRandom, type Random } from '@peerway/core';
import type { Facts } from './facts.js';
import { TOPICS, whySkipped, type Case, type Suite, type Topic, type Unmet } from './case.js';
import { NotHere, type Harness, type HarnessMember, type Offer, type Promised, type World } from './harness.js';
import { CaseContext } from './caseContext.js';
import { spoken } from './expectations.js';
import type { Inventory } from './inventory.js';
import type { CaseReport, Divergence } from './report.js';
import { SUITES } from './suites/index.js';

type Body = () => void | Promise<void>;

/** What the kit needs of a test runner; `node:test`, `@jest/globals` and `vitest` modules fit as they are. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: ((name: string, body: Body) => unknown) & {
    /** Marks a case as not run. Absent: it is only reported. */
    readonly skip?: (name: string, body: Body) => unknown;
  };
  /** Closes the suite's world. Either spelling; absent: a last case does it. */
  readonly after?: (body: Body) => unknown;
  readonly afterAll?: (body: Body) => unknown;
}

/**
 * `core`: the topics a new provider starts with. `full`: every topic. `live`: every topic, against a real account: only with
 * the environment variable `PEERWAY_CONFORMANCE_LIVE=1`, everything is named with the prefix and removed after each case.
 */
export type Mode = 'core' | 'full' | 'live';

const CORE: ReadonlySet<Topic> = new Set<Topic>([
  'capabilities',
  'lifecycle',
  'readOnly',
  'sides',
  'acceptance',
  'routes',
  'texts',
  'words',
  'paging',
  'idempotency',
  'errors',
]);

export interface ConformanceOptions {
  /** Default `full`. */
  readonly mode?: Mode;
  /** Only these topics. */
  readonly topics?: readonly Topic[];
  /** Cases that are known to fail here, with what happens today; see Divergence. */
  readonly divergences?: readonly Divergence[];
  /** Called once per case, when it ends or is skipped. */
  readonly onCase?: (report: CaseReport) => void;
  /**
   * Seed of everything that is drawn; shown in the title. Default 1; in mode `live` another one in every run, because an account
   * remembers the tokens of the last one.
   */
  readonly seed?: number;
  /** Begins every name the kit gives; default `peerway-kit-`. */
  readonly prefix?: string;
  /** The forms in which the driver is known to ask and to answer: a case in which it does so in another one fails. Absent: not compared. */
  readonly inventory?: Inventory;
  /** Prints the reasons of skips; default `console.log`. */
  readonly print?: (line: string) => void;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Registers every suite with the runner. Throws at once when the harness or the options contradict themselves. */
export function runConformance(runner: Runner, harness: Harness, options: ConformanceOptions = {}): void {
  const { capabilities, id } = harness.plugin;
  const mechanism = capabilities.mechanisms.find((one) => one.name === harness.mechanism) ?? capabilities.mechanisms[0];
  if (harness.mechanism !== undefined && mechanism.name !== harness.mechanism) {
    throw new Error(`The plugin ${id} has no mechanism ${harness.mechanism}`);
  }
  const facts: Facts = { harness, capabilities, mechanism };
  const mode = options.mode ?? 'full';
  const suites = SUITES.filter(
    ({ topic }) =>
      (mode !== 'core' || CORE.has(topic)) && (options.topics === undefined || options.topics.includes(topic)),
  );
  requireKnown(options.divergences ?? []);
  requireLacking(harness);
  const seed = options.seed ?? (mode === 'live' ? Date.now() % 1_000_000 : 1);
  const title = `conformance of ${id}, mechanism ${mechanism.name}, mode ${mode}, seed ${seed}`;
  const gate = mode === 'live' && (options.env ?? process.env)['PEERWAY_CONFORMANCE_LIVE'] !== '1';
  runner.describe(title, () => {
    for (const suite of suites) {
      runner.describe(`${suite.topic}: ${suite.about}`, () => {
        register(
          runner,
          suite,
          facts,
          { ...options, seed },
          gate ? 'PEERWAY_CONFORMANCE_LIVE=1 is not set' : undefined,
        );
      });
    }
  });
}

/** Number of shared cases, all topics. */
export const caseCount = (): number => SUITES.reduce((sum, suite) => sum + suite.cases.length, 0);

function register(
  runner: Runner,
  suite: Suite,
  facts: Facts,
  options: ConformanceOptions,
  closed: string | undefined,
): void {
  const print = options.print ?? ((line: string) => console.log(line));
  const suiteRun = new SuiteRun(suite.topic, facts, options);
  const skipped = new Map<string, string[]>(); // names by reason
  for (const testCase of suite.cases) {
    const unmet = closed === undefined ? whySkipped(testCase, facts) : { reason: closed };
    const undeclared = (options.mode ?? 'full') === 'full' ? undeclaredLack(unmet, facts.harness) : undefined;
    if (undeclared !== undefined) {
      runner.it(testCase.name, async () => {
        options.onCase?.({ topic: suite.topic, case: testCase.name, outcome: 'failed', reason: undeclared });
        throw new Error(undeclared);
      });
      continue;
    }
    if (unmet !== undefined) {
      const { reason } = unmet;
      skipped.set(reason, [...(skipped.get(reason) ?? []), testCase.name]);
      (runner.it.skip ?? runner.it)(`${testCase.name} [skipped: ${reason}]`, () => undefined);
      options.onCase?.({ topic: suite.topic, case: testCase.name, outcome: 'skipped', reason });
      continue;
    }
    const divergence = options.divergences?.find((one) => one.topic === suite.topic && one.case === testCase.name);
    runner.it(divergence === undefined ? testCase.name : `${testCase.name} [diverges: ${divergence.because}]`, () =>
      suiteRun.run(suite.topic, testCase, divergence),
    );
  }
  const after = runner.after ?? runner.afterAll;
  const end = async (): Promise<void> => {
    for (const [reason, names] of skipped) {
      const what = names.length > 2 ? `${names.length} cases` : names.join('; ');
      print(`skipped ${suite.topic}: ${what} [skipped: ${reason}]`);
    }
    await suiteRun.close();
  };
  if (after === undefined) runner.it('the world is closed', end);
  else after(end);
}

/** Runs cases one after the other in one world, and takes a new world after a failure. */
class SuiteRun {
  #context: CaseContext | undefined;
  readonly #facts: Facts;
  readonly #options: ConformanceOptions;
  readonly #newRandom: () => Random;
  readonly #random: Random;

  constructor(topic: Topic, facts: Facts, options: ConformanceOptions) {
    this.#facts = facts;
    this.#options = options;
    // of its own in every suite, so that no two of them ask one account for different things with one token
    this.#newRandom = () => seededRandom((options.seed ?? 1) * TOPICS.length + TOPICS.indexOf(topic));
    this.#random = this.#newRandom();
  }

  async run(topic: Topic, testCase: Case, divergence: Divergence | undefined): Promise<void> {
    if (this.#options.inventory?.learning === true) await this.#learnAlone(testCase, this.#options.inventory);
    const failure = await this.#attempt(testCase);
    const name = { topic, case: testCase.name };
    if (this.#isMissing(failure)) {
      this.#options.onCase?.({ ...name, outcome: 'skipped', reason: failure.message });
      return;
    }
    if (divergence !== undefined) {
      if (failure === undefined) {
        this.#options.onCase?.({ ...name, outcome: 'failed', reason: 'the expected divergence is gone' });
        throw new Error(`"${testCase.name}" passes now. Remove the divergence (${divergence.because}).`);
      }
      if (!divergence.today.test(failure.message)) {
        this.#options.onCase?.({ ...name, outcome: 'failed', reason: failure.message });
        throw new Error(`It fails otherwise than ${String(divergence.today)}:\n${failure.message}`);
      }
      this.#options.onCase?.({ ...name, outcome: 'diverged', reason: divergence.because });
      return;
    }
    if (failure === undefined) {
      this.#options.onCase?.({ ...name, outcome: 'passed' });
      return;
    }
    this.#options.onCase?.({ ...name, outcome: 'failed', reason: failure.message });
    const said = isPeerwayError(failure) ? spoken(failure) : failure.message;
    const explained = new Error(`${said}\n\n${inVain(failure)}Usually: ${testCase.usually}\n`);
    explained.stack = `${explained.message}\n${(failure.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n')}`;
    throw explained;
  }

  async close(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.close();
  }

  async #attempt(testCase: Case): Promise<Error | undefined> {
    try {
      const context = (this.#context ??= await this.#open(this.#random));
      await testCase.run(context);
      const forms = context.forms();
      const unknown = testCase.formsVary === true ? [] : (this.#options.inventory?.unknown(forms) ?? []);
      await context.cleanUp();
      context.forms(); // what is seen while things go hangs on what came first
      if (unknown.length > 0) throw new Error(`Forms that the inventory does not have:\n${unknown.join('\n')}`);
      return undefined;
    } catch (thrown) {
      // what a failed case left behind must not fail the next one, nor stay in a real account
      const isClean = await this.#context?.cleanUp().then(
        () => true,
        () => false,
      );
      if (isClean !== true || !this.#isMissing(thrown)) await this.close().catch(() => undefined);
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  /** A case may be run by itself: what its drivers then send that know nothing of other cases is right as well. */
  async #learnAlone(testCase: Case, inventory: Inventory): Promise<void> {
    const context = await this.#open(this.#newRandom());
    try {
      await testCase.run(context);
      inventory.unknown(context.forms());
    } catch {
      // whether the case passes is seen in its place among the others
    } finally {
      await context.close();
    }
  }

  #isMissing(thrown: unknown): thrown is NotHere {
    return this.#options.mode === 'live' && thrown instanceof NotHere;
  }

  async #open(random: Random): Promise<CaseContext> {
    const { harness } = this.#facts;
    const world = await harness.open(harness.plugin);
    for (const offer of harness.offers) {
      if (!isPromise(offer) && !hasMember(world, offer))
        throw new Error(`The harness offers ${offer}, its world has no such member`);
    }
    if ((harness.faults ?? []).length > 0 && (world.inject === undefined || world.clearFaults === undefined)) {
      throw new Error('The harness names faults; its world needs inject and clearFaults');
    }
    return new CaseContext(world, this.#facts, {
      random,
      prefix: this.#options.prefix ?? 'peerway-kit-',
    });
  }
}

const PROMISES: readonly Promised[] = ['takesTime', 'secondaryPrefixes', 'ipv6Networks'];
const isPromise = (offer: Offer): offer is Promised => PROMISES.some((one) => one === offer);
const hasMember = (world: World, offer: Exclude<Offer, Promised>): boolean => typeof world[offer] === 'function';

/** A wait without end is rarely about what the case tries: many cases end so by one defect, and their hints would mislead. */
function inVain(failure: Error): string {
  if (!isPeerwayError(failure, 'DeadlineExceeded')) return '';
  return (
    'It waited in vain, so look first at what it waited for: a state word that reads as another, a page that is not read, ' +
    'a write that was not sent. Once that is right this case may pass.\n'
  );
}

/** The failure of a case that is not tried for want of a member that nobody said would be missing. */
function undeclaredLack(unmet: Unmet | undefined, { lacks }: Harness): string | undefined {
  if (unmet?.member === undefined || lacks?.[unmet.member] !== undefined) return undefined;
  return `Not tried: ${unmet.reason}. Give it, or say in \`lacks\` why ${unmet.member} is missing.`;
}

/** A reason for lacking what is there is as wrong as a missing one. */
function requireLacking(harness: Harness): void {
  const has = (member: HarnessMember): boolean => {
    const [group = '', name = ''] = member.split('.');
    if (group === 'faults') return (harness.faults ?? []).some((kind) => kind === name);
    if (group === 'overflow' || group === 'words' || group === 'letters' || group === 'settings')
      return Object.hasOwn(harness[group] ?? {}, name);
    if (member === 'refusals' || member === 'engine' || member === 'native') return harness[member] !== undefined;
    return harness.offers.some((offer) => offer === member);
  };
  for (const member of Object.keys(harness.lacks ?? {}) as HarnessMember[]) {
    if (has(member)) throw new Error(`The harness says that it lacks ${member}, and has it`);
  }
}

function requireKnown(divergences: readonly Divergence[]): void {
  for (const { topic, case: name } of divergences) {
    const suite = SUITES.find((one) => one.topic === topic);
    if (suite?.cases.some((testCase) => testCase.name === name) !== true) {
      throw new Error(`There is no case ${JSON.stringify(name)} in ${topic}: correct or remove the divergence`);
    }
  }
}
