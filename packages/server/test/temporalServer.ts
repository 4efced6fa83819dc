/** A development server of Temporal on a free port of this machine, with a store in memory; ends with the tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The program: built by scripts/temporal-server.sh, else on the PATH; undefined where there is none. */
const program = [join(root, '.witnesses/temporal'), ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, 'temporal'))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Why the tests on Temporal are skipped; undefined where they are not. */
export const temporalMissing =
  program === undefined ? 'no temporal on this machine: run scripts/temporal-server.sh' : undefined;

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class TemporalServer {
  #child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly more: readonly string[],
  ) {}

  /** As `--engine` has it. */
  get engine(): string {
    return `temporal://127.0.0.1:${this.port}`;
  }

  /** Of its process; undefined while it is stopped. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @param more arguments, e.g. for a store that outlives the process */
  static async start(...more: readonly string[]): Promise<TemporalServer> {
    const server = new TemporalServer(await freePort(), more);
    process.once('exit', () => server.#child?.kill('SIGKILL'));
    await server.open();
    return server;
  }

  /** Starts it, or starts it again. */
  async open(): Promise<void> {
    if (program === undefined) throw new Error(temporalMissing);
    const args = ['--ip', '127.0.0.1', '--port', String(this.port), '--headless', '--log-level', 'never'];
    const child = spawn(program, ['server', 'start-dev', ...args, ...this.more], { stdio: 'ignore' });
    this.#child = child;
    for (let tries = 0; ; tries++) {
      try {
        const connection = await Connection.connect({ address: `127.0.0.1:${this.port}`, connectTimeout: 2_000 });
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        await connection.close();
        return;
      } catch (error) {
        if (tries > 100 || child.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}
