/** The conformance kit in a run's own networks, on an emulator that plays the live account. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { seededRandom, type ProviderDriver } from '@peerway/core';
import {
  alibabaCloud,
  baiduCloud,
  chooseKit,
  evidenceText,
  readEvidence,
  runKit,
  sweepRuns,
  type Cloud,
  type Evidence,
  type KitEvent,
  type KitOptions,
  type KitOutcome,
  type KitTopic,
  type Login,
  type PartyKey,
} from '@peerway/parity';
import { plantLookAlikes, standing } from './leftovers.js';
import { World } from './world.js';

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

const ALL: readonly PartyKey[] = ['a', 'b', 'far'];
/** Of the drivers' calls, before and after each; few, for every look at what is left is a cleaning of its own. */
const EVERY = 97;
let seeds = 100;

interface More extends Partial<KitOptions> {
  readonly which?: readonly PartyKey[];
}

/** A run of some topics; `text` is its file as it was saved last. */
async function kit(world: World, topics: readonly KitTopic[], { which = ALL, ...changes }: More = {}) {
  let text = '';
  const result = await runKit({
    cloud: world.cloud,
    parties: await world.parties(undefined, which),
    logins: world.logins(which),
    allow: { crossRegion: false, bandwidth: false },
    topics,
    sheet: world.sheet,
    clock: world.clock,
    random: seededRandom((seeds += 1)),
    deadlineMs: world.clock.now() + 10 * 3_600_000,
    save: (evidence: Evidence) => void (text = evidenceText(evidence)),
    ...changes,
  });
  return { result, text };
}

const counted = (kit: readonly KitOutcome[]): Readonly<Record<string, number>> =>
  kit.reduce<Record<string, number>>((sum, { outcome }) => ({ ...sum, [outcome]: (sum[outcome] ?? 0) + 1 }), {});

/** Tells of every call of a driver, before it is made and after it. */
function heard({ plugin, context }: Login, hear: (given: readonly unknown[]) => void): Login {
  const through = (members: object): object =>
    new Proxy(members, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          hear(given);
          const answer: unknown = (member as (...given: unknown[]) => unknown).apply(target, given);
          return answer instanceof Promise ? answer.finally(() => hear(given)) : answer;
        };
      },
    });
  const create = async (given: Login['context']) => {
    const driver = await plugin.create(given);
    return Object.assign(Object.create(driver) as ProviderDriver, {
      peerings: through(driver.peerings),
      routes: through(driver.routes),
      close: () => driver.close(),
    });
  };
  return { plugin: { ...plugin, create }, context };
}

