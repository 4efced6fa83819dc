// One process with the tree loaded in it. It is told which tests to run under which mutant and answers with the first that fails.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Registry, path } from './registry.mjs';

const { tree, count, active } = JSON.parse(process.env['PEERWAY_MUTATION']);
/** `reached`: executed; `seen`: executed so that the change could show. */
const state = { active, reached: new Uint8Array(count), seen: new Uint8Array(count), uncaught: undefined };
globalThis.__m = (id) => {
  state.seen[id] = 1;
  return id === state.active;
};
globalThis.__n = (id) => {
  state.reached[id] = 1;
  return id === state.active;
};
globalThis.__v = (never, always, value) => {
  if (value !== false) state.seen[never] = 1;
  if (value !== true && always >= 0) state.seen[always] = 1;
  return value;
};
globalThis.__s = (id) => {
  state.seen[id] = 1;
};
const registry = new Registry();
globalThis.__runner = registry.globals();
for (const name of ['log', 'error', 'warn', 'info', 'debug']) console[name] = () => undefined;

// jest fails the test that is running; so does this
const caught = (error) => (state.uncaught ??= error instanceof Error ? error : new Error(String(error)));
process.on('uncaughtException', caught);
process.on('unhandledRejection', caught);

const take = (flags) => {
  const ids = [];
  flags.forEach((hit, id) => hit && ids.push(id));
  flags.fill(0);
  return ids;
};
const seenNow = () => take(state.seen);
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const text = (error) =>
  String(error?.message ?? error)
    .replace(/\p{Cc}\[[0-9;]*m/gu, '')
    .slice(0, 300);

/** What waits for ever is seen from outside, and earlier. */
const WALL_MS = 300_000;

const commands = {
  /** Loads test files. Answers their tests, and what was executed by loading alone. */
  async load({ files }) {
    const known = new Set(registry.tests.keys());
    await registry.load(files, (file) => import(pathToFileURL(join(tree, file.replace(/\.ts$/, '.js')))));
    const tests = [...registry.tests.values()].filter(({ id }) => !known.has(id)).map(({ id, file }) => ({ id, file }));
    return { tests, seen: seenNow(), reached: take(state.reached) };
  },

  /**
   * Runs tests without a mutant, as long as there is time; tells of each how it went, how long it took and what it executed, its suites'
   * hooks included.
   */
  async cover({ tests, limits, totalMs }) {
    const byHooks = new Map();
    const last = cpuMs() + totalMs;
    let began = 0;
    state.active = -1;
    seenNow();
    await registry.run(tests, {
      limit: (id) => WALL_MS + limits[id] * 4,
      entered: (suite) => byHooks.set(suite, seenNow()),
      begin: (id) => {
        process.send({ at: id });
        state.uncaught = undefined;
        began = cpuMs();
      },
      end: (id, failure) => {
        const error = failure ?? state.uncaught;
        const suites = id === 'after' ? [] : path(registry.tests.get(id).suite);
        const seen = new Set([...seenNow(), ...suites.flatMap((suite) => byHooks.get(suite) ?? [])]);
        const result = {
          id,
          ms: cpuMs() - began,
          seen: [...seen],
          ...(error === undefined ? {} : { error: text(error) }),
        };
        process.send({ result });
        return cpuMs() < last;
      },
    });
    return { reached: take(state.reached) };
  },

  /** Runs tests under a mutant until one fails. */
  async run({ mutant, tests, limits }) {
    let killedBy;
    state.active = mutant;
    state.uncaught = undefined;
    await registry.run(tests, {
      limit: (id) => WALL_MS + limits[id] * 4,
      begin: (id) => process.send({ at: id }),
      end: (id, failure) => {
        const error = failure ?? state.uncaught;
        if (error === undefined) return true;
        killedBy = { id, error: text(error), uncaught: failure === undefined };
        return false;
      },
    });
    state.active = -1;
    return { killedBy };
  },
};

process.on('message', (message) => {
  commands[message.command](message).then(
    (answer) => process.send({ answer }),
    (error) => process.send({ failed: text(error) }),
  );
});
// nobody is left to ask
process.on('disconnect', () => process.exit());
process.send({ ready: true });
