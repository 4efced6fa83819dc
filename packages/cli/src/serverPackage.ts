/** `@peerway/server`, which the command does not come with: found where it is installed, in the folder that the command runs in or beside it. */
import { pathToFileURL } from 'node:url';
import { PeerwayError, Peerway, resolveModule, type Clock, type SharedRate } from '@peerway/runtime';
import type { Session } from './session.js';

const PACKAGE = '@peerway/server';

/** A config as it comes from the engine: its text, and what its file is called where it was read. */
interface SentConfig {
  readonly file: string;
  readonly text: string;
}

/** What runs stacks; the command hands it on and closes it. */
interface RunService {
  close(): Promise<void>;
}

/** A file of the folder of stacks that cannot be used. */
export interface LeftOut {
  readonly file: string;
  readonly message: string;
  readonly remedy: string;
}

/** As much of the package as the command uses. */
export interface ServerPackage {
  readonly StackFolder: new (
    folder: string,
    options: { readonly onProblems: (problems: readonly LeftOut[]) => void },
  ) => { list(): Promise<unknown> };
  openRuns(options: {
    readonly engine: string;
    readonly stacks: object;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly open: (config: SentConfig) => Promise<Peerway>;
  }): Promise<RunService>;
  serve(options: {
    readonly service: RunService;
    readonly tokens: string;
    readonly cwd: string;
    readonly host: string;
    readonly port: number;
    readonly behindProxy: boolean;
    readonly clock: Clock;
    readonly version: string;
    readonly log: (line: string) => void;
  }): Promise<{ readonly url: string; close(): Promise<void> }>;
  newToken(): string;
  hashOf(token: string): Buffer;
  runWorker(options: {
    readonly engine: string;
    readonly open: (config: SentConfig, sharedRate: SharedRate) => Promise<Peerway>;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
    readonly onReady: () => void;
    readonly log: (line: string) => void;
    readonly tasks?: number;
    readonly name?: string;
    readonly rates?: string;
  }): Promise<void>;
}

/** @throws PeerwayError `FailedPrecondition` where it is not installed */
export async function loadServer({ io }: Session): Promise<ServerPackage> {
  // the last: in a clone of the repository the package stands beside this one, and knows itself by its name
  const roots = [pathToFileURL(`${io.cwd}/`).href, import.meta.url, new URL('../../server/', import.meta.url).href];
  const module = resolveModule(PACKAGE, roots, io.conditions);
  if (module === undefined)
    throw new PeerwayError('FailedPrecondition', `${PACKAGE} is not installed`, {
      remedy: `Install it beside the command: npm install ${PACKAGE} (or npm install -g ${PACKAGE}).`,
    });
  return (await import(module)) as ServerPackage;
}

/** Opens configs that an engine sends, with the credentials of this environment; what they hold as a secret is masked in all output. */
export const openSent =
  (session: Session) =>
  ({ file, text }: SentConfig, sharedRate?: SharedRate): Promise<Peerway> =>
    Peerway.load(file, { ...session.loadOptions(), text, ...(sharedRate === undefined ? {} : { sharedRate }) });

/** @throws PeerwayError `InvalidArgument` without the flag and the variable */
export function engineOf({ flags, io }: Session): string {
  const engine = flags.text('engine') ?? io.env['PEERWAY_ENGINE'];
  if (engine !== undefined && engine !== '') return engine;
  throw new PeerwayError('InvalidArgument', 'No engine is named', {
    place: '--engine',
    remedy: 'Give --engine temporal://host:7233, or set PEERWAY_ENGINE.',
  });
}
