/** Evidence files as the command reads them. */
import { resolve } from 'node:path';
import { readEvidence, type Evidence } from '@peerway/parity';
import { readTextFile } from '@peerway/runtime';
import type { Session } from '../../session.js';

/** A run of every probe takes two hundred kilobytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** @throws PeerwayError for a file that is not there, too large, or something else */
export async function evidenceIn(session: Session, file: string): Promise<Evidence> {
  const text = await readTextFile(resolve(session.io.cwd, file), {
    what: 'The evidence file',
    shown: file,
    maxBytes: MAX_BYTES,
    signal: session.signal,
  });
  return readEvidence(text, file);
}
