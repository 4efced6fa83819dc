/** `peerway serve` as it is started: a token is made, written into the file, used, and everything ends with Ctrl-C. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from 'peerway';
import { EmulatedStacks } from './emulatedStacks.js';

/** The package is found from here, as in a folder where it is installed. */
const cwd = fileURLToPath(new URL('..', import.meta.url));

let folder: string;
let stacks: EmulatedStacks;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peerway-serve-'));
  stacks = await EmulatedStacks.start();
  mkdirSync(join(folder, 'stacks'));
  writeFileSync(join(folder, 'stacks/shop.yaml'), stacks.declare('shop').text);
});
afterEach(async () => {
  await stacks.close();
  rmSync(folder, { recursive: true });
});

function start(argv: readonly string[], signal?: AbortSignal) {
  const said = { out: '', err: '' };
  const exit = run(['serve', ...argv], {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    env: { ...stacks.options.env, PEERWAY_ENGINE: 'local' },
    conditions: ['@peerway/source'],
    cwd,
    ...(signal === undefined ? {} : { signal }),
  });
  return { said, exit };
}

const options = (): string[] => ['--stacks', join(folder, 'stacks'), '--tokens', join(folder, 'tokens.yaml')];

describe('peerway serve', () => {
  it('makes a token, knows it by the lines that it prints, and serves until Ctrl-C', async () => {
    const made = start(['--new-token', 'deploy-bot']);
    expect(await made.exit).toBe(0);
    const token = made.said.out.trim();
    expect(token).toMatch(/^pwt_[\w-]{43}$/);
    const lines = made.said.err.slice(made.said.err.indexOf('  - name:'));
    expect(lines).not.toContain(token);
    writeFileSync(join(folder, 'tokens.yaml'), `version: 1\ntokens:\n${lines}`);

    const interruption = new AbortController();
    const { said, exit } = start([...options(), '--listen', '127.0.0.1:0'], interruption.signal);
    let url: string | undefined;
    while (url === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      url = /Serves (\S+) until/.exec(said.err)?.[1];
    }
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const answer = await fetch(`${url}/v1/stacks`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ stacks: [{ name: 'shop' }] });
    interruption.abort();
    expect(await exit).toBe(0);
    expect(said.err).toContain('"by":"deploy-bot"');
    expect(said.err).not.toContain(token);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('says what is missing or wrong before it listens', async () => {
    const err = async (...argv: string[]): Promise<string> => {
      const { said, exit } = start(argv);
      expect(await exit).toBe(1);
      return said.err;
    };
    expect(await err()).toContain('--stacks');
    expect(await err('--stacks', folder)).toContain('--new-token');
    expect(await err(...options())).toContain('tokens.yaml');
    writeFileSync(join(folder, 'tokens.yaml'), 'version: 1\ntokens: []\n');
    expect(await err(...options(), '--listen', 'nowhere')).toContain('127.0.0.1:8090');
    expect(await err(...options(), '--listen', '192.0.2.1:0')).toContain('Nothing can listen there');
    expect(await err('--new-token', 'a b')).toContain('--new-token');
  });
});
