/**
 * Any text as a config file: it is read, or refused with placed problems in our words; never a defect, never a key, never more than
 * the bounds. `node packages/runtime/bench/fuzzConfig.mjs` does it 100,000 times; PEERWAY_FUZZ_SEED repeats one run.
 */
import { expect, it } from '@jest/globals';
import { fuzzConfigs } from '../bench/_configFuzz.mjs';

/** As many as fit. */
const BUDGET_MS = 2_500;

it('every config file is read or refused', async () => {
  const seed = Number(process.env['PEERWAY_FUZZ_SEED'] ?? 20_261_127);
  const { count, refused, finding } = await fuzzConfigs({ seed, budgetMs: BUDGET_MS });
  expect({ seed, finding }).toEqual({ seed, finding: undefined });
  // nearly right files are the better half
  expect(refused).toBeLessThan(count);
}, 60_000);
