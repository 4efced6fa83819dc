/** Small ways of asking that the tests share. */
import { PeerwayError } from '@peerway/core';

/** The error that the work ends with; anything but a PeerwayError is thrown on. */
export async function caught(work: Promise<unknown> | undefined): Promise<PeerwayError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PeerwayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The code that the work ends with, or `ok`. */
export async function codeOf(work: Promise<unknown> | undefined): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return error instanceof PeerwayError ? error.code : String(error);
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}
