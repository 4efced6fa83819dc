/** Runs the real command line in this process: every test goes through `run(argv, io)`, the function that the binary calls. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Io } from '../src/main.js';

export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'peerway-cli-'));

  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async peerway(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
    let out = '';
    let err = '';
    const exit = await run(argv, {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      env: {},
      cwd: this.folder,
      conditions: ['@peerway/source'],
      ...io,
    });
    return { exit, out, err };
  }
}
