/** Parses one command line and runs its command. Imports commander alone: `--help` and a typing mistake cost next to nothing. */
import { Command, CommanderError, Option } from 'commander';
import type { CommandSpec, CommandTable, OptionSpec } from './command.js';
import { COMMANDS, GLOBAL_OPTIONS } from './commandTable.js';
import { EXIT, type ExitCode } from './exitCodes.js';
import { Flags } from './flags.js';
import type { Io } from './terminal/io.js';
import { version } from './version.js';

const TABLE: CommandTable = { commands: COMMANDS, globals: GLOBAL_OPTIONS };

/** Parses and runs one command line. Never throws for what a user did, and never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  let mistake = '';
  const { columns } = io.stderr;
  const stderr = { write: (text: string) => (mistake += text), ...(columns === undefined ? {} : { columns }) };
  const program = programOf({ stdout: io.stdout, stderr }, async (spec, flags, args) => {
    const { Session } = await import('./session.js');
    exit = await new Session(io, flags).guard(async (session) => {
      const module = await spec.load();
      return module.run({ session, flags, args, table: TABLE });
    });
  });
  try {
    await program.parseAsync(withoutHelp(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    io.stderr.write(await harmless(mistake));
    // help and version were asked for; anything else is a mistake that commander has explained
    return error.exitCode === 0 ? EXIT.done : EXIT.error;
  }
  return exit;
}

/** `help` before a name that is no command: commander would print all of its help and no word about the name. */
const withoutHelp = ([first, ...rest]: readonly string[]): readonly string[] =>
  first === 'help' && rest[0] !== undefined && !COMMANDS.some(({ name }) => name === rest[0])
    ? rest
    : [first ?? [], rest].flat();

/** Commander quotes what it was given. The sanitiser needs the whole runtime, so that it is loaded only for what it would change. */
async function harmless(mistake: string): Promise<string> {
  if (/^[\n -~]*$/.test(mistake)) return mistake;
  const { terminalText } = await import('./terminal/sanitise.js');
  return terminalText(mistake, false);
}

/** The command line; `perform` gets what was understood. Throws CommanderError from its parse instead of ending the process. */
export function programOf(
  io: Pick<Io, 'stdout' | 'stderr'>,
  perform: (spec: CommandSpec, flags: Flags, args: readonly string[]) => Promise<void>,
): Command {
  const program = newProgram(io);
  for (const spec of COMMANDS) {
    const command = program.command(spec.args === undefined ? spec.name : `${spec.name} ${spec.args}`);
    command.description(spec.about).showHelpAfterError(`Run \`peerway ${spec.name} --help\` for its options.`);
    for (const option of spec.options ?? []) command.addOption(optionOf(option));
    command.action((...given: unknown[]) => {
      // commander gives the arguments, a list for the variadic one, then the options and the command itself
      const args = given
        .slice(0, -2)
        .flat()
        .filter((each): each is string => typeof each === 'string');
      return perform(spec, new Flags(command.optsWithGlobals()), args);
    });
  }
  return program;
}

const optionOf = ({ flags, about, choices }: OptionSpec): Option => {
  const option = new Option(flags, about);
  return choices === undefined ? option : option.choices(choices);
};

function newProgram(io: Pick<Io, 'stdout' | 'stderr'>): Command {
  const program = new Command('peerway')
    .description('Joins private networks in the cloud: peerings, dedicated lines and the routes of both sides.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showHelpAfterError('Run `peerway --help` for the commands and their options.')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .exitOverride();
  for (const option of GLOBAL_OPTIONS) program.addOption(optionOf(option));
  return program;
}

const EXAMPLES = `
Examples:
  peerway demo                 watch it work, no account needed
  peerway init                 write a config file for your account
  peerway plan                 what would change; exit status 2 when there is something
  peerway apply --yes          make it so, on both sides
  peerway verify web data      can they reach each other, and if not, why

Exit status: 0 done or nothing to do, 1 error, 2 changes pending, 130 interrupted.`;
