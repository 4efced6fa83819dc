/** The kit's own manners: modes, skips with reasons, divergences that cannot rot, reports, a pool of few networks, any runner. */
import { describe, expect, it } from '@jest/globals';
import {
  Inventory,
  jsonLine,
  runConformance,
  type CaseReport,
  type ConformanceOptions,
  type Harness,
  type NetworkFixture,
  type Place,
  type World,
} from '../src/index.js';
import { isTerminal, PeerwayError, type Peering, type ProviderDriver } from '@peerway/core';
import { harness, harnessWith } from '../../provider-template/test/harness.js';
import { withParts } from './broken.js';

const good: Harness = { ...harness, lacks: { ...harness.lacks, engine: 'the engine has its own tests' } };

interface Run {
  readonly reports: readonly CaseReport[];
  readonly failures: readonly string[];
  readonly titles: readonly string[];
}

/** A test runner in a few lines, without `after` and without `skip`: the least that the kit must work with. */
async function run(harness: Harness, options: ConformanceOptions = {}, only = (_name: string) => true): Promise<Run> {
  const bodies: (() => void | Promise<void>)[] = [];
  const reports: CaseReport[] = [];
  const failures: string[] = [];
  const titles: string[] = [];
  runConformance(
    {
      describe: (name, body) => {
        titles.push(name);
        body();
      },
      it: (name, body) => only(name) && bodies.push(body),
    },
    harness,
    { print: () => undefined, onCase: (report) => reports.push(report), ...options },
  );
  for (const body of bodies) {
    await Promise.resolve(body()).catch((error: unknown) => failures.push((error as Error).message));
  }
  return { reports, failures, titles };
}

const outcomes = ({ reports }: Run) => {
  const count: Partial<Record<CaseReport['outcome'], number>> = {};
  for (const { outcome } of reports) count[outcome] = (count[outcome] ?? 0) + 1;
  return count;
};

const PEERING = /^peer-[0-9a-f]{8}$/;
const NETWORK = /^net-[0-9a-f]{8}$/;

/** Three networks in each place, the same ones for the whole life of a world, and nothing forced: as in a real account. */
const fewOf = (good: Harness): Harness => ({
  ...good,
  offers: good.offers.filter((offer) => offer !== 'addNetwork' && offer !== 'forceWord'),
  async open(plugin) {
    const world = await good.open(plugin);
    const pool = new Map<string, readonly NetworkFixture[]>();
    const networks = (place: Place): readonly NetworkFixture[] => {
      const key = `${place.account}${place.region}`;
      const known = pool.get(key) ?? world.networks(place);
      pool.set(key, known);
      return known;
    };
    return { ...world, networks };
  },
});
const few = fewOf(good);

/** The driver of a cloud that refuses to delete what is dead. */
const fading = (good: ProviderDriver): ProviderDriver =>
  withParts(good, {
    peerings: {
      async delete(id, side, call) {
        const { state } = await good.peerings.get(id, side, call);
        return isTerminal(state) && state !== 'deleted' ? 'gone' : good.peerings.delete(id, side, call);
      },
    },
  });

