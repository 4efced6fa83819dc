/** A worker as a process of its own, from the sources: `node workerProcess.mjs ENGINE`; says `ready` when it takes tasks. */
import { runTypeScript } from '../../../scripts/typescript/run.mjs';

runTypeScript();
const { runWorker } = await import('@peerway/server');
const { Peerway } = await import('@peerway/runtime');
const [engine] = process.argv.slice(2);
const open = ({ file, text }) =>
  Peerway.load(file, { text, roots: [import.meta.url], conditions: ['@peerway/source'] });
await runWorker({
  engine,
  open,
  env: process.env,
  signal: new AbortController().signal,
  onReady: () => console.log('ready'),
  log: (line) => console.error(line),
});
