/** Runs of one process that meet: places taken in turn, one look for all, and nothing that one provokes for another. */
import { describe, expect, it } from '@jest/globals';
import { PeerwayError, VirtualClock } from '@peerway/core';
import { Engine, InProcessPlaces, type EngineEvent, type PlaceWish } from '@peerway/engine';
import { Poller, type Read } from '../src/pacing/poller.js';
import { PollTiming } from '../src/pacing/pollTiming.js';
import { FakeCloud } from './fakeCloud.js';
import { pair, stackOf } from './scene.js';

const never = new AbortController().signal;

describe('places', () => {
  const one = (...names: string[]): PlaceWish[] => names.map((name) => ({ name, limit: 1 }));

  /** Takes the wishes; `log` hears who got them and who had to wait. */
  const asking = (places: InProcessPlaces, log: string[], signal = never) => {
    return (who: string, wishes: readonly PlaceWish[]): Promise<() => void> => {
      const taken = places.take(wishes, { signal, onWait: () => log.push(`${who} waits`) });
      void taken.then(
        () => log.push(who),
        () => log.push(`${who} left`),
      );
      return taken;
    };
  };

  it('are taken all at once or not at all, and in the order of asking where they are the same', async () => {
    const log: string[] = [];
    const take = asking(new InProcessPlaces(), log);
    const first = await take('a', one('x', 'y'));
    const second = take('b', one('y', 'z'));
    const third = take('c', one('z')); // free, and yet b asked first
    const other = await take('d', one('w'));
    expect(log).toEqual(['a', 'b waits', 'c waits', 'd']);
    first();
    first(); // twice is once
    (await second)();
    (await third)();
    other();
    expect(log.slice(4)).toEqual(['b', 'c']);
  });

  it('have room for as many as their limit', async () => {
    const log: string[] = [];
    const take = asking(new InProcessPlaces(), log);
    const wish = [{ name: 'x', limit: 2 }];
    const [first] = await Promise.all([take('a', wish), take('b', wish)]);
    const third = take('c', wish);
    expect(log).toEqual(['a', 'b', 'c waits']);
    first();
    await third;
  });

  it('that nobody waits for any more go to who stood behind', async () => {
    const log: string[] = [];
    const places = new InProcessPlaces();
    const stop = new AbortController();
    const take = asking(places, log);
    await take('a', one('x'));
    const given = asking(places, log, stop.signal)('b', one('x', 'y'));
    const behind = take('c', one('y'));
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: 'Canceled' });
    await behind;
    expect(log).toEqual(['a', 'b waits', 'c waits', 'c', 'b left']);
  });
});

describe('the poller of several runs', () => {
  const watch = (since: number, read: Read<string>) => ({ kind: 'k', scope: 's', since, firstMs: 1_000, read });

  it('reads once for all', async () => {
    const clock = new VirtualClock({ start: 0 });
    const poller = new Poller<string>({ clock, timing: new PollTiming() });
    const looks = [0, 0];
    const read = (who: 0 | 1) => async (): Promise<string[]> => {
      looks[who]!++;
      return ['here'];
    };
    await Promise.all([0, 1].map((who) => poller.watch(watch(0, read(who as 0 | 1)), (all) => all.includes('here'))));
    expect(looks).toEqual([1, 0]);
  });

  it('lets the others go on when the reading of one fails', async () => {
    const clock = new VirtualClock({ start: 0 });
    const poller = new Poller<string>({ clock, timing: new PollTiming() });
    const closed = async (): Promise<string[]> => {
      throw new PeerwayError('Unavailable', 'closed');
    };
    const mine = poller.watch(watch(0, closed), () => true);
    const theirs = poller.watch(
      watch(0, async () => ['here']),
      (all) => all.includes('here'),
    );
    await expect(mine).rejects.toMatchObject({ code: 'Unavailable' });
    await theirs;
  });
});

describe('stacks that share networks', () => {
  const cloudOf = (count: number): FakeCloud => {
    const cloud = new FakeCloud();
    for (let at = 0; at < count; at++) cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
    return cloud;
  };
  const events: EngineEvent[] = [];
  /** Of stack `at`: n0 with one of its own, and a ring that the next stack shares. */
  const engineOf = (cloud: FakeCloud, at: number, more: { readonly apart?: boolean } = {}): Engine =>
    new Engine({
      stack: stackOf(cloud, {
        stack: `s${at}`,
        connections: [pair('hub', 'n0', `n${at + 1}`), pair('ring', `n${at + 1}`, `n${at + 2}`)],
      }),
      clock: cloud.clock,
      onEvent: (event) => events.push(event),
      ...(more.apart === true ? { places: new InProcessPlaces() } : {}),
    });
  const applyAll = async (engines: readonly Engine[], signal = never): Promise<string[]> =>
    Promise.all(engines.map(async (engine) => (await engine.apply(await engine.plan(), { signal })).outcome));

  it('provoke nothing, and ask about as often as one would', async () => {
    const alone = cloudOf(3);
    await applyAll([engineOf(alone, 0)]);
    const cloud = cloudOf(8);
    events.length = 0;
    expect(await applyAll([0, 1, 2, 3, 4, 5].map((at) => engineOf(cloud, at)))).toEqual(Array(6).fill('done'));
    expect(cloud.conflicts).toBe(0);
    expect(events.some((event) => event.type === 'step.waiting' && /another run/.test(event.cause))).toBe(true);
    const lists = ({ requests }: FakeCloud): number =>
      requests.filter(({ operation }) => operation === 'peerings.list').length;
    expect(lists(cloud)).toBeLessThan(6 * lists(alone));
    for (const at of [0, 3]) expect((await engineOf(cloud, at).plan()).steps).toEqual([]);
  });

  it('do provoke each other when each has its own places', async () => {
    const cloud = cloudOf(8);
    await applyAll([0, 1, 2, 3].map((at) => engineOf(cloud, at, { apart: true })));
    expect(cloud.conflicts).toBeGreaterThan(0);
  });

  it('a run that is told to stop while another has its places leaves without having begun', async () => {
    const cloud = cloudOf(4);
    const stop = new AbortController();
    const [first, second] = [engineOf(cloud, 0), engineOf(cloud, 1)];
    events.length = 0;
    const plans = [await first.plan(), await second.plan()] as const;
    const running = first.apply(plans[0]);
    const stopped = second.apply(plans[1], { signal: stop.signal });
    await cloud.clock.sleep(1);
    stop.abort();
    const report = await stopped;
    expect(report.outcome).toBe('canceled');
    const hub = report.steps.find(({ object }) => /hub/.test(object));
    expect([hub?.outcome, hub !== undefined && 'because' in hub ? hub.because : '']).toEqual([
      'left',
      'the run was stopped before it',
    ]);
    expect((await running).outcome).toBe('done');
    expect((await applyAll([engineOf(cloud, 1)]))[0]).toBe('done');
  });
});
