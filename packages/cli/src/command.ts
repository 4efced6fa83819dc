/** What a command is: how the command line describes it, and what it gets when it runs. Below every command and the table of them. */
import type { ExitCode } from './exitCodes.js';
import type { Flags } from './flags.js';
import type { Session } from './session.js';

interface Invocation {
  readonly session: Session;
  readonly flags: Flags;
  /** Positional arguments; a missing optional one is left out. */
  readonly args: readonly string[];
  /** The whole command line, for commands that describe it (`completion`). */
  readonly table: CommandTable;
}

export type Run = (invocation: Invocation) => Promise<ExitCode>;

export interface CommandTable {
  readonly commands: readonly CommandSpec[];
  /** Options that every command takes. */
  readonly globals: readonly OptionSpec[];
}

export interface OptionSpec {
  /** As commander writes it, e.g. `-o, --out <file>`. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  /** e.g. `<from> <to>`. */
  readonly args?: string;
  /** What the first argument can only be, for completion. */
  readonly words?: readonly string[];
  readonly about: string;
  readonly options?: readonly OptionSpec[];
  readonly load: () => Promise<{ readonly run: Run }>;
}