describe('an inventory', () => {
  it('learns the forms of a driver, and then knows every one, also with other data', async () => {
    const learned = new Inventory('', true);
    expect((await run(good, { inventory: learned })).failures).toEqual([]);
    const lines = learned.text().trimEnd().split('\n');
    expect(lines).toEqual([...new Set(lines)].sort());
    expect(lines.filter((line) => !/^(asks|does|makes|sends|shows|throws) \w+/.test(line))).toEqual([]);
    expect(lines.join()).not.toContain('peerway-kit');
    expect((await run(good, { inventory: new Inventory(learned.text()) })).failures).toEqual([]);
    const { failures } = await run(good, { inventory: new Inventory(''), topics: ['lifecycle'] });
    expect(failures[0]).toMatch(/^Forms that the inventory does not have:\nasks \w+/);
  });

  it('knows the forms of a case that is run by itself, though a driver remembers what other cases have taught it', async () => {
    const topics = ['acceptance'] as const;
    const open: Harness['open'] = async (plugin) => {
      const world = await good.open(plugin);
      const driver: World['driver'] = async (...how) => {
        const made = await world.driver(...how);
        let asked = 0;
        const get: typeof made.peerings.get = async (...what) => ({
          ...(await made.peerings.get(...what)),
          nativeState: ++asked === 1 ? 'New to me' : 'Known',
        });
        return withParts(made, { peerings: { get } });
      };
      return { ...world, driver };
    };
    const learned = new Inventory('', true);
    const { reports } = await run({ ...good, open }, { inventory: learned, topics });
    for (const { case: one } of reports) {
      const inventory = new Inventory(learned.text());
      const { failures } = await run({ ...good, open }, { inventory, topics }, (name) => name === one);
      expect([one, failures]).toEqual([one, []]);
    }
  });

  it.each([
    ['shows one member less', (peering: Peering) => ({ ...peering, createdAt: undefined })],
    ['shows a word of its own', (peering: Peering) => ({ ...peering, nativeState: 'Humming' })],
  ])('a driver that %s fails, though every case holds', async (_, changed) => {
    const topics = ['lifecycle'] as const;
    const learned = new Inventory('', true);
    await run(good, { inventory: learned, topics });
    const open: Harness['open'] = async (plugin) => {
      const world = await good.open(plugin);
      const driver: World['driver'] = async (...how) => {
        const made = await world.driver(...how);
        return withParts(made, {
          peerings: { get: async (...asked) => changed(await made.peerings.get(...asked)) as Peering },
        });
      };
      return { ...world, driver };
    };
    const inventory = new Inventory(learned.text());
    const { failures } = await run({ ...good, open }, { inventory, topics });
    expect(failures.join()).toMatch(/Forms that the inventory does not have:\nshows peerings\.get/);
  });
});

