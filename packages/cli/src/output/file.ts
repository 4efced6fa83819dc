/** Where a command's result goes: standard output, or a file named with --out. */
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PeerwayError, printable } from '@peerway/runtime';
import type { Session } from '../session.js';
import { writeWhole, type FileAccess } from './writeWhole.js';

/** Writes the text to `out`, or prints it. @throws PeerwayError as `writeText` */
export async function deliver(
  session: Session,
  text: string,
  out: string | undefined,
  access: FileAccess,
): Promise<void> {
  if (out === undefined) session.print(text.trimEnd());
  else await writeText(session, out, text, access);
}

/** @throws PeerwayError `InvalidArgument` when it cannot be written; what was there before is then still there */
export const writeText = (session: Session, file: string, text: string, access: FileAccess): Promise<void> =>
  writeAsIs(session, file, session.redactor.redact(text), access);

/** Text that names the variables of secrets on purpose, and holds no secret. @throws as `writeText` */
export async function writeAsIs(session: Session, file: string, text: string, access: FileAccess): Promise<void> {
  try {
    await writeWhole(resolve(session.io.cwd, file), printable(text), access);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new PeerwayError('InvalidArgument', `The file cannot be written (${reason})`, {
      place: file,
      remedy: 'Name a file in a folder that exists and may be written to, on a disk that is not full.',
    });
  }
}

/** True when there is anything of that name. */
export const isThere = (session: Session, file: string): Promise<boolean> =>
  lstat(resolve(session.io.cwd, file)).then(
    () => true,
    () => false,
  );

/** @throws PeerwayError `AlreadyExists` when there is anything of that name */
export async function requireAbsent(session: Session, file: string): Promise<void> {
  if (!(await isThere(session, file))) return;
  throw new PeerwayError('AlreadyExists', `${file} exists already`, {
    place: file,
    remedy: 'Remove it first, or name another with --config.',
  });
}
