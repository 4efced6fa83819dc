// Tries mutants: finds out which test executes what, and runs the right tests in the right process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Worker } from './hands.mjs';

async function lookAt(worker, file) {
  const told = (answer) => {
    if (answer.died !== undefined) throw new Error(`${file}: ${answer.died}`);
    return answer;
  };
  const load = told(await worker.load([file]));
  const tests = load.tests.map(({ id }) => id);
  const first = told(await worker.ask({ command: 'cover', tests }));
  return { load, first, second: told(await worker.ask({ command: 'cover', tests })) };
}

export class Trial {
  #options;
  /** id of a test → { id, file, group, ms, seen } */
  #tests = new Map();
  /** Tests that fail, or fail alone, without any mutant, or are slow. */
  #left = new Map();
  /** id of a mutant → ids of tests that execute it. */
  #coveredBy = new Map();
  /** Executed when modules load, or once in a process. */
  #early = new Set();
  /** Executed at all, be it that the change could show or not. */
  #reached = new Set();
  /** source file → id of test → how many of its mutants it killed. */
  #kills = new Map();
  #warm;

  constructor(options) {
    this.#options = options;
  }

  /** Runs every test twice: what is executed in the second round is executed whenever the test runs. Remembers it by file. */
  async prepare() {
    const { tests, memory, stampOf } = this.#options;
    const known = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
    let worker;
    for (const file of tests) {
      if (known[file]?.stamp !== stampOf(file)) {
        worker ??= await this.#worker();
        known[file] = { stamp: stampOf(file), ...(await lookAt(worker, file)) };
        writeFileSync(memory, JSON.stringify(known));
      }
      this.#learn(file, known[file]);
    }
    this.#warm = worker;
  }

