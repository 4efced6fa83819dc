/**
 * A run is killed before and after every request: `node packages/parity/bench/kills.mjs [every] [alibaba|baidu]`, 1 unless told otherwise. Each
 * time what the cloud holds is cleaned up by the run's id: nothing of the run may stay, and no look-alike may go. Needs no build.
 */
import { runTypeScript } from '../../../scripts/typescript/run.mjs';

runTypeScript();
const { alibabaCloud, baiduCloud } = await import('../src/index.ts');
const { killsEverywhere } = await import('../test/kills.ts');

const every = Number(process.argv[2] ?? 1);
const clouds = [alibabaCloud, baiduCloud].filter(({ id }) => process.argv[3] === undefined || process.argv[3] === id);

for (const cloud of clouds) {
  const { points, leftovers, harmed } = await killsEverywhere(cloud, { every });
  const missed = leftovers.length + harmed.length > 0;
  console.log(
    `${cloud.id}: kills that leave something after clean: ${leftovers.length} of ${points} (target 0); that cost somebody else something: ${harmed.length} (target 0)${missed ? '  MISSED' : ''}`,
  );
  for (const one of [...leftovers, ...harmed].slice(0, 10)) console.log(`  ${JSON.stringify(one)}`);
  if (missed) process.exitCode = 1;
}
