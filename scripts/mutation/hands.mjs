/* global setInterval, clearInterval, performance */
// Worker processes: started, asked, and ended when a mutant loops for ever or waits for what never comes. Time is counted as the worker's
// own, so that a busy machine kills no mutant.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
/** Loading a file, and what stands between two tests. */
const LOADING = { cpuMs: 120_000 };
/** No test waits for anything but itself, or for a server that it has started, which waits for a processor like everybody. */
const IDLE_MS = { alone: 15_000, withServer: 90_000 };

/** Processor time of a process and the time it waited for a processor, in ms; undefined where the system does not tell. */
function spentBy(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return {
      cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND,
      readyMs: (Number(ran) + Number(waited)) / 1e6,
    };
  } catch {
    return undefined;
  }
}

function hasChildren(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') !== '';
  } catch {
    return false;
  }
}

export class Worker {
  #child;
  #answer;
  #at;
  #results = [];
  #spentAtTest;
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
    worker.#begin();
    const answer = await worker.#wait();
    if (answer.died !== undefined) throw new Error(answer.died);
    return worker;
  }

  /**
   * Answers what the worker answers, or `{ died, at }`, and the results that it told on the way.
   * @param message its `limits` say by id of a test how much processor time it has
   */
  async ask(message) {
    this.#limits = message.limits ?? {};
    this.#at = undefined;
    this.#results = [];
    this.#begin();
    const answered = this.#wait();
    this.#child.send(message);
    const answer = await answered;
    return { ...answer, at: this.#at, results: this.#results };
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
    if (message.result !== undefined) return void this.#results.push(message.result);
    if (message.at === undefined)
      return this.#answer?.(message.answer ?? (message.failed === undefined ? {} : { died: message.failed }));
    this.#at = message.at;
    this.#begin();
  }

  #begin() {
    this.#spentAtTest = spentBy(this.#child.pid);
    this.#wallAtTest = performance.now();
  }

  #look() {
    if (this.#answer === undefined) return;
    const limitMs = this.#limits[this.#at] ?? LOADING.cpuMs;
    const wallMs = performance.now() - this.#wallAtTest;
    const [now, then] = [spentBy(this.#child.pid), this.#spentAtTest];
    const told = now !== undefined && then !== undefined;
    const cpuMs = told ? now.cpuMs - then.cpuMs : wallMs / 4;
    const idleMs = told ? wallMs - (now.readyMs - then.readyMs) : 0;
    if (cpuMs > limitMs) this.#giveUp(`no end at ${this.#at ?? 'loading'}`);
    else if (idleMs > IDLE_MS[hasChildren(this.#child.pid) ? 'withServer' : 'alone'])
      this.#giveUp(`waits for ever at ${this.#at ?? 'loading'}`);
  }

  #giveUp(died) {
    const answer = this.#answer;
    this.#child.removeAllListeners();
    this.end();
    answer({ died });
  }
}
