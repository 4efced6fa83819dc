/** The pipelines that users copy: their shell lines, run as the hosts run them (bash -e), with a `peerway` that ends as it may. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';

const PIPELINES = fileURLToPath(new URL('../examples/pipelines/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'peerway-pipeline-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines of the step of that name. */
function scriptOf(pipeline: string, step: string): string {
  const text = readFileSync(join(PIPELINES, pipeline), 'utf8');
  const [, lines = ''] = new RegExp(`- name: ${step}\\n +run: \\|\\n((?: {10}.*\\n)+)`).exec(text) ?? [];
  return lines.replaceAll(/^ {10}/gm, '');
}

/** Runs a step with an `npx` that prints and ends as told, and a `gh` that notes what it is called with. */
function run(script: string, peerway: { readonly prints: string; readonly exit: number }) {
  const program = (name: string, body: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program('npx', `printf '%s' '${peerway.prints}'; echo "npx $*" >> calls; exit ${String(peerway.exit)}`);
  program('gh', 'echo "gh $*" >> calls');
  for (const file of ['calls', 'summary']) writeFileSync(join(folder, file), '');
  const { status } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, GITHUB_STEP_SUMMARY: 'summary', PULL_REQUEST: 'url' },
  });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return { status, calls: read('calls').trim().split('\n'), summary: read('summary') };
}

describe('the pipeline of pull requests', () => {
  const script = scriptOf('plan.yml', 'plan');
  const comment = 'gh pr comment url --body-file plan.md --edit-last --create-if-none';

  it.each([
    ['nothing to do', { prints: '## Plan', exit: 0 }, 0],
    ['changes', { prints: '## Plan', exit: 2 }, 0],
    ['errors in the plan', { prints: '## Plan', exit: 1 }, 1],
  ])('%s: the plan is commented, and the job ends so', (_what, peerway, status) => {
    const ended = run(script, peerway);
    expect(ended).toEqual({ status, calls: ['npx peerway plan --markdown', comment], summary: '## Plan' });
  });

  it('an error before there is a plan fails the job without a comment', () => {
    expect(run(script, { prints: '', exit: 1 })).toEqual({
      status: 1,
      calls: ['npx peerway plan --markdown'],
      summary: '',
    });
  });

  it('applies what was merged', () => {
    const apply = scriptOf('plan.yml', 'apply');
    expect(run(apply, { prints: '', exit: 0 })).toMatchObject({ status: 0, calls: ['npx peerway apply --yes'] });
    expect(run(apply, { prints: '', exit: 1 }).status).toBe(1);
  });
});

describe('the pipeline of every morning', () => {
  const script = scriptOf('drift.yml', 'drift');

  it.each([
    [0, 0],
    [2, 1],
    [1, 1],
  ])('drift that ends with %i ends the job with %i, and its words are in the summary', (exit, status) => {
    const ended = run(script, { prints: 'route-missing\n', exit });
    expect(ended).toEqual({ status, calls: ['npx peerway drift'], summary: '```text\nroute-missing\n```\n' });
  });
});
