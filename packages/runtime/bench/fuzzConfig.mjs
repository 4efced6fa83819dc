/** Reads 100,000 drawn config files (or as many as the first argument says, from the seed of the second): run after `tsc -b`. */
import { fuzzConfigs } from './_configFuzz.mjs';

const [inputs = '100000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2);
console.log(`seed ${seed}`);
const { count, refused, slowestMs, finding, peakMegabytes } = await fuzzConfigs({
  seed: Number(seed),
  inputs: Number(inputs),
});
if (finding !== undefined) console.error(finding);
console.log(`${count} files, ${refused} refused, slowest ${slowestMs} ms, peak memory ${peakMegabytes} MB`);
process.exitCode = finding === undefined ? 0 : 1;
