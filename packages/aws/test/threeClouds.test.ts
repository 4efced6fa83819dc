/** One file, three provider lines: docs/guides/three-clouds.md as it stands is planned, applied and taken down on each of the clouds. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { VirtualClock } from '@peerway/core';
import { Sandbox } from '../../cli/test/harness.js';
import { DEMO_CLOUDS, demoEnv, networkOf } from '../../cli/src/commands/demo/demoWorld.js';
import { motoMissing } from './moto.js';
import { ACCOUNTS, endMoto, session } from './world.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const fileIn = (page: string): string =>
  /```yaml\n(version: 1\nstack: demo\n[\s\S]*?)```/.exec(readFileSync(at(page), 'utf8'))?.[1] ?? '';
const FILE = fileIn('docs/guides/three-clouds.md');

/** The file with another of its provider lines, and that cloud's ids. */
function onCloud(cloud: string, ids: { readonly web: string; readonly data: string }): string {
  const lines = FILE.split('\n').flatMap((line) => {
    const [, entry] = /^(?: {2}|# )(home: \{.*)/.exec(line) ?? [];
    if (entry !== undefined) return entry.startsWith(`home: { use: ${cloud},`) ? [`  ${entry}`] : [];
    const [, name] = /^ {2}(web|data): /.exec(line) ?? [];
    return [name === 'web' || name === 'data' ? line.replace(/id: \S+/, `id: ${ids[name]}`) : line];
  });
  return lines.join('\n');
}

/** A plan without what is each cloud's own: ids and prefixes. */
const shape = (plan: string): string[] =>
  plan
    .replaceAll(/\b(vpc|vtb|rt|rtb)-\w+/g, 'ID')
    .replaceAll(/\d+\.\d+\.\d+\.\d+\/\d+/g, 'PREFIX')
    .split('\n')
    .filter((line) => line !== '')
    .sort();

describe('the file of the guide', () => {
  afterAll(endMoto);

  async function lived(
    sandbox: Sandbox,
    config: string,
    io: { readonly env: Record<string, string>; readonly clock?: VirtualClock },
  ) {
    sandbox.write('peerway.yaml', config);
    const plan = await sandbox.run(['plan'], io);
    expect([plan.exit, plan.err]).toEqual([2, '']);
    expect(shape(plan.out)).toEqual([
      '  + peering web-data (ID → ID): it is declared and does not exist',
      '  + route PREFIX in ID (data): the way from data to web',
      '  + route PREFIX in ID (web): the way from web to data',
      'plan of stack demo: 3 to create',
      'web-data',
    ]);
    expect((await sandbox.run(['apply', '--yes'], io)).exit).toBe(0);
    expect((await sandbox.run(['plan'], io)).out).toContain('nothing to do');
    expect((await sandbox.run(['destroy', '--yes'], io)).exit).toBe(0);
    await sandbox.close();
  }

  it.each(['alibaba', 'baidu'] as const)('on %s', async (cloud) => {
    const sandbox = await Sandbox.open();
    const { world, homeRegion } = DEMO_CLOUDS[cloud];
    const idOf = (name: string): string => networkOf(world, name, 'a', homeRegion);
    const config = onCloud(cloud, { web: idOf('web'), data: idOf('data') });
    await lived(sandbox, config, { env: { ...sandbox.env, ...demoEnv(cloud, sandbox.emulator) } });
  });

  (motoMissing === undefined ? it : it.skip)('on the third', async () => {
    const moto = await session();
    const sandbox = await Sandbox.open();
    const network = (cidr: string): Promise<string> => moto.addNetwork('a', 'us-east-1', [cidr]);
    const config = onCloud('aws', { web: await network('10.0.0.0/16'), data: await network('10.1.0.0/16') });
    const source = JSON.stringify(relative(sandbox.folder, at('packages/aws/src/index.ts')));
    const { accessKeyId, secretAccessKey } = ACCOUNTS.a;
    await lived(sandbox, config.replace('use: aws', `use: ${source}`), {
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        PEERWAY_ENDPOINT_HOME: moto.proxy.url,
      },
      clock: moto.clock,
    });
    await moto.close();
  });

  it('stands in the README as well', () => {
    expect(fileIn('README.md')).toBe(FILE);
    expect(FILE).toMatch(/^ {2}home: /m);
  });
});
