// A process of its own for the bench: `emulator` or `bare` (a node:http server that answers as much without doing anything).
// Prints one JSON line when it is up: milliseconds since the process began, and where it listens.
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';

async function emulator() {
  const { Emulator } = await import('../dist/index.js');
  const { alibaba, baidu } = await Emulator.start({ seed: 1 });
  return { alibaba: alibaba.endpoint, baidu: baidu.endpoint('bj') };
}

async function bare() {
  const answer = JSON.stringify({ filler: 'x'.repeat(1_500) });
  const server = createServer((incoming, outgoing) => {
    incoming
      .on('data', () => undefined)
      .on('end', () => outgoing.writeHead(200, { 'content-length': answer.length }).end(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { bare: `http://127.0.0.1:${server.address().port}` };
}

const endpoints = await (process.argv[2] === 'bare' ? bare() : emulator());
console.log(JSON.stringify({ readyMs: performance.now(), endpoints }));
// idle memory is asked for once things have settled
process.on('message', () => process.send({ rssMb: process.memoryUsage().rss / 1024 / 1024 }));
