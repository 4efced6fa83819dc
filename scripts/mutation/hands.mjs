/* global setInterval, clearInterval, performance */
// Worker processes: started, asked, and ended when a mutant loops for ever. Time is counted as processor time of the worker, so that a
// busy machine kills no mutant.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const TEST_CPU_MS = 8_000;

/** Processor time of a process in ms; undefined where the system does not tell. */
function cpuMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}

export class Worker {
  #child;
  #answer;
  #at;
  #cpuAtTest = 0;
  #wallAtTest = 0;
  #watch;
  #limits = {};
  loaded = new Set();

  static async start(tree, count, active = -1) {
    const worker = new Worker();
    worker.#child = fork(new URL('worker.mjs', import.meta.url), {
      // what npm test gives to jest's node
      execArgv: ['--conditions=@peerway/source', '--disable-warning=ExperimentalWarning', '--max-old-space-size=1500'],
      env: { ...process.env, PEERWAY_MUTATION: JSON.stringify({ tree, count, active }) },
      stdio: ['ignore', 'ignore', process.env['PEERWAY_MUTATION_LOUD'] ? 'inherit' : 'ignore', 'ipc'],
    });
    worker.#child.on('message', (message) => worker.#hear(message));
    worker.#child.on('exit', () => worker.#answer?.({ died: `the process ended, at ${worker.#at ?? 'loading'}` }));
    worker.#watch = setInterval(() => worker.#look(), 1000);
    const answer = await worker.#wait();
    if (answer.died !== undefined) throw new Error(answer.died);
    return worker;
  }

  /** Answers what the worker answers, or `{ died }`. */
  async ask(message, limits = {}) {
    this.#limits = limits;
    this.#at = undefined;
    this.#begin();
    const answered = this.#wait();
    this.#child.send(message);
    return answered;
  }

  /** Loads those of the files that are not loaded. */
  async load(files) {
    const fresh = files.filter((file) => !this.loaded.has(file));
    for (const file of fresh) this.loaded.add(file);
    return this.ask({ command: 'load', files: fresh });
  }

  end() {
    clearInterval(this.#watch);
    this.#child.kill('SIGKILL');
  }

  #wait() {
    return new Promise((resolve) => {
      this.#answer = (answer) => {
        this.#answer = undefined;
        resolve(answer);
      };
    });
  }

  #hear(message) {
    if (message.at === undefined)
      return this.#answer?.(message.answer ?? (message.failed === undefined ? {} : { died: message.failed }));
    this.#at = message.at;
    this.#begin();
  }

  #begin() {
    this.#cpuAtTest = cpuMs(this.#child.pid) ?? 0;
    this.#wallAtTest = performance.now();
  }

  #look() {
    if (this.#answer === undefined) return;
    const limit = this.#limits[this.#at] ?? 120_000;
    const cpu = cpuMs(this.#child.pid);
    const spent = cpu === undefined ? (performance.now() - this.#wallAtTest) / 4 : cpu - this.#cpuAtTest;
    if (spent > TEST_CPU_MS + limit) {
      const answer = this.#answer;
      this.#child.removeAllListeners();
      this.end();
      answer({ died: `no end at ${this.#at ?? 'loading'}` });
    }
  }
}
