/** Every kind of lie about every member, and 100,000 at random (or as many as the first argument says, from the seed of the second): run after `tsc -b`. */
import { fuzzAnswers } from '../../core/bench/_answerFuzz.mjs';
import { FUZZ } from './_scenes.mjs';

const [inputs = '100000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`seed ${seed}`);
const result = await fuzzAnswers({ ...FUZZ, seed: Number(seed), inputs: Number(inputs) });
for (const finding of result.findings) console.error(finding);
console.log(
  `${result.enumerated} enumerated and ${result.inputs} random inputs in ${(result.milliseconds / 1000).toFixed(1)} s, ${result.findings.length} findings, peak memory ${result.peakMegabytes} MB`,
);
process.exitCode = result.findings.length === 0 ? 0 : 1;
