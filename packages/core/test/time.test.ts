/** Clocks, waiting and retrying. All of it in virtual time, apart from the few milliseconds that the system clock needs. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_RETRY_POLICY,
  PeerwayError,
  seededRandom,
  systemClock,
  systemRandom,
  VirtualClock,
  waitFor,
  withRetry,
  type Clock,
  type ErrorCode,
  type ErrorDetails,
  type Random,
  type RetryContext,
  type Wait,
  type WaitProgress,
} from '@peerway/core';
import { rejection } from './support.js';

const START = Date.UTC(2026, 10, 20);
const SEED = 7;
const noJitter: Random = { next: () => 0.5, uuid: () => 'uuid' };

describe('VirtualClock', () => {
  it('jumps to each wake-up in turn, and tells onAdvance before anybody wakes', async () => {
    const log: string[] = [];
    const clock = new VirtualClock({ start: START, onAdvance: (now) => log.push(`advance ${now - START}`) });
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      log.push(`${name} ${clock.now() - START}`);
    };
    await Promise.all([sleeper('c', 300), sleeper('a', 100), sleeper('a2', 100), sleeper('b', 200)]);
    expect(log).toEqual(['advance 100', 'a 100', 'a2 100', 'advance 200', 'b 200', 'advance 300', 'c 300']);
    await clock.sleep(-5); // counts as 0
    expect(clock.now()).toBe(START + 300);
  });

  it('holds still while work on real sockets is under way, also when one answer starts the next request', async () => {
    const server = createServer((_, response) => setTimeout(() => response.end('ok'), 15));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const request = (): Promise<void> =>
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, agent: false }, (answer) => answer.resume().on('end', resolve)).on(
          'error',
          reject,
        );
      });
    const clock = new VirtualClock({ start: START });
    const seen: number[] = [];
    let slept = false;
    const sleeping = clock.sleep(1_000).then(() => (slept = true));
    for (let round = 0; round < 3; round++) {
      await clock.during(request());
      seen.push(clock.now() - START);
      expect(slept).toBe(false);
    }
    await sleeping;
    server.close();
    expect(seen).toEqual([0, 0, 0]);
    expect(clock.now()).toBe(START + 1_000);
  });

  it('goes on after failed work, and moves by hand', async () => {
    const clock = new VirtualClock({ start: START });
    await expect(clock.during(Promise.reject(new Error('down')))).rejects.toThrow('down');
    const order: string[] = [];
    const held = new Promise<void>((release) => {
      void clock.during(new Promise<void>((done) => setImmediate(() => setImmediate(done)))).then(release);
    });
    const early = clock.sleep(10).then(() => order.push('early'));
    const late = clock.sleep(5_000).then(() => order.push('late'));
    clock.advance(10); // by hand, although work is under way
    await early;
    expect(order).toEqual(['early']);
    await held;
    await late;
    expect(clock.now()).toBe(START + 5_000);
  });
});

describe('VirtualClock: an abort in the middle of a sleep', () => {
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  };

  it('leaves the clock where it was, also when nobody else sleeps', async () => {
    const moves: number[] = [];
    const clock = new VirtualClock({ start: START, onAdvance: (now) => moves.push(now - START) });
    const controller = new AbortController();
    const long = rejection(clock.sleep(60_000, controller.signal));
    await clock.sleep(1_000);
    controller.abort();
    expect((await long).code).toBe('Canceled');
    await turns();
    expect([clock.now() - START, moves]).toEqual([1_000, [1_000]]);
    const again = new AbortController();
    const alone = rejection(clock.sleep(60_000, again.signal));
    again.abort();
    await alone;
    await turns();
    expect([clock.now() - START, moves]).toEqual([1_000, [1_000]]);
  });

  it('wakes nobody else early, and the others at their time', async () => {
    const clock = new VirtualClock({ start: START });
    const controller = new AbortController();
    const woken: number[] = [];
    const sleep = (ms: number) => clock.sleep(ms).then(() => void woken.push(clock.now() - START));
    const others = [sleep(3_000), sleep(5_000)];
    const aborted = rejection(clock.sleep(4_000, controller.signal));
    await clock.sleep(1_000);
    controller.abort();
    await aborted;
    expect(clock.now() - START).toBe(1_000);
    await Promise.all(others);
    expect(woken).toEqual([3_000, 5_000]);
  });
});

describe.each<[string, () => Clock]>([
  ['systemClock', () => systemClock],
  ['VirtualClock', () => new VirtualClock({ start: START })],
])('abort on %s', (_, make) => {
  it('rejects with Canceled, at once when aborted already, and leaves no listener behind', async () => {
    const clock = make();
    const hold = clock.during(new Promise((done) => setTimeout(done, 30))); // keeps virtual time from jumping
    const controller = new AbortController();
    const { signal } = controller;
    await Promise.all(Array.from({ length: 30 }, () => clock.sleep(0, undefined)).concat(clock.sleep(1, signal)));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    const hold2 = clock.during(new Promise((done) => setTimeout(done, 30)));
    // thirty sleeps share one listener: from the eleventh on Node would warn of a leak
    const sleeps = Array.from({ length: 30 }, () => rejection(clock.sleep(60_000, signal)));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort();
    expect(new Set((await Promise.all(sleeps)).map(({ code }) => code))).toEqual(new Set(['Canceled']));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect((await rejection(clock.sleep(0, signal))).code).toBe('Canceled');
    await Promise.all([hold, hold2]);
  });

  it('reaches whoever still sleeps when another one on the same signal has woken', async () => {
    const clock = make();
    const controller = new AbortController();
    const long = rejection(clock.sleep(60_000, controller.signal));
    await clock.sleep(1, controller.signal);
    controller.abort();
    expect((await long).code).toBe('Canceled');
  });
});

describe('systemClock', () => {
  it('does not turn a wait of a month into one of a millisecond', async () => {
    const controller = new AbortController();
    let woke = false;
    const sleeping = rejection(systemClock.sleep(2 ** 31, controller.signal)).finally(() => (woke = true));
    await systemClock.sleep(20);
    expect(woke).toBe(false);
    controller.abort();
    expect((await sleeping).code).toBe('Canceled');
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  });
});

describe('Random', () => {
  it('makes version 4 UUIDs, and repeats from a seed', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const random of [systemRandom, seededRandom(SEED)]) {
      expect(random.uuid()).toMatch(uuid);
      const next = random.next();
      expect(next >= 0 && next < 1).toBe(true);
    }
    const take = (random: Random): unknown[] => [random.next(), random.uuid(), random.next()];
    expect(take(seededRandom(SEED))).toEqual(take(seededRandom(SEED)));
    expect(take(seededRandom(SEED))).not.toEqual(take(seededRandom(SEED + 1)));
  });
});

describe('waitFor', () => {
  const wait = (
    states: readonly string[],
    more: Partial<Wait<string>> = {},
  ): { promise: Promise<string>; at: number[] } => {
    const clock = new VirtualClock({ start: START });
    const at: number[] = [];
    let look = 0;
    const promise = waitFor<string>({
      clock,
      random: noJitter,
      what: 'peering pcc-1 to become active',
      look: async () => {
        at.push(clock.now() - START);
        return states[Math.min(look++, states.length - 1)] ?? '';
      },
      judge: (state) => {
        if (state === 'active') return { kind: 'success' };
        if (state === 'failed') return { kind: 'failure', error: new PeerwayError('FailedPrecondition', 'it failed') };
        return { kind: 'retry' };
      },
      describe: (state) => state,
      ...more,
    });
    return { promise, at };
  };

  it('looks at once, then with growing pauses up to the longest', async () => {
    const { promise, at } = wait([...Array<string>(10).fill('making'), 'active']);
    expect(await promise).toBe('active');
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(at[0]).toBe(0);
    expect(pauses.slice(0, 3)).toEqual([500, 751, 1127.5]);
    expect(pauses.at(-1)).toBe(5_000);
  });

  it('ends with the failure that a look shows, without looking again', async () => {
    const { promise, at } = wait(['making', 'failed', 'active']);
    expect((await rejection(promise)).message).toBe('it failed');
    expect(at).toHaveLength(2);
  });

  it('looks last when the time is up, and counts the states it saw', async () => {
    const progress: WaitProgress[] = [];
    const { promise, at } = wait(['making', 'making', 'updating'], {
      timeoutMs: 3_000,
      onProgress: (one) => progress.push(one),
    });
    const error = await rejection(promise);
    expect(error.code).toBe('DeadlineExceeded');
    expect(error.message).toBe(
      'Gave up after 3000 ms waiting for peering pcc-1 to become active; seen: making ×2, updating ×3',
    );
    expect(at.at(-1)).toBe(3_000);
    expect(progress.map(({ looks, state }) => `${looks} ${state}`)).toEqual([
      '1 making',
      '2 making',
      '3 updating',
      '4 updating',
      '5 updating',
    ]);
    expect(progress.at(-1)?.elapsedMs).toBe(3_000);
  });

  it('looks once when there is no time at all', async () => {
    const { promise, at } = wait(['making'], { timeoutMs: 0 });
    expect((await rejection(promise)).code).toBe('DeadlineExceeded');
    expect(at).toEqual([0]);
  });

  it('gives on what a look throws, and stops when the signal aborts', async () => {
    const broken = wait([], { look: () => Promise.reject(new PeerwayError('Unauthenticated', 'no')) });
    expect((await rejection(broken.promise)).code).toBe('Unauthenticated');
    const controller = new AbortController();
    const { promise, at } = wait(['making'], {
      signal: controller.signal,
      onProgress: ({ looks }) => looks === 3 && controller.abort(),
    });
    expect((await rejection(promise)).code).toBe('Canceled');
    expect(at).toHaveLength(3);
    expect((await rejection(wait(['active'], { signal: controller.signal }).promise)).code).toBe('Canceled');
  });

  it.each([{ minDelayMs: 10, maxDelayMs: 5 }, { minDelayMs: -1 }, { timeoutMs: NaN }, { maxDelayMs: NaN }])(
    'refuses %p',
    async (options) => {
      expect((await rejection(wait(['active'], options).promise)).code).toBe('InvalidArgument');
    },
  );

  it.each([
    [{ minDelayMs: 20_000 }, [0, 20_000, 40_000]],
    [{ maxDelayMs: 100 }, [0, 100, 200]],
  ])('takes %p alone: the other one follows', async (options, times) => {
    const { promise, at } = wait(['making', 'making', 'active'], options);
    await promise;
    expect(at).toEqual(times);
  });

  it('keeps every pause within 20 % of its length', () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { promise, at } = wait(['a', 'a', 'a', 'active'], {
          random: seededRandom(seed),
          minDelayMs: 100,
          maxDelayMs: 100,
        });
        await promise;
        for (const [i, time] of at.slice(1).entries()) {
          const pause = time - (at[i] ?? 0);
          expect(pause >= 80 && pause <= 120).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 50 },
    ));
});

describe('withRetry', () => {
  const fail = (code: ErrorCode, details: ErrorDetails = {}): PeerwayError => new PeerwayError(code, code, details);
  const start = (
    errors: readonly unknown[],
    more: Partial<RetryContext> = {},
  ): { promise: Promise<string>; pauses: number[]; tries: () => number } => {
    const clock = more.clock ?? new VirtualClock({ start: START });
    const pauses: number[] = [];
    let tries = 0;
    const promise = withRetry(
      {
        clock,
        random: noJitter,
        policy: DEFAULT_RETRY_POLICY,
        signal: new AbortController().signal,
        repeatable: true,
        onRetry: (_, delayMs) => pauses.push(delayMs),
        ...more,
      },
      async () => {
        const error = errors[Math.min(tries++, errors.length - 1)];
        if (error !== 'done') throw error;
        return 'done';
      },
    );
    return { promise, pauses, tries: () => tries };
  };

  it.each<[ErrorCode, number]>([
    ['NotFound', 1],
    ['AlreadyExists', 1],
    ['QuotaExceeded', 1],
    ['Unknown', 1],
    ['Throttled', 6],
    ['Unavailable', 6],
  ])('tries %s %d times', async (code, times) => {
    const { promise, tries } = start([fail(code)]);
    expect((await rejection(promise)).code).toBe(code);
    expect(tries()).toBe(times);
  });

  it('doubles the pauses of backoff up to the longest, and waits half to all of each', async () => {
    const policy = { ...DEFAULT_RETRY_POLICY, maxBackoffMs: 3_000 };
    const { promise, pauses } = start([fail('Throttled')], { policy });
    await rejection(promise);
    expect(pauses).toEqual([300, 600, 1_200, 2_250, 2_250]);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const jittered = start([fail('Throttled')], { random: seededRandom(seed) });
        await rejection(jittered.promise);
        for (const [i, pause] of jittered.pauses.entries()) {
          expect(pause >= 200 * 2 ** i && pause <= 400 * 2 ** i).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  it('repeats settle errors for two minutes, with pauses of one to two times settleMs', async () => {
    const clock = new VirtualClock({ start: START });
    const { promise, pauses } = start([fail('Conflict')], { clock, random: seededRandom(SEED) });
    expect((await rejection(promise)).code).toBe('Conflict');
    expect(clock.now() - START).toBeGreaterThanOrEqual(120_000);
    expect(clock.now() - START).toBeLessThan(126_000);
    for (const pause of pauses) expect(pause >= 3_000 && pause <= 6_000).toBe(true);
  });

  it('counts backoff tries apart from settle tries', async () => {
    const { promise, tries, pauses } = start([
      ...Array<PeerwayError>(10).fill(fail('Conflict')),
      fail('Throttled'),
      fail('Throttled'),
      'done',
    ]);
    expect(await promise).toBe('done');
    expect(tries()).toBe(13);
    expect(pauses.slice(-2)).toEqual([300, 600]);
  });

  it('repeats `once` one time, at once', async () => {
    const skewed = fail('Unauthenticated', { retry: 'once' });
    const { promise, pauses } = start([skewed]);
    expect(await rejection(promise)).toBe(skewed);
    expect(pauses).toEqual([0]);
    expect(await start([skewed, 'done']).promise).toBe('done');
  });

  it('waits as long as the cloud asks, and gives up at once when that is longer than two minutes', async () => {
    const { promise, pauses } = start([fail('Throttled', { retryAfterMs: 9_000 }), 'done']);
    await promise;
    expect(pauses).toEqual([9_000]);
    const hours = start([fail('Throttled', { retryAfterMs: 7_200_000 }), 'done']);
    expect((await rejection(hours.promise)).details.retryAfterMs).toBe(7_200_000);
    expect(hours.tries()).toBe(1);
  });

  it('does not repeat an unknown outcome unless the work is repeatable', async () => {
    const lost = fail('Unavailable', { outcome: 'unknown' });
    const once = start([lost, 'done'], { repeatable: false });
    expect(await rejection(once.promise)).toBe(lost);
    expect(once.tries()).toBe(1);
    expect(await start([lost, 'done'], { repeatable: true }).promise).toBe('done');
    // not executed for sure: repeated also when it is not repeatable
    expect(await start([fail('Throttled'), 'done'], { repeatable: false }).promise).toBe('done');
  });

  it('gives on what is no PeerwayError, and stops when the signal aborts in a pause', async () => {
    const foreign = new TypeError('x');
    await expect(start([foreign]).promise).rejects.toBe(foreign);
    const controller = new AbortController();
    const { promise, tries } = start([fail('Throttled')], {
      signal: controller.signal,
      onRetry: () => controller.abort(),
    });
    expect((await rejection(promise)).code).toBe('Canceled');
    expect(tries()).toBe(1);
  });
});
