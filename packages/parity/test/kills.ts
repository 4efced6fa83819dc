/** A kill at every request of a run, without running it as often: what the cloud holds there is taken over by another emulator and cleaned. */
import { sweepRuns, type Cloud } from '@peerway/parity';
import { plantLookAlikes, standing } from './leftovers.js';
import { everything, World, type Between } from './world.js';

export interface Kills {
  readonly points: number;
  /** Where, and what stayed of the run. */
  readonly leftovers: readonly unknown[];
  /** Where, and what was removed that was not the run's. */
  readonly harmed: readonly unknown[];
}

/** @param options.every at every so-manieth request, before it and after it */
export async function killsEverywhere(
  cloud: Cloud,
  options: { readonly every: number; readonly rules?: readonly string[] },
): Promise<Kills> {
  const world = await World.open(cloud);
  const other = await World.open(cloud);
  const cleaners = await other.parties();
  plantLookAlikes(world.emulator, cloud, 'p99999999');
  const before = standing(world.emulator, cloud);
  const leftovers: unknown[] = [];
  const harmed: unknown[] = [];
  let points = 0;
  let count = 0;
  const cleaned = async (where: string): Promise<void> => {
    points += 1;
    const state = world.emulator.snapshot();
    other.emulator.restore(state);
    const kept = plantedIn(state, cloud);
    const { left } = await sweepRuns(cloud, cleaners, { clock: other.clock, run: kept });
    other.emulator.clock.advance(10_000); // what the cloud itself is still removing
    const after = standing(other.emulator, cloud);
    const stayed = [...after].filter((id) => !before.has(id));
    if (left.length > 0 || stayed.length > 0) leftovers.push([where, left, stayed]);
    const gone = [...before].filter((id) => !after.has(id));
    if (gone.length > 0) harmed.push([where, gone]);
  };
  const between: Between = (raw) => ({
    async send(request, sent) {
      count += 1;
      const here = count % options.every === 0;
      if (here) await cleaned(`before request ${count}, ${request.operation}`);
      const answer = await raw.send(request, sent);
      if (here) await cleaned(`after request ${count}, ${request.operation}`);
      return answer;
    },
  });
  try {
    const { rules } = options;
    await everything(world, await world.parties(between), rules === undefined ? {} : { rules });
  } finally {
    await world.close();
    await other.close();
  }
  return { points, leftovers, harmed };
}

/** The run that is going on: the one whose mark is not a planted one. */
function plantedIn(state: ReturnType<World['emulator']['snapshot']>, cloud: Cloud): string {
  const rows = (state.tables[`${cloud.id}.vpcs`] ?? []) as readonly { name?: string }[];
  const runs = rows.flatMap(({ name }) => /^peerway-parity-(p[0-9a-f]{8})-/.exec(name ?? '')?.[1] ?? []);
  return runs.find((run) => !['p99999999', 'p00000000', 'p11111111'].includes(run)) ?? 'p22222222';
}