describe('modes', () => {
  it('core is a part of full, and both name provider, mechanism and seed', async () => {
    const [core, full] = [await run(good, { mode: 'core', seed: 7 }), await run(good)];
    expect(core.titles[0]).toBe('conformance of tiny, mechanism tiny-peering, mode core, seed 7');
    expect(new Set(core.reports.map(({ topic }) => topic)).size).toBe(11);
    expect(full.reports.length).toBeGreaterThan(core.reports.length);
    expect([core.failures, full.failures]).toEqual([[], []]);
  });

  it('live does nothing unless the environment says so, and says why', async () => {
    const { reports } = await run(good, { mode: 'live', env: {} });
    expect(new Set(reports.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`))).toEqual(
      new Set(['skipped PEERWAY_CONFORMANCE_LIVE=1 is not set']),
    );
  });

  it('live works with three networks in each place, because every case clears up after itself', async () => {
    const result = await run(few, { mode: 'live', env: { PEERWAY_CONFORMANCE_LIVE: '1' } });
    expect(result.failures).toEqual([]);
    expect(outcomes(result).passed).toBeGreaterThan(200);
  });

  it('live works where what is over stays listed and cannot be removed', async () => {
    const keeping = fewOf(harnessWith((cloud) => (cloud.deadStay = true)));
    const [mechanism] = keeping.plugin.capabilities.mechanisms;
    const capabilities = {
      ...keeping.plugin.capabilities,
      mechanisms: [{ ...mechanism, dead: 'fades', occupiesPairWhen: [] }] as const,
    };
    const plugin = { ...keeping.plugin, capabilities };
    // one account for every suite, as a real one is
    let account: World | undefined;
    const open = async (one: typeof plugin): Promise<World> => {
      if (account !== undefined) return account;
      const world = await keeping.open(one);
      account = { ...world, close: () => undefined, driver: async (...how) => fading(await world.driver(...how)) };
      return account;
    };
    const result = await run({ ...keeping, plugin, open }, { mode: 'live', env: { PEERWAY_CONFORMANCE_LIVE: '1' } });
    expect(result.failures).toEqual([]);
    expect(result.reports.some(({ case: name }) => name === 'A rejected request reads rejected on both sides')).toBe(
      true,
    );
  });

  it('a cloud that calls an id of another form malformed is no failure', async () => {
    const strict = <T>(form: RegExp, id: string, work: () => Promise<T>): Promise<T> =>
      form.test(id)
        ? work()
        : Promise.reject(
            new PeerwayError('InvalidArgument', `${id} is no id`, { nativeCode: 'BadField', requestId: 'r' }),
          );
    const harness: Harness = {
      ...good,
      async open(plugin) {
        const world = await good.open(plugin);
        return {
          ...world,
          async driver(place, setup) {
            const driver = await world.driver(place, setup);
            return withParts(driver, {
              peerings: {
                get: (id, side, call) => strict(PEERING, id, () => driver.peerings.get(id, side, call)),
                delete: (id, side, call) => strict(PEERING, id, () => driver.peerings.delete(id, side, call)),
              },
              networks: {
                get: (ids, call) =>
                  strict(NETWORK, ids.find((id) => !NETWORK.test(id)) ?? 'net-00000001', () =>
                    driver.networks.get(ids, call),
                  ),
              },
              routes: { tables: (id, call) => strict(NETWORK, id, () => driver.routes.tables(id, call)) },
            });
          },
        };
      },
    };
    expect((await run(harness)).failures).toEqual([]);
  });

  it('a mechanism that the plugin has not is refused at once', () => {
    expect(() =>
      runConformance({ describe: (_, body) => body(), it: () => undefined }, { ...good, mechanism: 'other' }),
    ).toThrow('has no mechanism other');
  });
});

describe('skips and reports', () => {
  it('every skip has a reason, and every case makes one JSON line', async () => {
    const lines: string[] = [];
    const { reports } = await run(good, { topics: ['routes'], onCase: jsonLine((line) => lines.push(line)) });
    expect(reports).toEqual([]);
    const parsed = lines.map((line) => JSON.parse(line) as CaseReport);
    expect(parsed.length).toBeGreaterThan(30);
    for (const report of parsed) {
      expect(report.topic).toBe('routes');
      if (report.outcome === 'skipped') expect((report.reason ?? '').length).toBeGreaterThan(10);
    }
  });

  it('a failure says what it usually means, and the next case starts in a fresh world', async () => {
    let worlds = 0;
    const harness: Harness = {
      ...good,
      async open(plugin) {
        worlds++;
        const world = await good.open(plugin);
        return { ...world, accounts: { ...world.accounts, a: world.accounts.b } };
      },
    };
    const { failures } = await run(harness, { topics: ['lifecycle'] });
    expect(failures[0]).toMatch(/Usually: networks\.get maps a field wrongly/);
    expect(worlds).toBeGreaterThan(failures.length);
  });

  it('a harness that offers what its worlds have not is told so', async () => {
    const harness: Harness = {
      ...good,
      async open(plugin) {
        const { advance: _, ...world } = await good.open(plugin);
        return world;
      },
    };
    expect((await run(harness, { topics: ['waiters'] })).failures[0]).toMatch(/offers advance/);
  });
});

describe('what is said of a failure', () => {
  const broken = (parts: (sound: ProviderDriver) => Parameters<typeof withParts>[1]): Harness => ({
    ...good,
    async open(plugin) {
      const world = await good.open(plugin);
      const driver: World['driver'] = async (...how) => {
        const sound = await world.driver(...how);
        return withParts(sound, parts(sound));
      };
      return { ...world, driver };
    },
  });

  it('names the cloud’s own code beside a wrong one', async () => {
    const busy = new PeerwayError('Conflict', 'joined', { nativeCode: 'PairJoined', nativeOperation: 'CreatePeering' });
    const misread = broken((sound) => ({
      peerings: { create: (...how) => sound.peerings.create(...how).catch(() => Promise.reject(busy)) },
    }));
    const { failures } = await run(misread, { topics: ['lifecycle'] });
    expect(failures[0]).toMatch(
      /^Expected AlreadyExists, got Conflict \(CreatePeering answered PairJoined\): joined\n\nUsually: /,
    );
    const refusing = broken(() => ({ peerings: { create: () => Promise.reject(busy) } }));
    expect((await run(refusing, { topics: ['idempotency'] })).failures[0]).toMatch(
      /^Conflict \(CreatePeering answered PairJoined\): joined\n\nUsually: /,
    );
  });

  it('says of a wait without end that the case may be about something else', async () => {
    const blind = broken((sound) => ({
      routes: { list: async (...query) => ({ ...(await sound.routes.list(...query)), items: [] }) },
    }));
    const { failures } = await run(blind, { topics: ['routes'] });
    expect(failures).toContainEqual(expect.stringMatching(/Gave up after [^]*It waited in vain, [^]*Usually: /));
  });

  it('skips of one reason are one line, and a few keep their names', async () => {
    const lines: string[] = [];
    const [mechanism] = good.plugin.capabilities.mechanisms;
    const { capabilities } = good.plugin;
    const link = { status: 'unimplemented', reason: 'nobody asked', checkedOn: '2026-11-20' } as const;
    const links = { ...capabilities.links, features: { ...capabilities.links.features, link } };
    const plugin = { ...good.plugin, capabilities: { ...capabilities, mechanisms: [mechanism] as const, links } };
    await run({ ...good, plugin }, { topics: ['links', 'lifecycle'], print: (line) => lines.push(line) });
    expect(lines.filter((line) => line.includes('link.link is unimplemented'))).toEqual([
      expect.stringMatching(/^skipped links: \d+ cases \[skipped: link\.link is unimplemented: nobody asked\]$/),
    ]);
    expect(lines.some((line) => /^skipped lifecycle: [A-Z].*\[skipped: /.test(line))).toBe(true);
  });
});

describe('a harness that lacks something', () => {
  const partial: Harness = { ...good, offers: good.offers.filter((offer) => offer !== 'removeRoute') };
  const missing = /removeRoute is missing/;

  it('fails in full mode, case by case, and says what to do', async () => {
    const { failures, reports } = await run(partial, { topics: ['routes'] });
    expect(failures).toEqual([expect.stringMatching(missing)]);
    expect(reports.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
  });

  it('is only skipped in the other modes, and where it is written down', async () => {
    expect((await run(partial, { topics: ['routes'], mode: 'core' })).failures).toEqual([]);
    const lacks = { ...good.lacks, removeRoute: 'this cloud has no console' };
    const { failures, reports } = await run({ ...partial, lacks }, { topics: ['routes'] });
    expect(failures).toEqual([]);
    expect(reports.some(({ reason }) => reason?.includes('removeRoute') === true)).toBe(true);
  });

  it('must not say so of what it has', async () => {
    const said = { ...good, lacks: { 'words.peering': 'none' } };
    await expect(run(said)).rejects.toThrow('says that it lacks words.peering, and has it');
  });
});

describe('divergences', () => {
  const it_is = { topic: 'lifecycle', case: 'A network is read with its id, account, region and prefixes' } as const;
  const wrong: Harness = {
    ...good,
    async open(plugin) {
      const world = await good.open(plugin);
      return { ...world, accounts: { ...world.accounts, a: world.accounts.b } };
    },
  };

  it('one that fails as it is known to is reported as such and does not fail the run', async () => {
    const divergence = { ...it_is, because: 'the backend swaps accounts', today: /9007199254740993001/ };
    const { reports } = await run(wrong, { topics: ['lifecycle'], divergences: [divergence] });
    expect(reports.find((report) => report.case === it_is.case)).toMatchObject({ outcome: 'diverged' });
  });

  it('one that fails in another way fails the run', async () => {
    const divergence = { ...it_is, because: 'the backend swaps accounts', today: /something else/ };
    const { failures } = await run(wrong, { topics: ['lifecycle'], divergences: [divergence] });
    expect(failures[0]).toMatch(/fails otherwise/);
  });

  it('one that passes fails the run: it is repaired and must be removed', async () => {
    const divergence = { ...it_is, because: 'the backend swaps accounts', today: /./ };
    const { failures } = await run(good, { topics: ['lifecycle'], divergences: [divergence] });
    expect(failures).toEqual([expect.stringContaining('passes now')]);
  });

  it('one that names no case is refused at once', async () => {
    const divergence = { ...it_is, case: 'No such case', because: '', today: /./ };
    await expect(run(good, { divergences: [divergence] })).rejects.toThrow('There is no case "No such case"');
  });
});
