/** A PostgreSQL of its own on a free port of this machine, in a temporary folder; ends with the tests. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './temporalServer.js';

/** Why tests on PostgreSQL are skipped; undefined where they are not. */
export const postgresMissing =
  spawnSync('postgres', ['--version']).status === 0 && spawnSync('initdb', ['--version']).status === 0
    ? undefined
    : 'no postgres on this machine';

/** PostgreSQL does not run as root: then as nobody. */
const NOBODY = 65_534;
const who = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export class PostgresServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'peerway-postgres-'));
  #child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  get url(): string {
    return `postgres://tester@127.0.0.1:${this.port}/postgres`;
  }

  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(await freePort());
    process.once('exit', () => server.#child?.kill('SIGQUIT'));
    const folder = server.#folder;
    if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
    const made = spawnSync('initdb', ['-D', join(folder, 'data'), '-U', 'tester', '-A', 'trust', '--no-sync'], {
      ...who,
      cwd: folder,
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr.toString()}`);
    await server.open();
    return server;
  }

  /** Starts it, or starts it again. */
  async open(): Promise<void> {
    const folder = this.#folder;
    const args = [
      '-D',
      join(folder, 'data'),
      '-p',
      String(this.port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
    ];
    const child = spawn('postgres', [...args, '-c', 'fsync=off'], {
      ...who,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        if (said.includes('ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(said)));
    });
  }

  /** Ends it, its folder stays. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGQUIT');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
