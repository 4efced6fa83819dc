/**
 * An emulator with 1 to 20 rules moved at random plays the live cloud: `node packages/parity/bench/moved.mjs [runs] [seed] [alibaba|baidu]`,
 * 50 of each cloud unless told otherwise. A run must report exactly the moved rules, leave nothing, and be read the same from its file. Needs no build.
 */
import { runTypeScript } from '../../../scripts/typescript/run.mjs';

runTypeScript();
const { alibabaCloud, baiduCloud, replayEvidence } = await import('../src/index.ts');
const { differing, movedRules } = await import('../test/moved.ts');
const { everything, ROOM, World } = await import('../test/world.ts');
const { standing } = await import('../test/leftovers.ts');

const runs = Number(process.argv[2] ?? 50);
const first = Number(process.argv[3] ?? 1);
const clouds = [alibabaCloud, baiduCloud].filter(({ id }) => process.argv[4] === undefined || process.argv[4] === id);

for (const cloud of clouds) {
  const world = await World.open(cloud);
  const parties = await world.parties();
  const before = standing(world.emulator, cloud);
  let exact = 0;
  let rules = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    world.emulator.rules.reset();
    const moved = movedRules(cloud, world.sheet, seed);
    world.emulator.rules.set({ ...ROOM, ...moved });
    const { findings, result, saved } = await everything(world, parties);
    const { changed } = await replayEvidence(cloud, saved);
    world.emulator.clock.advance(60_000); // what the cloud itself is still removing
    const found = differing(findings);
    const stayed = [...standing(world.emulator, cloud)].filter((id) => !before.has(id));
    const names = Object.keys(moved).sort();
    rules += names.length;
    if (
      JSON.stringify(found) === JSON.stringify(names) &&
      result.swept.left.length + stayed.length + changed.length === 0
    )
      exact += 1;
    else
      console.log(
        `  seed ${seed}: moved ${names.join(' ')}; found ${found.join(' ')}; left ${stayed.join(' ')}; read otherwise ${changed.join(' ')}`,
      );
  }
  await world.close();
  console.log(
    `${cloud.id}: runs that find exactly the moved rules (${rules} in all) and leave nothing: ${exact} of ${runs} (target all)${exact === runs ? '' : '  MISSED'}`,
  );
  if (exact < runs) process.exitCode = 1;
}
