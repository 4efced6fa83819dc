/**
 * Breaks one guard after the other and lives histories until one of them fails: what no history notices is not guarded by them.
 * `node packages/engine/bench/historyGuards.mjs [words]`: only the guards whose name holds the words. Nothing on the disk is changed; each
 * guard is a process of its own that reads one piece of one source otherwise (scripts/typescript). The same histories hold while nothing is
 * broken, which is tried first. Exit 1 when one does not, or a broken guard stays unseen.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './_guards.mjs';
import { runTypeScript } from '../../../scripts/typescript/run.mjs';

const AT_MOST = 300;
const SEED = 20_261_126;

/** Lives histories until one fails. @param guard what is broken; undefined: nothing @returns whether one failed */
async function anyFails(guard) {
  runTypeScript(guard === undefined ? [] : [guard]);
  const { survey } = await import('../test/histories/survey.ts');
  const { HistoryWorld } = await import('../test/histories/world.ts');
  for (const cloud of ['alibaba', 'baidu']) {
    const world = await HistoryWorld.start(cloud);
    let lived = 0;
    const onHistory = (count, failed) => {
      lived = count;
      return failed > 0;
    };
    const [kind] = await survey(world, new Map(), { runs: AT_MOST, seed: SEED, onHistory });
    await world.close();
    if (kind === undefined) continue;
    console.log(`  seen on ${cloud} after ${lived} histories: ${kind.message.slice(0, 160)}`);
    return true;
  }
  console.log(`  not seen in ${AT_MOST} histories of each cloud`);
  return false;
}

const inItsOwnProcess = (at) =>
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), words, String(at)], { stdio: 'inherit' }).status === 0;

const [, , words = '', only] = process.argv;
if (only !== undefined) process.exitCode = (await anyFails(GUARDS[Number(only)])) ? 0 : 1;
else {
  console.log('nothing is broken');
  const sound = !inItsOwnProcess(-1);
  const chosen = GUARDS.map(({ name }, at) => ({ name, at })).filter(({ name }) => name.includes(words));
  const seen = chosen.filter(({ name, at }) => {
    console.log(name);
    return inItsOwnProcess(at);
  });
  console.log(`broken guards that are seen: ${seen.length} of ${chosen.length} (target all)`);
  process.exitCode = sound && seen.length === chosen.length && chosen.length > 0 ? 0 : 1;
}
