// Which test executes which mutants, and how long it takes: every test file is run once, and what was found is remembered as long as
// nothing changes that the file imports.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** How much processor time a test has of which nothing is known, as a multiple of what is slow. */
const UNKNOWN_TIMES = 4;

export class Coverage {
  /** id of a test → { id, file, group, ms } */
  tests = new Map();
  /** Tests and files that fail, or fail alone, without any mutant, or are slow → why. */
  left = new Map();
  /** id of a mutant → ids of tests that execute it. */
  coveredBy = new Map();
  /** Executed when modules load, or once in a process. */
  early = new Set();
  /** Executed at all, be it that the change could show or not. */
  reached = new Set();
  #slowMs;
  #fileMs;

  /** @param fileMs processor time that the tests of one file have together */
  constructor(slowMs, fileMs) {
    this.#slowMs = slowMs;
    this.#fileMs = fileMs;
  }

  /**
   * @param tests files
   * @param memory where what was found is kept
   * @param stampOf what changes when anything does that a test file imports
   * @param processes `current()` answers a process, a new one after `end()`
   */
  async collect({ tests, memory, stampOf, processes }) {
    const known = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
    const limitMs = this.#slowMs * UNKNOWN_TIMES;
    for (const file of tests) {
      const stamp = stampOf(file);
      const kept = known[file];
      const totalMs = this.#fileMs;
      const hadLess = kept !== undefined && (kept.limitMs < limitMs || (kept.totalMs ?? 0) < totalMs);
      if (kept?.stamp !== stamp || (kept.lost.length > 0 && hadLess)) {
        known[file] = { stamp, limitMs, totalMs, ...(await lookAt({ file, limitMs, totalMs, processes })) };
        writeFileSync(memory, JSON.stringify(known));
      }
      this.#learn(file, known[file]);
    }
  }

  /** Processor time of tests in ms. */
  msOf(ids) {
    return ids.reduce((sum, id) => sum + (this.tests.get(id)?.ms ?? 0), 0);
  }

  /** The test is trusted no more. */
  leaveOut(id, why) {
    this.tests.delete(id);
    this.left.set(id, why);
  }

  summary() {
    const seconds = Math.round(this.msOf([...this.tests.keys()]) / 1000);
    const left = new Map();
    for (const [id, why] of this.left) {
      const [file] = id.split(' > ');
      const line = why.startsWith('its file') ? `${file}: the rest, ${why}` : `${id}: ${why.split('\n')[0]}`;
      left.set(line, (left.get(line) ?? 0) + 1);
    }
    const lines = [...left].map(([line, count]) => `left out: ${line}${count === 1 ? '' : ` (${count} tests)`}`);
    return [`${this.tests.size} tests, ${seconds} s`, ...lines].join('\n');
  }

  #learn(file, { load, first, second, reached, lost }) {
    for (const { id, why } of lost) this.left.set(id, why);
    for (const id of load) this.early.add(id);
    for (const id of reached) this.reached.add(id);
    const once = new Set();
    for (const { id, seen, error } of first) {
      if (error !== undefined) this.left.set(id, `fails here without a mutant: ${error}`);
      for (const mutant of seen) once.add(mutant);
    }
    for (const { id, ms, seen, error } of second) {
      for (const mutant of seen) once.delete(mutant);
      for (const mutant of seen) this.reached.add(mutant);
      if (id === 'after' || this.left.has(id)) continue;
      if (error !== undefined) this.left.set(id, `fails the second time without a mutant: ${error}`);
      else if (ms > this.#slowMs) this.left.set(id, `slow: ${Math.round(ms)} ms`);
      else {
        this.tests.set(id, { id, file, group: id.slice(0, id.lastIndexOf(' > ')), ms });
        for (const mutant of seen) this.coveredBy.set(mutant, [...(this.coveredBy.get(mutant) ?? []), id]);
      }
    }
    for (const mutant of once) this.early.add(mutant);
  }
}

/** Runs the tests of a file twice: what is executed in the second round is executed whenever the test runs. */
async function lookAt({ file, limitMs, totalMs, processes }) {
  const lost = [];
  const reached = new Set();
  let loading;

  /** A test that has no end is left out, and the rest goes on in another process. */
  async function round(ids) {
    const results = [];
    for (let left = ids; ;) {
      const worker = await processes.current();
      const load = await worker.load([file]);
      if (load.died !== undefined) {
        processes.end();
        lost.push({ id: file, why: load.died });
        return results;
      }
      loading ??= load;
      left ??= load.tests.map(({ id }) => id);
      const limits = Object.fromEntries(left.map((id) => [id, limitMs]));
      const answer = await worker.ask({ command: 'cover', tests: left, limits, totalMs });
      results.push(...answer.results);
      for (const id of answer.reached ?? []) reached.add(id);
      const done = new Set([...answer.results.map(({ id }) => id), answer.at]);
      left = left.filter((id) => !done.has(id));
      if (answer.died === undefined) {
        for (const id of left) lost.push({ id, why: `its file takes more than ${totalMs / 1000} s` });
        return results;
      }
      processes.end();
      if (answer.at === undefined) throw new Error(`${file}: ${answer.died}`);
      lost.push({ id: answer.at, why: answer.died });
    }
  }

  const first = await round(undefined);
  for (const id of loading?.reached ?? []) reached.add(id);
  const quick = first.filter(({ id, ms, error }) => id !== 'after' && ms <= limitMs && error === undefined);
  const second = quick.length === 0 ? [] : await round(quick.map(({ id }) => id));
  return { load: loading?.seen ?? [], first, second, reached: [...reached], lost };
}
