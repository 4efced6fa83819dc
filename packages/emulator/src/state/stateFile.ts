/**
 * A state on disk, so that an emulated world outlives the process (`--state file`). Written whole or not at all; a file
 * that this release cannot use is refused with one sentence and left alone.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Emulator, EmulatorState } from '../emulator.js';
import { object, text } from './shape.js';
import { STATE_SHAPE } from './stateShape.js';

/** What the file says it is; stands first in it. */
const FORMAT = 'peerway-emulator-state';

/** The file cannot be used. The message names the file, what is wrong and what to do. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}: ${problem}. Move it away to begin with a new world, or name another file.`);
    this.file = file;
  }
}

/** Reads a saved state; undefined when there is no such file. Throws StateFileError for one that cannot be used. */
export function readState(file: string): EmulatorState | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StateFileError(file, `cannot be read (${code})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new StateFileError(file, content.trim() === '' ? 'is empty' : 'is not JSON, or was cut off');
  }
  const complaint = object({ format: text, state: STATE_SHAPE })(value, 'file');
  const { format, state } = value as { readonly format?: unknown; readonly state: EmulatorState };
  if (complaint !== undefined || format !== FORMAT) {
    throw new StateFileError(file, complaint ?? `is not a state of this emulator (format ${JSON.stringify(format)})`);
  }
  return state;
}

/** Writes the emulator's state: to a file beside it first, which then takes its place. Throws StateFileError. */
export function writeState(file: string, emulator: Emulator): void {
  const beside = `${file}.${String(process.pid)}.tmp`;
  try {
    const handle = openSync(beside, 'w', 0o600);
    try {
      writeFileSync(handle, `${JSON.stringify({ format: FORMAT, state: emulator.snapshot() })}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new StateFileError(file, `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/**
 * Loads the file into the emulator when there is one, all or nothing. Gives whether there was one. Throws StateFileError,
 * with the emulator as it was.
 */
export function loadState(file: string, emulator: Emulator): boolean {
  const state = readState(file);
  if (state === undefined) return false;
  try {
    emulator.restore(state);
  } catch (error) {
    throw new StateFileError(file, error instanceof Error ? error.message : String(error));
  }
  return true;
}
