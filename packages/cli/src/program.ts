/**
 * The command line as data: names, arguments, options, and where the code of each command is. Imports commander alone, so
 * that `--help` and a typing mistake cost no more than starting node.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode } from './exitCodes.js';
import { Flags } from './flags.js';
import type { Io } from './io.js';
import type { Session } from './session.js';

export interface Invocation {
  readonly session: Session;
  readonly flags: Flags;
  /** Positional arguments; a missing optional one is left out. */
  readonly args: readonly string[];
}

export type Run = (invocation: Invocation) => Promise<ExitCode>;

interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  /** e.g. `<from> <to>`. */
  readonly args?: string;
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  readonly load: () => Promise<{ readonly run: Run }>;
}

const TARGET = { flags: '-t, --target <name...>', about: 'only these connections or links' };
const YES = { flags: '-y, --yes', about: 'do not ask' };
const FORCE = { flags: '--force', about: 'go on where the plan warns that much would be deleted' };

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'validate',
    about: 'check the config file and load its providers; sends no request',
    load: () => import('./commands/validate.js'),
  },
  {
    name: 'plan',
    about: 'show what apply would change; exits 2 when there are changes',
    options: [
      TARGET,
      {
        flags: '--prune <policy>',
        about: 'what may be removed or changed (default: sync)',
        choices: ['sync', 'upsert-only', 'create-only'],
      },
      { flags: '--destroy', about: 'plan the removal of everything that is ours' },
      { flags: '--dry-run', about: 'let the cloud check every creation where it can' },
      { flags: '--markdown', about: 'print the plan for a pull request' },
      { flags: '-o, --out <file>', about: 'also write the plan as JSON, for `peerway apply <file>`' },
    ],
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'apply',
    args: '[plan]',
    about: 'show the plan, ask, and carry it out on both sides',
    options: [
      TARGET,
      YES,
      FORCE,
      {
        flags: '--prune <policy>',
        about: 'what may be removed or changed (default: sync)',
        choices: ['sync', 'upsert-only', 'create-only'],
      },
    ],
    load: () => import('./commands/apply.js'),
  },
  {
    name: 'status',
    about: 'how every connection stands now, on both sides',
    load: () => import('./commands/status.js'),
  },
  {
    name: 'destroy',
    about: 'remove everything that carries the mark of this stack, and nothing else',
    options: [TARGET, YES, FORCE],
    load: () => import('./commands/destroy.js'),
  },
  {
    name: 'demo',
    about: 'see it work in seconds, on emulated clouds: no account, no network',
    load: () => import('./commands/demo.js'),
  },
  {
    name: 'emulator',
    about: 'run both emulated clouds until Ctrl-C and print how to reach them',
    options: [
      { flags: '--port <listener=port...>', about: 'fixed ports, e.g. alibaba/main=8080 baidu/bj=8081' },
      {
        flags: '--profile <name>',
        about: 'how fast and faithful the clouds behave (default: documented)',
        choices: ['instant', 'documented', 'slow', 'chaotic'],
      },
      { flags: '--seed <number>', about: 'seed of ids and jitter (default: 1)' },
    ],
    load: () => import('./commands/emulator.js'),
  },
];

export const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Parses and runs one command line. Never throws and never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  const program = newProgram(io);
  for (const spec of COMMANDS) {
    const command = program.command(spec.args === undefined ? spec.name : `${spec.name} ${spec.args}`);
    command.description(spec.about);
    for (const { flags, about, choices } of spec.options ?? []) {
      const option = new Option(flags, about);
      command.addOption(choices === undefined ? option : option.choices(choices));
    }
    command.action(async (...given: unknown[]) => {
      const flags = new Flags(command.optsWithGlobals());
      const args = given.slice(0, -2).filter((each): each is string => typeof each === 'string');
      const { Session } = await import('./session.js');
      exit = await new Session(io, flags).guard(async (session) => {
        const module = await spec.load();
        return module.run({ session, flags, args });
      });
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // help and version were asked for; anything else is a mistake that commander has explained
    return error.exitCode === 0 ? EXIT.done : EXIT.error;
  }
  return exit;
}

function newProgram(io: Io): Command {
  const program = new Command('peerway')
    .description('Joins private networks in the cloud: peerings, dedicated lines and the routes of both sides.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .option('-c, --config <file>', 'config file (default: peerway.yaml)')
    .option('--stack <name>', 'work on another stack than the file names')
    .option('--json', 'print JSON for programs')
    .option('--verbose', 'show causes and stack traces of errors')
    .addOption(
      new Option('--log-level <level>', 'requests with their ids, on standard error').choices([
        'error',
        'warn',
        'info',
        'debug',
      ]),
    )
    .showHelpAfterError('Run `peerway --help` for the commands and their options.')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .exitOverride();
  return program;
}

const EXAMPLES = `
Examples:
  peerway demo                 watch it work, no account needed
  peerway plan                 what would change; exit status 2 when there is something
  peerway apply --yes          make it so, on both sides

Exit status: 0 done or nothing to do, 1 error, 2 changes pending, 130 interrupted.`;
