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
    await clock.sleep(5_000);
    expect(await shares.reserve('a', 2, SPACING)).toEqual({ firstInMs: 0, spacingMs: 4 * SPACING });
    expect(await shares.reserve('a', 1, SPACING)).toEqual({ firstInMs: 8 * SPACING, spacingMs: 4 * SPACING });
    expect(await shares.reserve('b', 1, SPACING)).toEqual({ firstInMs: 0, spacingMs: 4 * SPACING });
    await clock.sleep(5_000);
    expect((await shares.reserve('a', 1, SPACING)).spacingMs).toBe(4 * SPACING);
    end.abort();
    await counting;
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
