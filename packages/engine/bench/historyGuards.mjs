/**
 * Breaks one guard after the other and lives histories until one of them fails: what no history notices is not guarded by them.
 * `node packages/engine/bench/historyGuards.mjs [words]`: only the guards whose name holds the words. Nothing on the disk is changed; each
 * guard is a process of its own that reads one piece of one source otherwise (_typescript.mjs). The same histories hold while nothing is
 * broken, which is tried first. Exit 1 when one does not, or a broken guard stays unseen.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from './_typescript.mjs';

const AT_MOST = 300;
const SEED = 20_261_126;

const GUARDS = [
  {
    name: 'marks decide: a route of somebody else at a declared destination is not overwritten',
    file: 'engine/src/diff/routes.ts',
    text: `else if (owner === 'ours') this.#replace(`,
    by: `else if (owner !== undefined) this.#replace(`,
  },
  {
    name: 'marks decide: what another stack marked is not ours',
    file: 'engine/src/world/ownership.ts',
    text: `return { kind: tagged.stack === stack ? 'ours' : 'other', marker: tagged };`,
    by: `return { kind: 'ours', marker: tagged };`,
  },
  {
    name: 'marks decide: a name that changed is written into the description',
    file: 'engine/src/diff/labels.ts',
    text: `if (there === description) return [];`,
    by: `if (readMarkerText(there) !== undefined) return [];`,
  },
  {
    name: 'every table of a network is read, not the declared ones alone',
    file: 'engine/src/world/readTables.ts',
    text: `await Promise.all(found.map((table) =>`,
    by: `await Promise.all(found.filter((table) => written(table.id, table === first)).map((table) =>`,
  },
  {
    name: 'tags that left the file leave the cloud',
    file: 'engine/src/world/tagList.ts',
    text: `remove: Object.keys(there).filter(gone).sort() };`,
    by: `remove: [] };`,
  },
  {
    name: 'a foreign route over what must go stands in the way',
    file: 'engine/src/diff/routes.ts',
    text: `if (going === undefined || route.origin !== 'custom') continue;`,
    by: `continue;`,
  },
  {
    name: 'the acceptor’s half bears the marks too',
    file: 'engine/src/diff/labels.ts',
    text: `if (this.mechanism.handshake !== 'mirrored' || there === undefined) return [...this.#attributes.acceptor];`,
    by: `return [...this.#attributes.acceptor];`,
  },
  {
    name: 'a route of ours that nothing declares any more goes',
    file: 'engine/src/diff/routes.ts',
    text: `if (this.#owners.of(network.key, route) !== 'ours' && !adopted) continue;`,
    by: `continue;`,
  },
  {
    name: 'release takes the marks off the routes too',
    file: 'engine/src/adoption.ts',
    text: `if (route.nextHop.id === hop && readMarkerText(route.description)?.stack === stack.name)`,
    by: `if (hop === '')`,
  },
  {
    name: 'a line on a taken VLAN is not taken over unasked',
    file: 'engine/src/diff/declaredLink.ts',
    text: `const theirs = owner.kind === 'other';`,
    by: `return;`,
  },
];

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
