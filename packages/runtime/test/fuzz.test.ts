/**
 * Any text as a config file: it is read, or refused with placed problems in our words; never a defect, never a key, never more than
 * the bounds. `node packages/runtime/bench/fuzzConfig.mjs` does it 100,000 times; PEERWAY_FUZZ_SEED repeats one run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, it } from '@jest/globals';
import { isConfigError, isPeerwayError, prepare, printable, Redactor } from '@peerway/runtime';
import { CANARY, drawConfig } from './configFuzz.js';
import { fakePlugin } from './fakePlugin.js';

const folder = mkdtempSync(`${tmpdir()}/peerway-fuzz-`);
writeFileSync(`${folder}/cloud.js`, fakePlugin({}));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { SET: 'vpc-1', EMPTY: '' };
const INPUTS = Number(process.env['PEERWAY_FUZZ_INPUTS'] ?? Infinity);
/** In the suite: as many as fit. */
const BUDGET_MS = Number.isFinite(INPUTS) ? Infinity : 2_500;
/** Of the processor, so that a machine with other work to do is no defect. */
const SLOWEST_MS = 15_000;

it(
  'every config file is read or refused',
  async () => {
    const seed = Number(process.env['PEERWAY_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
    const start = performance.now();
    let [count, refused, slowest] = [0, 0, 0];
    for (; count < INPUTS && performance.now() - start < BUDGET_MS; count++) {
      const text = drawConfig(seed + count);
      const begun = process.cpuUsage();
      const thrown: unknown = await prepare('peerway.yaml', { cwd: folder, text, env, redactor: new Redactor() }).then(
        () => undefined,
        (error: unknown) => error,
      );
      const { user, system } = process.cpuUsage(begun);
      slowest = Math.max(slowest, (user + system) / 1_000);
      const wrong = mistakeOf(thrown);
      if (wrong !== undefined)
        throw new Error(`seed ${seed + count}: ${wrong}\n${printable(text.slice(0, 2_000))}`, { cause: thrown });
      if (thrown !== undefined) refused++;
    }
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(
      `config fuzz: seed ${seed}, ${count} files, ${refused} refused, slowest ${Math.round(slowest)} ms, peak ${peak} MB\n`,
    );
    // nearly right files are the better half
    expect(refused).toBeLessThan(count);
    expect(slowest).toBeLessThan(SLOWEST_MS);
  },
  Number.isFinite(INPUTS) ? 3_600_000 : 60_000,
);

/** What is not as it must be in the outcome; undefined when all is well. */
function mistakeOf(thrown: unknown): string | undefined {
  if (thrown === undefined) return undefined;
  if (!isPeerwayError(thrown)) return `a defect: ${thrown instanceof Error ? (thrown.stack ?? '') : typeof thrown}`;
  if (!isConfigError(thrown)) return `not placed in the file: ${thrown.code} ${thrown.message}`;
  const shown = `${thrown.message}${thrown.stack ?? ''}${JSON.stringify(thrown)}`;
  if (shown.toLowerCase().includes(CANARY.toLowerCase())) return 'a pasted key is shown';
  if (thrown.problems.length === 0 || thrown.problems.length > 50) return `${thrown.problems.length} problems`;
  const unplaced = thrown.problems.find(
    ({ line, column, message, remedy }) => line < 1 || column < 1 || message === '' || remedy === '',
  );
  return unplaced === undefined ? undefined : `without place or remedy: ${JSON.stringify(unplaced)}`;
}
