/** Writes a file whole or not at all; devices and pipes get the text as it comes. */
import { constants, openSync } from 'node:fs';
import { chmod, lstat, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';

export interface FileAccess {
  /** For the owner alone: it may hold ids, addresses and states of somebody's networks. */
  readonly internal: boolean;
}

/** @throws NodeJS.ErrnoException what the system refused; the file that was there before is then still there */
export async function writeWhole(path: string, text: string, { internal }: FileAccess): Promise<void> {
  const target = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return path;
  });
  const before = await lstat(target).catch(() => undefined);
  if (before?.isFIFO() === true) return writePipe(target, text);
  if (before !== undefined && !before.isFile() && !before.isDirectory()) {
    const device = await open(target, 'w');
    return writeAndClose(device, text);
  }
  const part = `${target}.${process.pid}.part`;
  try {
    const file = await open(part, 'wx', internal ? 0o600 : 0o666);
    await writeAndClose(file, text, { sync: true });
    if (!internal && before !== undefined) await chmod(part, before.mode & 0o777);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writeAndClose(file: FileHandle, text: string, { sync = false } = {}): Promise<void> {
  try {
    await file.writeFile(text);
    if (sync) await file.sync();
  } finally {
    await file.close();
  }
}

/** Without blocking: a pipe that nobody reads is refused (ENXIO) instead of holding this process for ever. */
async function writePipe(path: string, text: string): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: false, writable: true });
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.end(text, () => resolve());
  });
}
