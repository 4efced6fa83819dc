/** Where a command's result goes: standard output, or a file named with --out. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PeerwayError } from '@peerway/runtime';
import type { Session } from '../session.js';

/** Writes the text to `out`, or prints it. @throws PeerwayError `InvalidArgument` when the file cannot be written */
export async function deliver(session: Session, text: string, out: string | undefined): Promise<void> {
  if (out === undefined) session.print(text.trimEnd());
  else await writeText(session, out, text);
}

export async function writeText(
  session: Session,
  file: string,
  text: string,
  options: { readonly keep?: boolean } = {},
): Promise<void> {
  try {
    await writeFile(resolve(session.io.cwd, file), session.redactor.redact(text), {
      flag: options.keep === true ? 'wx' : 'w',
    });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    if (reason === 'EEXIST') {
      throw new PeerwayError('AlreadyExists', `${file} exists already`, {
        place: file,
        remedy: 'Remove it first, or name another file.',
      });
    }
    throw new PeerwayError('InvalidArgument', `The file cannot be written (${reason})`, {
      place: file,
      remedy: 'Name a file in a folder that exists and may be written to.',
    });
  }
}
