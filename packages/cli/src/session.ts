/** One run of one command: its output (secrets masked), its log, the loaded config, and the one place where errors become an exit status. */
import {
  isPeerwayError,
  Peerway,
  PeerwayError,
  prepare,
  Redactor,
  systemClock,
  type Clock,
  type LoadOptions,
  type Prepared,
} from '@peerway/runtime';
import { EXIT, type ExitCode } from './exitCodes.js';
import type { Flags } from './flags.js';
import type { Io } from './terminal/io.js';
import { renderError, renderErrorJson } from './terminal/errorText.js';
import { OWN_PROVIDERS } from './ownProviders.js';
import { RequestLog } from './terminal/requestLog.js';
import { newPaint, type Paint } from './terminal/paint.js';
import { terminalText } from './terminal/sanitise.js';

export class Session {
  readonly redactor = new Redactor();
  readonly paint: Paint;
  readonly #errorPaint: Paint;
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
    this.#errorPaint = newPaint(io.env, io.stderr);
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
    return this.clock.now();
  }

  get clock(): Clock {
    return this.io.clock ?? systemClock;
  }

  /** A line for people or programs on standard output. */
  print(text: string): void {
    this.io.stdout.write(`${this.shown(text)}\n`);
  }

  /** The text as standard output may have it: secrets masked, and nothing in it that steers a terminal but our colours. */
  shown(text: string): string {
    return terminalText(this.redactor.redact(text), this.paint.isColorSupported);
  }

  /** Text that shows keys on purpose (the emulator's own) or their variables; nothing of a user's may be in it. */
  printAsIs(text: string): void {
    this.io.stdout.write(`${terminalText(text, this.paint.isColorSupported)}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** A note for people on standard error: it must not get into what is piped on. */
  note(text: string): void {
    this.io.stderr.write(`${terminalText(this.redactor.redact(text), this.#errorPaint.isColorSupported)}\n`);
  }

  loadOptions(): LoadOptions {
    const { env, cwd, clock, random, conditions } = this.io;
    const level = this.flags.text('logLevel');
    const stack = this.flags.text('stack');
    return {
      env,
      cwd,
      redactor: this.redactor,
      signal: this.signal,
      roots: [import.meta.url],
      own: OWN_PROVIDERS,
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
  async load(options: Pick<LoadOptions, 'networksLater'> = {}): Promise<Peerway> {
    return this.#interruptible(
      Peerway.load(this.configFile, { ...this.loadOptions(), ...options }).then((peerway) => {
        this.#closing.push(() => peerway.close());
        return peerway;
      }),
    );
  }

  /** The config file checked, without drivers. */
  prepare(): Promise<Prepared> {
    return this.#interruptible(prepare(this.configFile, this.loadOptions()));
  }

  /** Left behind when the signal comes: neither the import of a provider nor a file of a dead network disk can be stopped. */
  async #interruptible<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(new PeerwayError('Canceled', 'Stopped while the config file was read'));
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
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
        : renderError(error, { verbose: this.#verbose, paint: this.#errorPaint }),
    );
  }
}