describe.each(CLOUDS)('$id', (cloud) => {
  it('tries every case of a topic, with the least bandwidth and in one region, and leaves nothing', async () => {
    const world = await open(cloud);
    const before = standing(world.emulator, cloud);
    const asked: unknown[] = [];
    const hear = (given: readonly unknown[]): void => {
      for (const one of given) {
        const bandwidthMbps = (one as { readonly bandwidthMbps?: number } | undefined)?.bandwidthMbps;
        if (bandwidthMbps !== undefined) asked.push(bandwidthMbps);
      }
    };
    const logins = world.logins(['a', 'far']);
    const { result, text } = await kit(world, ['lifecycle', 'paging', 'crossRegion'], {
      which: ['a', 'far'],
      logins: { ...logins, a: heard(logins.a, hear) },
    });
    // 10 is what the entry takes by default; whatever the kit chooses is the least, and core refuses more
    const numbers = asked.filter((one) => one !== 'unlimited');
    expect([...new Set(numbers)].sort()).toEqual(cloud.id === 'baidu' ? [1, 10] : []);
    expect([result.outcome, result.swept.left]).toEqual(['done', []]);
    expect(result.kit.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(counted(result.kit)).toMatchObject({ passed: expect.any(Number), skipped: expect.any(Number) });
    for (const one of result.kit.filter(({ topic }) => topic === 'crossRegion')) {
      expect([one.case, one.outcome]).toEqual([one.case, 'skipped']);
    }
    expect(result.kit.map(({ because }) => because)).toContain(
      'makes objects between regions, which may be billed (--cross-region)',
    );
    expect([...standing(world.emulator, cloud)].filter((id) => !before.has(id))).toEqual([]);
    // the file says how each case went, and names nothing of the account
    const saved = readEvidence(text, 'memory');
    expect(saved.kit).toEqual(result.kit);
    expect(text).not.toMatch(/vpc-(?!peer)\w{8}|pcc-|peerconn-|\b10\.\d+\.\d/);
  });

  it('whatever it is broken off at, clean removes what it left and nothing else', async () => {
    const world = await open(cloud);
    const other = await World.open(cloud);
    worlds.push(other);
    plantLookAlikes(world.emulator, cloud, 'p99999999');
    const before = standing(world.emulator, cloud);
    const cleaners = await other.parties();
    const states: ReturnType<World['emulator']['snapshot']>[] = [];
    let calls = 0;
    const logins = world.logins();
    const hear = (): void => void ((calls += 1) % EVERY === 0 && states.push(world.emulator.snapshot()));
    const { result } = await kit(world, [cloud.id === 'baidu' ? 'routes' : 'crossAccount'], {
      logins: { ...logins, a: heard(logins.a, hear) },
    });
    expect(counted(result.kit)['failed']).toBeUndefined();
    expect(counted(result.kit)['diverged']).toBe(cloud.id === 'baidu' ? 1 : undefined);
    expect(states.length).toBeGreaterThan(2);
    for (const state of states) {
      other.emulator.restore(state);
      const { left } = await sweepRuns(cloud, cleaners, { clock: other.clock, run: result.evidence.run });
      other.emulator.clock.advance(10_000); // what the cloud itself is still removing
      const after = standing(other.emulator, cloud);
      expect([left, [...after].filter((id) => !before.has(id))]).toEqual([[], []]);
      expect([...before].filter((id) => !after.has(id))).toEqual([]);
    }
  });

  it('Ctrl-C ends it, everything is removed, and it goes on where it was', async () => {
    const world = await open(cloud);
    const before = standing(world.emulator, cloud);
    const controller = new AbortController();
    const tried: string[] = [];
    const note = (event: KitEvent): void => {
      if (event.type === 'case') tried.push(event.outcome.case);
      if (tried.length === 3) controller.abort();
    };
    const first = await kit(world, ['crossAccount'], { signal: controller.signal, onEvent: note });
    expect([first.result.outcome, first.result.swept.left, tried.length]).toEqual(['canceled', [], 3]);
    expect([...standing(world.emulator, cloud)].filter((id) => !before.has(id))).toEqual([]);
    const resumed = await kit(world, ['crossAccount'], {
      resume: readEvidence(first.text, 'memory'),
      onEvent: (event) => void (event.type === 'case' && tried.push(event.outcome.case)),
    });
    expect([resumed.result.outcome, resumed.result.evidence.run]).toEqual(['done', first.result.evidence.run]);
    expect(new Set(tried).size).toBe(tried.length);
    expect(resumed.result.kit.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect([...standing(world.emulator, cloud)].filter((id) => !before.has(id))).toEqual([]);
  });
});

describe('the kit', () => {
  it('says how a case failed, keeps it out of the file, and tries it again when it goes on', async () => {
    const world = await open(alibabaCloud);
    const name = 'A rejected request keeps the pair occupied exactly where the capabilities say so';
    const failing = (kit: readonly KitOutcome[]) => kit.filter(({ outcome }) => outcome === 'failed');
    const { result, text } = await kit(world, ['acceptance']);
    expect(failing(result.kit)).toEqual([
      { topic: 'acceptance', case: name, outcome: 'failed', failure: expect.stringContaining('AlreadyExists') },
    ]);
    expect(text).not.toContain('AlreadyExists');
    world.emulator.rules.set({ 'alibaba.vpcPeer.endedBlocksPair': true });
    const tried: string[] = [];
    const again = await kit(world, ['acceptance'], {
      resume: readEvidence(text, 'memory'),
      onEvent: (event) => void (event.type === 'case' && tried.push(event.outcome.case)),
    });
    expect([failing(again.result.kit), tried]).toEqual([[], [name]]);
  });

  it('begins no case after its time, and skips what needs an account that it has not', async () => {
    const world = await open(baiduCloud);
    const { result } = await kit(world, ['crossAccount'], { deadlineMs: world.clock.now() });
    expect([result.outcome, counted(result.kit)['passed']]).toEqual(['deadline', undefined]);
    const alone = await kit(world, ['crossAccount'], { which: ['a'] });
    expect(counted(alone.result.kit)['failed']).toBeUndefined();
    expect(alone.result.kit.map(({ because }) => because)).toContain('needs a second account (--partner)');
  });

  it('says before what may be billed', async () => {
    const world = await open(baiduCloud);
    const settings = { cloud: baiduCloud, logins: world.logins(), topics: ['lifecycle'] as const };
    const guarded = chooseKit({ ...settings, allow: { crossRegion: false, bandwidth: false } });
    expect([guarded.estimate.money, guarded.networks.length]).toEqual([[], 6]);
    const free = chooseKit({ ...settings, allow: { crossRegion: true, bandwidth: true } });
    expect([free.estimate.money.length, free.networks.length]).toEqual([2, 9]);
    expect(world.emulator.requests).toEqual([]);
  });
});
