// The part of jest that the tests of this repository use: they register here, and any of them can be run again at once, alone or
// with others, as often as wanted. The matchers are jest's own.
import { createRequire } from 'node:module';
import { format } from 'node:util';

const fromRoot = createRequire(import.meta.url);
const fromGlobals = createRequire(fromRoot.resolve('@jest/globals'));
const fromExpect = createRequire(fromGlobals.resolve('@jest/expect'));
const { jestExpect } = fromGlobals('@jest/expect');
const { ModuleMocker } = fromGlobals('jest-mock');
const { SnapshotState } = fromExpect('jest-snapshot');

const DEFAULT_LIMIT_MS = 60_000;

const newSuite = (name, parent, skipped = false) => ({
  name,
  parent,
  skipped: skipped || parent?.skipped === true,
  beforeAll: [],
  beforeEach: [],
  afterEach: [],
  afterAll: [],
});

/** Everything that was registered, by id. */
export class Registry {
  /** @type {Map<string, { id: string, file: string, suite: object, body: () => unknown, limitMs: number }>} */
  tests = new Map();
  #suite;
  #file;
  #snapshots;

  /** Imports test files, which register their tests. */
  async load(files, importFile) {
    for (const file of files) {
      this.#file = file;
      this.#suite = newSuite(file, undefined);
      await importFile(file);
    }
    this.#suite = undefined;
  }

  /** What `@jest/globals` exports. */
  globals() {
    const mocker = new ModuleMocker(globalThis);
    const describe = this.#eachable((name, body, skipped) => this.#describe(name, body, skipped));
    const it = this.#eachable((name, body, skipped, limitMs) => this.#it(name, body, skipped, limitMs));
    it.todo = () => undefined;
    const hook = (kind) => (body) => void this.#suite[kind].push(body);
    return {
      describe,
      it,
      test: it,
      expect: jestExpect,
      jest: {
        fn: mocker.fn.bind(mocker),
        spyOn: mocker.spyOn.bind(mocker),
        restoreAllMocks: () => mocker.restoreAllMocks(),
        resetModules: () => undefined,
      },
      beforeAll: hook('beforeAll'),
      beforeEach: hook('beforeEach'),
      afterAll: hook('afterAll'),
      afterEach: hook('afterEach'),
    };
  }

  #eachable(register) {
    const plain = (skipped) => (name, body, limitMs) => register(name, body, skipped, limitMs);
    const each = (skipped) => (rows) => (name, body, limitMs) => {
      const listed = rows.every((row) => Array.isArray(row));
      rows.forEach((row, index) => {
        const values = listed ? row : [row];
        const named = name.replace(/\$(\w+)/g, (_, key) => String(values[0]?.[key]));
        const [title] = format(`${named.replace(/%[pj]/g, '%s')} (${index})`, ...(/%/.test(named) ? values : [])).split(
          '\n',
        );
        register(title, () => body(...values), skipped, limitMs);
      });
    };
    return Object.assign(plain(false), { each: each(false), skip: Object.assign(plain(true), { each: each(true) }) });
  }

  #describe(name, body, skipped) {
    const outer = this.#suite;
    this.#suite = newSuite(name, outer, skipped);
    body();
    this.#suite = outer;
  }

  #it(name, body, skipped, limitMs = DEFAULT_LIMIT_MS) {
    const suite = this.#suite;
    if (skipped || suite.skipped || body === undefined) return;
    const base = [...path(suite).map((one) => one.name), name].join(' > ').slice(0, 400);
    let id = base;
    for (let count = 2; this.tests.has(id); count += 1) id = `${base} #${count}`;
    this.tests.set(id, { id, file: this.#file, suite, body, limitMs });
  }

  /**
   * Runs tests in this order; hooks of a suite run once for neighbours in it.
   * @param each called around each test; `begin(id)`, `end(id, error)`; `end` answers whether to go on; `entered(suite)` after the hooks
   *   that run once for a suite
   * @param limit how long a test or hook may take, in ms
   */
  async run(ids, { begin, end, limit, entered: hooked }) {
    let entered = [];
    const leave = async (depth) => {
      let failure;
      while (entered.length > depth) {
        const suite = entered.pop();
        for (const hook of [...suite.afterAll].reverse()) failure ??= await attempt(hook, 20_000);
      }
      return failure;
    };
    for (const id of ids) {
      const test = this.tests.get(id);
      const wanted = path(test.suite);
      let common = 0;
      while (common < entered.length && entered[common] === wanted[common]) common += 1;
      const left = await leave(common);
      if (left !== undefined && !end('after', left)) return;
      begin(id);
      let failure;
      for (const suite of wanted.slice(common)) {
        entered.push(suite);
        for (const hook of suite.beforeAll) failure ??= await attempt(hook, limit(id));
        hooked?.(suite);
      }
      failure ??= await this.#one(test, wanted, limit(id));
      if (!end(id, failure)) {
        await leave(0);
        return;
      }
    }
    const left = await leave(0);
    if (left !== undefined) end('after', left);
  }

  async #one(test, suites, limitMs) {
    this.#expectNow(test);
    let failure;
    for (const suite of suites) for (const hook of suite.beforeEach) failure ??= await attempt(hook, limitMs);
    failure ??= await attempt(test.body, limitMs);
    for (const suite of [...suites].reverse()) {
      for (const hook of [...suite.afterEach].reverse()) {
        const after = await attempt(hook, limitMs);
        failure ??= after;
      }
    }
    return failure;
  }

  #expectNow({ file, id }) {
    this.#snapshots ??= new Map();
    if (!this.#snapshots.has(file)) {
      const snapshotFormat = { escapeString: false, printBasicPrototype: false };
      this.#snapshots.set(
        file,
        new SnapshotState(`${file}.snap`, { updateSnapshot: 'none', expand: false, rootDir: '/', snapshotFormat }),
      );
    }
    jestExpect.setState({ snapshotState: this.#snapshots.get(file), currentTestName: id, testPath: file });
  }
}

/** From the file's own suite down. */
export function path(suite) {
  const found = [];
  for (let at = suite; at !== undefined; at = at.parent) found.unshift(at);
  return found;
}

/** How often it is looked whether anything is under way, and how often it must have been nothing. */
const LOOK_MS = 50;
const LOOKS = 6;
/** What brings nothing by itself: the channel to whoever asked, and servers that nobody is connected to. */
const STANDING = new Set(['PipeWrap', 'TCPServerWrap']);
const isIdle = () => process.getActiveResourcesInfo().every((one) => STANDING.has(one));

/**
 * What a body throws, rejects with or hangs by: no end in time, or a wait for what cannot come, as nothing is under way. The timers are
 * taken before any test may replace them.
 */
const { setTimeout: later, clearTimeout: cancel, setInterval: often, clearInterval: stop } = globalThis;
async function attempt(body, limitMs) {
  let timer;
  let watch;
  try {
    const late = new Promise((_, reject) => {
      timer = later(() => reject(new Error(`no end within ${limitMs} ms`)), limitMs).unref();
      let idle = 0;
      watch = often(() => {
        idle = isIdle() ? idle + 1 : 0;
        if (idle === LOOKS) reject(new Error('waits for what never comes'));
      }, LOOK_MS).unref();
    });
    await Promise.race([(async () => body())(), late]);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } finally {
    cancel(timer);
    stop(watch);
  }
}
