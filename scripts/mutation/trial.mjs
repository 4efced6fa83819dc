// Tries mutants: runs the right tests in the right process.
import { Coverage } from './coverage.mjs';
import { Worker } from './hands.mjs';

/** Tests of each group that are run before the rest of any. */
const TASTED = 2;
/** Tests that are run before all others: what killed most in the mutant's own file, and in any. */
const BEST = 6;
const BEST_ANYWHERE = 10;

export class Trial {
  #options;
  #coverage;
  /** source file → id of test → how many of its mutants it killed. */
  #kills = new Map();
  /** id of test → how many mutants it killed. */
  #killsAnywhere = new Map();
  /** source file → test file → how many of its places the tests execute. */
  #near;
  /** Tests that passed alone, in a process of their own. */
  #trusted = new Set();
  #warm;

  /**
   * @param options `tree` and `count` of mutants for the processes; `mutants`; `tests`, files; `stampOf` a test file; `memory` of what was
   *   found; `slowMs` from which a test is left out, `fileMs` that those of one file have together; `budgetMs` of processor time that the tests of one mutant may take together
   */
  constructor(options) {
    this.#options = options;
    this.#coverage = new Coverage(options.slowMs, options.fileMs);
  }

  async prepare() {
    const { tests, memory, stampOf } = this.#options;
    const processes = { current: async () => (this.#warm ??= await this.#worker()), end: () => this.#recycle() };
    await this.#coverage.collect({ tests, memory, stampOf, processes });
  }

  summary() {
    return this.#coverage.summary();
  }

  /** @returns {{ outcome: 'killed' | 'survived' | 'not executed', by?: string, error?: string, untried?: number }} */
  async try(mutant) {
    const { coveredBy, early, reached } = this.#coverage;
    const tests = coveredBy.get(mutant.id) ?? [];
    if (tests.length === 0 && !early.has(mutant.id)) {
      return { outcome: reached.has(mutant.id) ? 'survived' : 'not executed' };
    }
    const warm = tests.length === 0 ? { untried: 0 } : await this.#tryWarm(mutant, tests);
    const found = warm.by === undefined && early.has(mutant.id) ? await this.#tryFresh(mutant) : warm;
    if (found.by === undefined) return { outcome: 'survived', ...(found.untried > 0 ? found : {}) };
    const kills = this.#kills.get(mutant.file) ?? new Map();
    kills.set(found.by, (kills.get(found.by) ?? 0) + 1);
    this.#kills.set(mutant.file, kills);
    this.#killsAnywhere.set(found.by, (this.#killsAnywhere.get(found.by) ?? 0) + 1);
    return { outcome: 'killed', ...found };
  }

  /** Whether a test executes the place so that the change could show, or the loading of a module may. */
  isSeen(id) {
    return this.#coverage.coveredBy.has(id) || this.#coverage.early.has(id);
  }

  end() {
    this.#warm?.end();
  }

  #worker(active = -1) {
    return Worker.start(this.#options.tree, this.#options.count, active);
  }

  /**
   * What killed most in this file first, then what killed most in any for the time it takes; then a few tests of each group, since those of
   * one group see much the same; then the rest, group by group, as they are written, the quick groups first; as many as there is time for.
   */
  #rounds(mutant, ids) {
    const kills = this.#kills.get(mutant.file) ?? new Map();
    const first = (worth, size) =>
      ids
        .filter((id) => worth(id) > 0)
        .sort((a, b) => worth(b) - worth(a))
        .slice(0, size);
    const anywhere = (id) => (this.#killsAnywhere.get(id) ?? 0) / (50 + this.#coverage.msOf([id]));
    const best = [...new Set([...first((id) => kills.get(id) ?? 0, BEST), ...first(anywhere, BEST_ANYWHERE)])];
    const groups = new Map();
    for (const id of ids) {
      if (best.includes(id)) continue;
      const { group, ms } = this.#coverage.tests.get(id);
      const found = groups.get(group) ?? { ids: [], ms: 0 };
      found.ids.push(id);
      found.ms += ms;
      groups.set(group, found);
    }
    const quickFirst = [...groups.values()].sort((a, b) => a.ms - b.ms);
    const all = [
      ...best,
      ...quickFirst.flatMap((one) => one.ids.slice(0, TASTED)),
      ...quickFirst.flatMap((one) => one.ids.slice(TASTED)),
    ];
    let left = this.#options.budgetMs;
    return all.filter((id) => (left -= this.#coverage.msOf([id])) > 0);
  }

  #limits(ids) {
    return Object.fromEntries(ids.map((id) => [id, 5_000 + 10 * (this.#coverage.tests.get(id)?.ms ?? 1_000)]));
  }

  async #tryWarm(mutant, covering) {
    for (let attempt = 0; ; attempt += 1) {
      const trusted = covering.filter((id) => this.#coverage.tests.has(id));
      const ids = this.#rounds(mutant, trusted);
      const none = { untried: trusted.length - ids.length };
      if (ids.length === 0) return none;
      const answer = await this.#askWarm(mutant.id, ids);
      if (answer.died === undefined && answer.killedBy === undefined) return none;
      const { id, error, uncaught } = answer.killedBy ?? { id: answer.at, error: answer.died };
      if (id === undefined || id === 'after') return { by: id ?? 'no end', error };
      // a test that fails now without the mutant has failed for another reason
      if (passed(await this.#askWarm(-1, [id]))) {
        if (uncaught !== true) return { by: id, error };
        if (!passed(await this.#askWarm(mutant.id, [id]))) return { by: id, error };
      }
      this.#recycle();
      if (!passed(await this.#askWarm(-1, [id]))) {
        this.#coverage.leaveOut(id, 'fails alone without a mutant');
        this.#recycle();
      } else if (attempt > 2) return { by: id, error };
    }
  }

  async #askWarm(mutant, ids) {
    this.#warm ??= await this.#worker();
    const files = ids.map((id) => this.#coverage.tests.get(id)?.file).filter(Boolean);
    const load = await this.#warm.load([...new Set(files)]);
    if (load.died !== undefined) throw new Error(load.died);
    const answer = await this.#warm.ask({ command: 'run', mutant, tests: ids, limits: this.#limits(ids) });
    if (answer.died !== undefined) this.#recycle();
    return answer;
  }

  #recycle() {
    this.#warm?.end();
    this.#warm = undefined;
  }

  /** In a process in which the mutant is there from the beginning, file by file. */
  async #tryFresh(mutant) {
    const { budgetMs } = this.#options;
    const { left, tests } = this.#coverage;
    const worker = await this.#worker(mutant.id);
    let spent = 0;
    let untried = 0;
    try {
      for (const file of this.#nearest(mutant.file)) {
        if (spent > budgetMs) {
          untried += [...tests.values()].filter((test) => test.file === file).length;
          continue;
        }
        const load = await worker.load([file]);
        if (load.died !== undefined) return { by: 'loading', error: load.died };
        const ids = load.tests.map(({ id }) => id).filter((id) => !left.has(id));
        const known = this.#rounds(
          mutant,
          ids.filter((id) => tests.has(id)),
        );
        if (known.length === 0) continue;
        spent += this.#coverage.msOf(known);
        const answer = await worker.ask({
          command: 'run',
          mutant: mutant.id,
          tests: known,
          limits: this.#limits(known),
        });
        if (passed(answer)) continue;
        const by = answer.killedBy?.id ?? answer.at ?? 'no end';
        if (await this.#isTrusted(by, file)) return { by, error: answer.killedBy?.error ?? answer.died };
        this.#coverage.leaveOut(by, 'fails alone without a mutant');
        if (answer.died !== undefined) return { untried: tests.size };
      }
      return { untried };
    } finally {
      worker.end();
    }
  }

  /** Whether the test passes without a mutant when it is the first of its process. */
  async #isTrusted(id, file) {
    if (this.#trusted.has(id) || !this.#coverage.tests.has(id)) return true;
    const worker = await this.#worker();
    try {
      await worker.load([file]);
      const good = passed(await worker.ask({ command: 'run', mutant: -1, tests: [id], limits: this.#limits([id]) }));
      if (good) this.#trusted.add(id);
      return good;
    } finally {
      worker.end();
    }
  }

  /** Test files, those first that killed mutants of the source or execute the most of it in the least time. */
  #nearest(source) {
    const { coveredBy, tests } = this.#coverage;
    if (this.#near === undefined) {
      this.#near = new Map();
      for (const { file, id } of this.#options.mutants) {
        const byTest = this.#near.get(file) ?? new Map();
        const files = new Set((coveredBy.get(id) ?? []).map((test) => tests.get(test)?.file));
        for (const test of files) byTest.set(test, (byTest.get(test) ?? 0) + 1);
        this.#near.set(file, byTest);
      }
    }
    const weight = new Map(this.#options.tests.map((file) => [file, 1 + (this.#near.get(source)?.get(file) ?? 0)]));
    for (const [id, count] of this.#kills.get(source) ?? []) {
      const file = tests.get(id)?.file;
      if (file !== undefined) weight.set(file, weight.get(file) + 100 * count);
    }
    const cost = new Map(this.#options.tests.map((file) => [file, 1_000]));
    for (const { file, ms } of tests.values()) cost.set(file, cost.get(file) + ms);
    return [...this.#options.tests].sort((a, b) => weight.get(b) / cost.get(b) - weight.get(a) / cost.get(a));
  }
}

const passed = ({ died, killedBy }) => died === undefined && killedBy === undefined;
