/** Which stack a command means on a server: the one of --stack, else the one that the config file here declares. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { glanceAtConfig, MAX_CONFIG_BYTES, PeerwayError, readTextFile } from '@peerway/runtime';
import type { Session } from '../session.js';

export interface MeantStack {
  readonly stack: string;
  /** SHA-256 of the file here: the server refuses when its own is another. Absent with --stack. */
  readonly digest?: string;
}

/** Reads the text of the config file and no variable. @throws PeerwayError without --stack and a file that declares one */
export async function meantStack(session: Session): Promise<MeantStack> {
  const named = session.flags.text('stack');
  if (named !== undefined) return { stack: named };
  const { configFile: shown, io, signal } = session;
  const text = await readTextFile(resolve(io.cwd, shown), {
    maxBytes: MAX_CONFIG_BYTES,
    shown,
    what: 'The config file',
    signal,
  });
  const { stack } = glanceAtConfig(text);
  if (stack !== undefined) return { stack, digest: createHash('sha256').update(text).digest('hex') };
  throw new PeerwayError('InvalidArgument', 'The file declares no stack by its name', {
    place: shown,
    remedy: 'Name the stack on the server with --stack.',
  });
}
