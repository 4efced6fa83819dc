/** One run of one command: its output (secrets masked), its log, the loaded config, and the one place where errors become an exit status. */
import {
  isPeerwayError,
  Peerway,
  prepare,
  Redactor,
  systemClock,
  type LoadOptions,
  type Prepared,
} from '@peerway/runtime';
import { EXIT, type ExitCode } from './exitCodes.js';
import type { Flags } from './flags.js';
import type { Io } from './terminal/io.js';
import { renderError, renderErrorJson } from './terminal/errorText.js';
import { RequestLog } from './terminal/requestLog.js';
import { newPaint, type Paint } from './terminal/paint.js';

export class Session {
  readonly redactor = new Redactor();
  readonly paint: Paint;
  readonly json: boolean;
  readonly configFile: string;
  readonly #verbose: boolean;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(
    readonly io: Io,
    readonly flags: Flags,
  ) {
    this.json = flags.is('json');
    this.#verbose = flags.is('verbose');
    this.configFile = flags.text('config') ?? 'peerway.yaml';
    this.paint = newPaint(io.env, io.stdout);
  }

  /** Never aborted when nobody can interrupt. */
  get signal(): AbortSignal {
    return this.io.signal ?? new AbortController().signal;
  }

  /** Ends what would go on for ever: Ctrl-C, or nobody reads any more. */
  get watchSignal(): AbortSignal {
    const { readerGone } = this.io;
    return readerGone === undefined ? this.signal : AbortSignal.any([this.signal, readerGone]);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return (this.io.clock ?? systemClock).now();
  }

  /** A line for people or programs on standard output. */
  print(text: string): void {
    this.io.stdout.write(`${this.redactor.redact(text)}\n`);
  }

  /** Text that shows keys on purpose (the emulator's own) or their variables; nothing of a user's may be in it. */
  printAsIs(text: string): void {
    this.io.stdout.write(`${text}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** A note for people on standard error: it must not get into what is piped on. */
  note(text: string): void {
    this.io.stderr.write(`${this.redactor.redact(text)}\n`);
  }

  loadOptions(): LoadOptions {
    const { env, cwd, clock, random, conditions } = this.io;
    const level = this.flags.text('logLevel');
    const stack = this.flags.text('stack');
    return {
      env,
      cwd,
      redactor: this.redactor,
      roots: [import.meta.url],
      ...(clock === undefined ? {} : { clock }),
      ...(random === undefined ? {} : { random }),
      ...(conditions === undefined ? {} : { conditions }),
      ...(stack === undefined ? {} : { stack }),
      ...(level === 'warn' || level === 'info' || level === 'debug'
        ? { observer: new RequestLog(level, (line) => this.note(line)) }
        : {}),
    };
  }

  /** The config file, wired; closed when the command ends. */
  async load(): Promise<Peerway> {
    const peerway = await Peerway.load(this.configFile, this.loadOptions());
    this.#closing.push(() => peerway.close());
    return peerway;
  }

  /** The config file checked, without drivers. */
  prepare(): Promise<Prepared> {
    return prepare(this.configFile, this.loadOptions());
  }

  /** Runs when the command ends, last one first. */
  onEnd(work: () => Promise<void>): void {
    this.#closing.push(work);
  }

  /** Runs a command; whatever it throws is shown once and becomes the exit status. */
  async guard(work: (session: Session) => Promise<ExitCode>): Promise<ExitCode> {
    try {
      if (this.signal.aborted) return this.#interrupted();
      return await work(this);
    } catch (error) {
      if (this.signal.aborted && (isPeerwayError(error, 'Canceled') || !isPeerwayError(error)))
        return this.#interrupted();
      this.fail(error);
      return EXIT.error;
    } finally {
      for (const close of this.#closing.reverse()) await close().catch(() => undefined);
    }
  }

  #interrupted(): ExitCode {
    this.note('Interrupted. Nothing more was started; run the same command again to go on.');
    return EXIT.interrupted;
  }

  /** Shows an error without ending the command. */
  fail(error: unknown): void {
    this.note(
      this.json
        ? renderErrorJson(error, { verbose: this.#verbose })
        : renderError(error, { verbose: this.#verbose, paint: newPaint(this.io.env, this.io.stderr) }),
    );
  }
}
