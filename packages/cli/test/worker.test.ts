/** `peerway worker` and the package that it needs. That it says how to install it is in scripts/packed.mjs: in a clone it is always found. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Workspace } from './harness.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace.remove());

/** A package of that name which prints what it is asked for. */
function install(): void {
  mkdirSync(join(workspace.folder, 'node_modules/@peerway/server'), { recursive: true });
  const at = (name: string): string => `node_modules/@peerway/server/${name}`;
  workspace.write(at('package.json'), '{ "name": "@peerway/server", "type": "module", "exports": "./index.js" }');
  workspace.write(
    at('index.js'),
    `export async function runWorker({ engine, tasks, open, onReady, log }) {
      onReady();
      log(\`\${engine} \${tasks}\`);
      const text = 'version: 1\\nstack: shop\\nproviders: { x: { use: ./none.js, region: r } }\\nnetworks: { n: { provider: x, id: i } }\\n';
      await open({ file: 'shop.yaml', text });
    }`,
  );
}

describe('peerway worker', () => {
  it('wants to know its engine, and a sensible number of tasks', async () => {
    expect((await workspace.peerway(['worker'])).err).toContain('PEERWAY_ENGINE');
    const { exit, err } = await workspace.peerway(['worker', '--engine', 'temporal://x', '--tasks', '0']);
    expect(exit).toBe(1);
    expect(err).toContain('--tasks');
  });

  it('runs the package that is installed where it is started, and opens configs by their text', async () => {
    install();
    const { exit, err } = await workspace.peerway(['worker', '--tasks', '7'], {
      env: { PEERWAY_ENGINE: 'temporal://there:7233/ns' },
    });
    expect(err).toContain('Takes tasks from temporal://there:7233/ns');
    expect(err).toContain('temporal://there:7233/ns 7');
    // the text was read, and its provider is not there
    expect(err).toContain('there is no provider "./none.js"');
    expect(exit).toBe(1);
  });
});
