#!/usr/bin/env node
/** The command `peerway`. Imports nothing but commander until a command runs. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Io } from './terminal/io.js';
import { run } from './program.js';

export { run } from './program.js';
export type { Io, Sink } from './terminal/io.js';

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  const { processIo } = await import('./terminal/processIo.js');
  const io: Io = processIo();
  const code = await run(process.argv.slice(2), io);
  // a kept-alive socket must not hold the process, and a pipe must get its last bytes
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
