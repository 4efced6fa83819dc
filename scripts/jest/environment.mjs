// Jest's environment of a test file: the process itself, no context of its own. What a file leaves changed is put back, and the file
// is red for it, since the next one in the process would run with it.
import { formatStack } from './stacks.mjs';

// the AWS adapter sets it with its first client, and the vendor's own clients in tests are made before
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Jest takes 100 for its own process; each error of a test would collect as many. */
const FRAMES = 10;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export default class ProcessEnvironment {
  global = globalThis;
  #before;

  constructor() {
    const { console } = globalThis;
    const { env, exit, exitCode } = process;
    this.#before = {
      console,
      env,
      exit,
      exitCode,
      variables: { ...env },
      folder: process.cwd(),
      listeners: SIGNALS.map((signal) => process.listenerCount(signal)),
    };
  }

  async setup() {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = formatStack;
  }

  getVmContext() {
    return null;
  }

  async teardown() {
    const { console, env, exit, exitCode, variables, folder, listeners } = this.#before;
    globalThis.console = console;
    process.exit = exit;
    const left = [];
    if (process.env !== env) {
      left.push('process.env is another object');
      process.env = env;
    }
    for (const name of new Set([...Object.keys(variables), ...Object.keys(env)])) {
      if (env[name] === variables[name]) continue;
      left.push(`the variable ${name}`);
      if (variables[name] === undefined) delete env[name];
      else env[name] = variables[name];
    }
    if (process.cwd() !== folder) {
      left.push(`the folder ${process.cwd()}`);
      process.chdir(folder);
    }
    if (process.exitCode !== exitCode) {
      left.push(`the exit code ${process.exitCode}`);
      process.exitCode = exitCode;
    }
    SIGNALS.forEach((signal, index) => {
      if (process.listenerCount(signal) > listeners[index]) left.push(`a listener of ${signal}`);
    });
    if (left.length > 0)
      throw new Error(
        `The file leaves behind: ${left.join(', ')}. Put back what a test changes, in a finally or afterEach.`,
      );
  }
}
