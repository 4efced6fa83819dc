/** A run that is broken off: at any request, by Ctrl-C, by a cloud that does not answer. Nothing of it stays, everything else does. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { alibabaCloud, baiduCloud, readEvidence, sweepRuns, type Cloud, type Evidence } from '@peerway/parity';
import { killsEverywhere } from './kills.js';
import { plantLookAlikes, standing } from './leftovers.js';
import { everything, World, type Between } from './world.js';

const CLOUDS = [alibabaCloud, baiduCloud] as readonly Cloud[];
const worlds: World[] = [];
const open = async (cloud: Cloud): Promise<World> => {
  const world = await World.open(cloud);
  worlds.push(world);
  return world;
};
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Enough to be broken off in the middle of. */
const SOME: Readonly<Record<string, readonly string[]>> = {
  alibaba: ['alibaba.unknownAction.code', 'alibaba.vpcPeer.createLocks', 'alibaba.vpcPeer.deleteFrom'],
  baidu: ['baidu.list.unknownMarker', 'baidu.peerconn.dnsRepeat', 'baidu.peerconn.wrongSideCode'],
};

class Killed extends Error {}

/** Stops everything at one request: before it is sent, or when its answer is on the way. */
function killAt(number: number, when: 'before' | 'after'): { readonly between: Between; readonly dead: () => boolean } {
  let count = 0;
  let dead = false;
  return {
    dead: () => dead,
    between: (raw) => ({
      async send(request, options) {
        if (dead) throw new Killed();
        count += 1;
        dead = count === number;
        if (dead && when === 'before') throw new Killed();
        const answer = await raw.send(request, options);
        if (dead) throw new Killed();
        return answer;
      },
    }),
  };
}

/** The run up to its death, as the file has it. */
async function broken(world: World, at: number, when: 'before' | 'after'): Promise<Evidence | undefined> {
  const { between, dead } = killAt(at, when);
  let saved: string | undefined;
  const run = everything(world, await world.parties(between), {
    rules: SOME[world.cloud.id]!,
    save: (text) => (saved = dead() ? saved : text),
  });
  await expect(run).rejects.toBeInstanceOf(Killed);
  return saved === undefined ? undefined : readEvidence(saved, 'memory');
}

describe.each(CLOUDS)('$id', (cloud) => {
  it('a kill at any request leaves nothing that clean does not remove, and clean removes nothing else', async () => {
    // every request: packages/parity/bench/kills.mjs
    expect(await killsEverywhere(cloud, { every: 13, rules: SOME[cloud.id]! })).toEqual({
      points: expect.any(Number),
      leftovers: [],
      harmed: [],
    });
  });

  it('goes on after a kill where it was, and reads what a whole run reads', async () => {
    const world = await open(cloud);
    const before = standing(world.emulator, cloud);
    const evidence = await broken(world, 70, 'before');
    expect(evidence?.sittings).toHaveLength(1);
    const { findings, saved, result } = await everything(world, await world.parties(), {
      resume: evidence!,
      rules: SOME[cloud.id]!,
    });
    expect(saved.sittings).toHaveLength(2);
    expect(saved.run).toBe(evidence!.run);
    const names = saved.sittings.flatMap(({ probes }) => probes.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    const chosen = findings.filter(({ rule }) => SOME[cloud.id]!.includes(rule));
    expect(chosen.map(({ verdict }) => verdict)).toEqual(['agrees', 'agrees', 'agrees']);
    expect(result.swept.left).toEqual([]);
    expect([...standing(world.emulator, cloud)].filter((id) => !before.has(id))).toEqual([]);
  });

  it('goes on after a kill among the first networks: tokens of then bring nothing back', async () => {
    const world = await open(cloud);
    const evidence = await broken(world, cloud.id === 'alibaba' ? 10 : 12, 'after');
    const { result } = await everything(world, await world.parties(), { resume: evidence!, rules: SOME[cloud.id]! });
    expect([result.outcome, result.swept.left]).toEqual(['done', []]);
  });

  it('Ctrl-C ends it after the request under way, and what was made is removed', async () => {
    const world = await open(cloud);
    const before = standing(world.emulator, cloud);
    const controller = new AbortController();
    let count = 0;
    const between: Between = (raw) => ({
      send(request, options) {
        if ((count += 1) === 60) controller.abort();
        return raw.send(request, options);
      },
    });
    const { result, saved } = await everything(world, await world.parties(between), {
      signal: controller.signal,
      rules: SOME[cloud.id]!,
    });
    expect([result.outcome, result.swept.left]).toEqual(['canceled', []]);
    expect([...standing(world.emulator, cloud)].filter((id) => !before.has(id))).toEqual([]);
    expect(saved.sittings[0]!.probes.length).toBeLessThan(3);
  });

  it('is cleaned up by its run alone: another run of the same account stays', async () => {
    const world = await open(cloud);
    const evidence = await broken(world, 60, 'after');
    const ids = plantLookAlikes(world.emulator, cloud, evidence!.run);
    const parties = await world.parties();
    const { left } = await sweepRuns(cloud, parties, { clock: world.clock, run: evidence!.run });
    expect(left).toEqual([]);
    const after = standing(world.emulator, cloud);
    expect(ids.filter((id) => !after.has(id))).toEqual([]);
  });
});
