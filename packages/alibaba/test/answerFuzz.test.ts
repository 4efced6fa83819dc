/** Lies in answers at random, for two seconds; `bench/answers.mjs` tells a hundred thousand. */
import { expect, it } from '@jest/globals';
import { fuzzAnswers } from '../../core/bench/_answerFuzz.mjs';
import { FUZZ } from '../bench/_scenes.mjs';

it('no answer makes an operation end in anything but a PeerwayError that blames the answer, or write what it should not', async () => {
  const seed = Number(process.env['PEERWAY_FUZZ_SEED'] ?? Date.now() % 1_000_000);
  const result = await fuzzAnswers({ ...FUZZ, seed, inputs: 3_000, seconds: 2 });
  expect({ seed, findings: result.findings }).toEqual({ seed, findings: [] });
  expect(result.inputs).toBeGreaterThanOrEqual(200);
}, 30_000);
