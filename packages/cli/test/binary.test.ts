/** The built program as a process: start-up, pipes and signals. Needs `npm run build`; skipped with a reason where there is none. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Workbench } from './harness.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const built = existsSync(MAIN);
if (!built) console.log('skipped: packages/cli/dist/main.js is not built; run `npm run build` first');

const bench = new Workbench();
afterAll(() => bench.remove());
const env = { PATH: process.env['PATH'] };

const node = (args: readonly string[], shell?: string): { status: number | null; stdout: string; stderr: string } =>
  shell === undefined
    ? spawnSync(process.execPath, [...args], { cwd: bench.folder, env, encoding: 'utf8' })
    : spawnSync('bash', ['--norc', '-o', 'pipefail', '-c', shell], { cwd: bench.folder, env, encoding: 'utf8' });

(built ? describe : describe.skip)('the built program', () => {
  it('helps at once: nothing but commander is imported for it', () => {
    const hooks = `export async function load(url, context, next) { process._rawDebug('LOADED ' + url); return next(url, context); }`;
    const register = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));`;
    const { status, stdout, stderr } = node([
      '--import',
      `data:text/javascript,${encodeURIComponent(register)}`,
      MAIN,
      '--help',
    ]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: peerway')]);
    const loaded = [...stderr.matchAll(/^LOADED file:\/\/(.*)$/gm)].map((match) => match[1]!);
    expect(loaded.length).toBeGreaterThan(3);
    const ours = loaded
      .filter((file) => !file.includes('/node_modules/commander/'))
      .map((file) => file.replace(/.*\/cli\/dist\//, ''));
    expect(ours.sort()).toEqual([
      'commandTable.js',
      'exitCodes.js',
      'flags.js',
      'main.js',
      'processIo.js',
      'program.js',
    ]);
  });

  it('reports a mistake with exit status 1 and no stack trace', () => {
    bench.write('peerway.yaml', 'version: 1\nstack: Shop\nproviders: {}\nnetworks: {}\n');
    const { status, stdout, stderr } = node([MAIN, 'plan']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')[1]).toBe('   at: peerway.yaml:2:8 (stack)');
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });

  it('survives a reader that hangs up', () => {
    const { status, stderr } = node([], `'${process.execPath}' '${MAIN}' schema | head -1`);
    expect([status, stderr]).toEqual([0, '']);
    const help = node([], `'${process.execPath}' '${MAIN}' providers | true`);
    expect([help.status, help.stderr]).toEqual([0, '']);
  });

  it('runs the emulator until Ctrl-C', async () => {
    const child = spawn(process.execPath, [MAIN, 'emulator', '--json'], { cwd: bench.folder, env });
    let out = '';
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', resolve);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.endsWith('\n')) child.kill('SIGINT');
      });
    });
    expect(status).toBe(0);
    const { endpoints } = JSON.parse(out) as { endpoints: Record<string, string> };
    expect(Object.keys(endpoints).sort()).toEqual(['alibaba/main', 'baidu/bj', 'baidu/gz']);
  });
});
