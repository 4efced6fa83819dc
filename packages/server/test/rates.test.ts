/** One rate over workers: exactly by a row in PostgreSQL, by shares without one and while it is away. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock, VirtualClock, type SharedRate } from '@peerway/core';
import { PostgresRate } from '../src/rates/postgresRate.js';
import { SharesOfRate } from '../src/rates/sharesOfRate.js';
import { workersRate } from '../src/rates/workersRate.js';
import { postgresMissing, PostgresServer } from './postgresServer.js';

const SPACING = 25;

describe('shares of a rate', () => {
  const START = Date.UTC(2026, 10, 27);

  it('are as many as there are workers, and the last number holds while nobody can be asked', async () => {
    const clock = new VirtualClock({ start: START });
    const answers: (number | Error)[] = [1, 4, new Error('away')];
    const shares = new SharesOfRate(clock, async () => {
      const answer = answers.shift() ?? 4;
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const end = new AbortController();
    const counting = shares.keepCounting(end.signal);
    await clock.sleep(10);
    expect((await shares.reserve('a', 2, SPACING)).spacingMs).toBe(SPACING);
    await clock.sleep(2_000);
    expect(await shares.reserve('a', 2, SPACING)).toEqual({ firstInMs: 0, spacingMs: 4 * SPACING });
    expect(await shares.reserve('a', 1, SPACING)).toEqual({ firstInMs: 8 * SPACING, spacingMs: 4 * SPACING });
    expect(await shares.reserve('b', 1, SPACING)).toEqual({ firstInMs: 0, spacingMs: 4 * SPACING });
    await clock.sleep(2_000);
    expect((await shares.reserve('a', 1, SPACING)).spacingMs).toBe(4 * SPACING);
    end.abort();
    await counting;
  });

  it('are not begun before the workers have been counted', async () => {
    const clock = new VirtualClock({ start: START });
    let answer: (count: number) => void = () => undefined;
    const shares = new SharesOfRate(clock, () => new Promise((resolve) => (answer = resolve)));
    const end = new AbortController();
    const counting = shares.keepCounting(end.signal);
    const reserved = shares.reserve('a', 1, SPACING);
    end.abort();
    answer(3);
    expect((await reserved).spacingMs).toBe(3 * SPACING);
    await counting;
  });

  it('keep the rate of an account together, while workers come and go, and leave nothing of it unused', async () => {
    const clock = new VirtualClock({ start: START });
    const sent: number[] = [];
    const alive = new Set<number>();
    const end = new AbortController();
    const worker = async (name: number, fromMs: number, untilMs: number): Promise<void> => {
      const own = new AbortController();
      end.signal.addEventListener('abort', () => own.abort());
      await clock.sleep(fromMs);
      alive.add(name);
      const shares = new SharesOfRate(clock, async () => alive.size);
      void shares.keepCounting(own.signal);
      while (clock.now() < START + untilMs) {
        const { firstInMs, spacingMs } = await shares.reserve('a', 4, SPACING);
        for (let turn = 0; turn < 4; turn++) {
          await clock.sleep(turn === 0 ? firstInMs : spacingMs);
          sent.push(clock.now() - START);
        }
      }
      alive.delete(name);
      own.abort();
    };
    // two from the start on, a third after 20 s; one goes after 40 s
    await Promise.all([worker(1, 0, 60_000), worker(2, 0, 40_000), worker(3, 20_000, 60_000)]);
    end.abort();
    const inTenSeconds = (from: number): number => sent.filter((at) => at >= from && at < from + 10_000).length;
    const full = 10_000 / SPACING;
    for (const from of [3_000, 10_000, 28_000, 45_000]) {
      expect(inTenSeconds(from)).toBeGreaterThan(full * 0.95);
      expect(inTenSeconds(from)).toBeLessThanOrEqual(full * 1.05);
    }
    // whoever has not been counted yet is one too many for 2 s
    for (let from = 0; from < 50_000; from += 500) expect(inTenSeconds(from)).toBeLessThanOrEqual(full * 1.15);
  });
});

const onPostgres = postgresMissing === undefined ? describe : describe.skip;

onPostgres(`a rate in PostgreSQL (${postgresMissing ?? 'it is here'})`, () => {
  let server: PostgresServer;
  const changes: boolean[] = [];
  const workers: PostgresRate[] = [];
  const meanwhile: SharedRate = { reserve: async () => ({ firstInMs: 1, spacingMs: 1_000 }) };

  beforeAll(async () => {
    server = await PostgresServer.start();
    const now = (): number => systemClock.now();
    const options = { url: server.url, meanwhile, now, onChange: (reachable: boolean) => changes.push(reachable) };
    // all at once: of those that make the table only one can
    workers.push(...(await Promise.all([1, 2, 3].map(() => PostgresRate.connect(options)))));
  });
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await server.remove();
  });

  it('gives each turn once, whoever asks', async () => {
    const from = performance.now();
    const reserved = await Promise.all(
      workers.flatMap((worker) => [5, 7, 3].map((turns) => worker.reserve('account', turns, SPACING))),
    );
    expect(reserved.map(({ spacingMs }) => spacingMs)).toEqual(Array<number>(9).fill(SPACING));
    const { firstInMs } = await workers[0]!.reserve('account', 1, SPACING);
    expect(firstInMs).toBeLessThanOrEqual(45 * SPACING);
    expect(firstInMs).toBeGreaterThanOrEqual(45 * SPACING - (performance.now() - from) - 1);
    expect((await workers[0]!.reserve('another', 1, SPACING)).firstInMs).toBe(0);
  });

  it('is kept by shares while the database is away, and exactly again afterwards', async () => {
    const [worker] = workers;
    await server.stop();
    expect(await worker!.reserve('account', 1, SPACING)).toEqual({ firstInMs: 1, spacingMs: 1_000 });
    expect(changes).toEqual([false]);
    await server.open();
    let answer = await worker!.reserve('account', 1, SPACING);
    for (let tries = 0; tries < 100 && answer.spacingMs !== SPACING; tries++) {
      await systemClock.sleep(50);
      answer = await worker!.reserve('account', 1, SPACING);
    }
    expect(answer.spacingMs).toBe(SPACING);
    expect(changes).toEqual([false, true]);
  });

  it('that cannot be used is said without its address', async () => {
    const url = `${server.url}-there-is-not`.replace('tester', 'tester:canary-password');
    const options = { url, clock: systemClock, count: async () => 1, log: () => undefined };
    const refused = await workersRate(options).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'Unavailable' });
    expect(JSON.stringify(refused)).not.toContain('canary');
  });
});
