/** moto's EC2 and STS, a server that nobody here wrote (PyPI `moto`, pinned in scripts/python-venv.sh): one process per test file. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../.venv/bin/moto_server', import.meta.url));

/** Why moto cannot be started here; undefined when it can. */
export const motoMissing = existsSync(PROGRAM) ? undefined : 'no moto in .venv: run scripts/python-venv.sh first';

if (motoMissing !== undefined) process.stderr.write(`skipped: AWS against moto: ${motoMissing}\n`);

/**
 * Ends with this process, however it ends: nobody writes to its standard input, which closes then. Its folders and the methods of its
 * classes stay as they are while it runs; it looks through both for each request, a third of its time. Connections stay open (HTTP/1.1),
 * without the delay of small packets, and nothing is written down of a request: as it comes, each has a connection and a thread of its own.
 */
const SERVE = `
import functools, os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto import backends
from moto.core import responses
from moto.server import main
from werkzeug import serving
folders = list(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: folders
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
class NothingLeft:
    register = close = lambda *_: None
    select = lambda *_, timeout: []
serving.selectors.DefaultSelector = NothingLeft
handler = serving.WSGIRequestHandler
handler.protocol_version = 'HTTP/1.1'
handler.disable_nagle_algorithm = True
handler.log_request = lambda *_: None
send_header = handler.send_header
handler.send_header = lambda self, name, value: name == 'Connection' or send_header(self, name, value)
main(sys.argv[1:])
`;

export interface Moto {
  readonly url: string;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(PYTHON, ['-c', SERVE, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
  });
  await untilReady(server, `${url}/moto-api/data.json`);
  return {
    url,
    reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: 'POST' })),
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    },
  };
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (server.exitCode !== null) throw new Error(`moto ended with ${server.exitCode}`);
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill();
  throw new Error('moto did not answer within five minutes');
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
