/** Every kind of lie about every member of every answer, and some at random; `bench/answers.mjs` tells a hundred thousand more. */
import { expect, it } from '@jest/globals';
import { fuzzAnswers } from '../../core/bench/_answerFuzz.mjs';
import { FUZZ } from '../bench/_scenes.mjs';

it('no answer makes an operation end in anything but a PeerwayError that blames the answer, or write what it should not', async () => {
  const seed = Number(process.env['PEERWAY_FUZZ_SEED'] ?? 20_261_127);
  const result = await fuzzAnswers({ ...FUZZ, seed, inputs: 100 });
  expect({ seed, findings: result.findings }).toEqual({ seed, findings: [] });
  expect(result.enumerated).toBeGreaterThan(1_000);
}, 180_000);