  #learn(file, { load, first, second }) {
    for (const id of load.seen) this.#early.add(id);
    for (const id of [...load.reached, ...first.reached, ...second.reached]) this.#reached.add(id);
    const once = new Set();
    for (const { id, seen, error } of first.results) {
      if (error !== undefined) this.#left.set(id, `fails here without a mutant: ${error}`);
      for (const mutant of seen) once.add(mutant);
    }
    for (const { id, ms, seen, error } of second.results) {
      for (const mutant of seen) once.delete(mutant);
      for (const mutant of seen) this.#reached.add(mutant);
      if (id === 'after' || this.#left.has(id)) continue;
      if (error !== undefined) this.#left.set(id, `fails the second time without a mutant: ${error}`);
      else if (ms > this.#options.slowMs) this.#left.set(id, `slow: ${Math.round(ms)} ms`);
      else {
        this.#tests.set(id, { id, file, group: id.slice(0, id.lastIndexOf(' > ')), ms });
        for (const mutant of seen) this.#coveredBy.set(mutant, [...(this.#coveredBy.get(mutant) ?? []), id]);
      }
    }
    for (const mutant of once) this.#early.add(mutant);
  }

  summary() {
    const lines = [
      `${this.#tests.size} tests, ${Math.round([...this.#tests.values()].reduce((sum, { ms }) => sum + ms, 0) / 1000)} s`,
    ];
    for (const [id, why] of this.#left) lines.push(`left out: ${id}: ${why.split('\n')[0]}`);
    return lines.join('\n');
  }

  /** @returns {{ outcome: 'killed' | 'survived' | 'not executed', by?: string, error?: string }} */
  async try(mutant) {
    const tests = this.#coveredBy.get(mutant.id) ?? [];
    if (tests.length === 0 && !this.#early.has(mutant.id)) {
      return { outcome: this.#reached.has(mutant.id) ? 'survived' : 'not executed' };
    }
    const warm = tests.length === 0 ? undefined : await this.#tryWarm(mutant, tests);
    const kill = warm ?? (this.#early.has(mutant.id) ? await this.#tryFresh(mutant) : undefined);
    if (kill === undefined) return { outcome: 'survived' };
    const kills = this.#kills.get(mutant.file) ?? new Map();
    kills.set(kill.by, (kills.get(kill.by) ?? 0) + 1);
    this.#kills.set(mutant.file, kills);
    return { outcome: 'killed', ...kill };
  }

  /** Whether a test executes the place so that the change could show, or the loading of a module may. */
  isSeen(id) {
    return this.#coveredBy.has(id) || this.#early.has(id);
  }

  end() {
    this.#warm?.end();
  }

  #worker(active = -1) {
    return Worker.start(this.#options.tree, this.#options.count, active);
  }

  /** What killed mutants of this file first, alone; then group by group, as they are written, the quick groups first. */
  #rounds(mutant, ids) {
    const kills = this.#kills.get(mutant.file) ?? new Map();
    const best = ids
      .filter((id) => kills.has(id))
      .sort((a, b) => kills.get(b) - kills.get(a))
      .slice(0, 6);
    const groups = new Map();
    for (const id of ids) {
      if (best.includes(id)) continue;
      const { group, ms } = this.#tests.get(id);
      const found = groups.get(group) ?? { ids: [], ms: 0 };
      found.ids.push(id);
      found.ms += ms;
      groups.set(group, found);
    }
    return [...best, ...[...groups.values()].sort((a, b) => a.ms - b.ms).flatMap((one) => one.ids)];
  }

  #limits(ids) {
    return Object.fromEntries(ids.map((id) => [id, 30_000 + 40 * (this.#tests.get(id)?.ms ?? 1_000)]));
  }

  async #tryWarm(mutant, covering) {
    for (let attempt = 0; ; attempt += 1) {
      const ids = this.#rounds(
        mutant,
        covering.filter((id) => this.#tests.has(id)),
      );
      if (ids.length === 0) return undefined;
      const answer = await this.#askWarm(mutant.id, ids);
      if (answer.died !== undefined) return { by: 'no end', error: answer.died };
      if (answer.killedBy === undefined) return undefined;
      const { id, error } = answer.killedBy;
      if (id === 'after') return { by: id, error };
      // a test that fails now without the mutant has failed for another reason
      const again = await this.#askWarm(-1, [id]);
      if (again.died === undefined && again.killedBy === undefined) {
        if (!answer.killedBy.uncaught) return { by: id, error };
        const sure = await this.#askWarm(mutant.id, [id]);
        if (sure.died !== undefined || sure.killedBy !== undefined) return { by: id, error };
      }
      this.#recycle();
      const alone = await this.#askWarm(-1, [id]);
      if (alone.died !== undefined || alone.killedBy !== undefined) {
        this.#tests.delete(id);
        this.#left.set(id, 'fails alone without a mutant');
        this.#recycle();
      } else if (attempt > 2) return { by: id, error };
    }
  }

  async #askWarm(mutant, ids) {
    this.#warm ??= await this.#worker();
    const load = await this.#warm.load([...new Set(ids.map((id) => this.#tests.get(id)?.file).filter(Boolean))]);
    if (load.died !== undefined) throw new Error(load.died);
    const limits = this.#limits(ids);
    const answer = await this.#warm.ask({ command: 'run', mutant, tests: ids, limits }, limits);
    if (answer.died !== undefined) this.#recycle();
    return answer;
  }

  #recycle() {
    this.#warm?.end();
    this.#warm = undefined;
  }

  /** In a process in which the mutant is there from the beginning, file by file. */
  async #tryFresh(mutant) {
    const kills = [...(this.#kills.get(mutant.file) ?? new Map()).keys()].map((id) => this.#tests.get(id)?.file);
    const weight = new Map(
      this.#options.tests.map((file) => [file, 1 + 20 * kills.filter((one) => one === file).length]),
    );
    const cost = new Map(this.#options.tests.map((file) => [file, 200]));
    for (const { file, ms } of this.#tests.values()) cost.set(file, cost.get(file) + ms);
    const order = [...this.#options.tests].sort((a, b) => weight.get(b) / cost.get(b) - weight.get(a) / cost.get(a));
    const worker = await this.#worker(mutant.id);
    try {
      for (const file of order) {
        const load = await worker.load([file]);
        if (load.died !== undefined) return { by: 'loading', error: load.died };
        const ids = load.tests.map(({ id }) => id).filter((id) => !this.#left.has(id));
        if (ids.length === 0) continue;
        const first = this.#rounds(
          mutant,
          ids.filter((id) => this.#tests.has(id)),
        );
        const all = [...first, ...ids.filter((id) => !this.#tests.has(id))];
        const limits = this.#limits(all);
        const answer = await worker.ask({ command: 'run', mutant: mutant.id, tests: all, limits }, limits);
        if (answer.died !== undefined) return { by: 'no end', error: answer.died };
        if (answer.killedBy !== undefined) return { by: answer.killedBy.id, error: answer.killedBy.error };
      }
      return undefined;
    } finally {
      worker.end();
    }
  }
}
