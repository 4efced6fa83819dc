/** A rate that several processes keep together: held over all of them, reached, and not made up for. */
import { describe, expect, it } from '@jest/globals';
import { RequestLimiter, VirtualClock, type SharedRate } from '@peerway/core';

const START = Date.UTC(2026, 10, 26);
const never = new AbortController().signal;

/** Most of the times that lie in one second. */
const mostInASecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

describe('a rate that processes keep together', () => {
  /** One row that all of them see, as a database keeps it, which answers after a while. */
  const row = (clock: VirtualClock): SharedRate & { reserved: number } => {
    let due = 0;
    return {
      reserved: 0,
      async reserve(_account, turns, spacingMs) {
        this.reserved += turns;
        const first = Math.max(due, clock.now());
        due = first + turns * spacingMs;
        const firstInMs = first - clock.now();
        await clock.sleep(3);
        return { firstInMs: Math.max(0, firstInMs - 3), spacingMs };
      },
    };
  };

  const processes = (clock: VirtualClock, rate: SharedRate, count: number): RequestLimiter[] =>
    Array.from({ length: count }, () => {
      const limiter = new RequestLimiter(clock);
      limiter.holdTo(40, {});
      limiter.shareWith(rate, 'the account');
      return limiter;
    });

  /** Sends so many requests as fast as it may. @returns when each left */
  const send = async (clock: VirtualClock, limiter: RequestLimiter, requests: number): Promise<number[]> => {
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: requests }, async () => {
        await limiter.enter(never);
        times.push(clock.now());
        await clock.sleep(20);
        limiter.left();
      }),
    );
    return times;
  };

  it('is held over all of them, and reached', async () => {
    const clock = new VirtualClock({ start: START });
    const times = await Promise.all(processes(clock, row(clock), 3).map((each) => send(clock, each, 100)));
    expect(mostInASecond(times.flat())).toBeLessThanOrEqual(42);
    expect(clock.now() - START).toBeLessThanOrEqual(7_900);
  });

  it('is all of one of them when the others are idle, and turns that lapsed are not made up for', async () => {
    const clock = new VirtualClock({ start: START });
    const [one] = processes(clock, row(clock), 3);
    await send(clock, one!, 100);
    expect(clock.now() - START).toBeLessThanOrEqual(2_700);
    await clock.sleep(60_000);
    const times = await send(clock, one!, 100);
    expect(mostInASecond(times)).toBeLessThanOrEqual(42);
  });

  it('reserves nothing where no rate is set', async () => {
    const clock = new VirtualClock({ start: START });
    const rate = row(clock);
    const limiter = new RequestLimiter(clock);
    limiter.shareWith(rate, 'the account');
    await send(clock, limiter, 30);
    expect([rate.reserved, clock.now() - START]).toEqual([0, 60]); // ten at once, which take 20 ms each
  });

  it('does not make up for turns whose requests were given up', async () => {
    const clock = new VirtualClock({ start: START });
    const both = processes(clock, row(clock), 2);
    const stop = new AbortController();
    const given = both.flatMap((limiter) =>
      Array.from({ length: 12 }, () =>
        limiter.enter(stop.signal).then(
          () => limiter.left(),
          () => undefined,
        ),
      ),
    );
    await clock.sleep(10);
    stop.abort();
    await Promise.all(given);
    await clock.sleep(60_000);
    const from = clock.now();
    const times = await Promise.all(both.map((limiter) => send(clock, limiter, 12)));
    expect(Math.max(...times.flat()) - from).toBeGreaterThanOrEqual(22 * 25 - 10);
  });

  it('reserves what is wanted and no more than a quarter of a second ahead', async () => {
    const clock = new VirtualClock({ start: START });
    const rate = row(clock);
    const [one] = processes(clock, rate, 1);
    const sent = send(clock, one!, 100);
    await clock.sleep(5);
    expect(rate.reserved).toBeLessThanOrEqual(11); // one at once, before the others had asked
    await sent;
    expect(rate.reserved).toBe(100);
  });
});
