/** Library surface of the `peerway` package: the whole runtime, and the command line as a function. */
export * from '@peerway/runtime';
export { run } from './program.js';
export type { Io, Sink } from './terminal/io.js';
export { EXIT } from './exitCodes.js';
export type { ExitCode } from './exitCodes.js';
