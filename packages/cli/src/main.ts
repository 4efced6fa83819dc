#!/usr/bin/env node
/** The command `peerway`. Imports nothing but commander until a command runs. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT } from './exitCodes.js';
import { run } from './program.js';

export { run } from './program.js';
export type { Io, Sink } from './terminal/io.js';

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  const { processIo } = await import('./terminal/processIo.js');
  const io = processIo();
  const code = await run(process.argv.slice(2), io);
  const failure = await io.delivered();
  // who hangs up knows it; anything else is news
  if (failure !== undefined && failure !== 'EPIPE')
    io.stderr.write(`error: The output cannot be written (${failure})\n`);
  const undelivered = failure !== undefined && (code === EXIT.done || code === EXIT.pending);
  await io.delivered();
  // a kept-alive socket must not hold the process
  process.exit(undelivered ? EXIT.error : code);
}
