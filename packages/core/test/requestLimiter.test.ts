/** When requests leave: the learned window, the fixed rate, giving up, and what entries of one account share. */
import { describe, expect, it } from '@jest/globals';
import {
  accountId,
  definePlugin,
  PeerwayError,
  Provider,
  Redactor,
  regionId,
  RequestLimiter,
  seededRandom,
  VirtualClock,
  type Call,
  type ProviderDriver,
  type ProviderSettings,
  type RequestObserver,
} from '../src/index.js';
import { CAPABILITIES } from './fakeProvider.js';

const START = Date.UTC(2026, 10, 26);
const never = new AbortController().signal;

/** Most of the times that lie in one second. */
const mostInASecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));

/** Providers over a driver whose listing of networks sends `requests` requests, each answered after `answerMs`. */
class Account {
  readonly clock = new VirtualClock({ start: START });
  readonly sentAt: number[] = [];
  readonly waits: number[] = [];
  readonly learned: number[] = [];
  requests = 1;
  answerMs = 20;
  /** Asked before each request. */
  refuse: (count: number) => boolean = () => false;
  /** Status of what is refused; undefined: no answer came. */
  refusal: number | undefined = 429;

  readonly #observer: RequestObserver = {
    requestWaited: (_, __, ms) => this.waits.push(ms),
    limitLearned: (_, { window }) => this.learned.push(window),
  };

  provider(settings: Partial<ProviderSettings> = {}): Provider {
    const plugin = definePlugin({
      apiVersion: 1,
      id: 'fake',
      displayName: 'Fake cloud',
      capabilities: CAPABILITIES,
      options: class {},
      credentials: [],
      create: () => driver,
    });
    const driver = {
      networks: { list: async (_: unknown, call: Call) => this.#list(call) },
      close: async () => undefined,
    } as unknown as ProviderDriver;
    return new Provider(
      plugin,
      driver,
      { name: 'mine', region: regionId('here'), ...settings },
      { clock: this.clock, random: seededRandom(1), redactor: new Redactor(), observer: this.#observer },
    );
  }

  async #list(call: Call): Promise<{ items: [] }> {
    for (let sent = 0; sent < this.requests; sent++) {
      const answered = await call.admit({ nativeOperation: 'List', mutating: false });
      this.sentAt.push(this.clock.now());
      const refused = this.refuse(this.sentAt.length);
      const httpStatus = refused ? this.refusal : 200;
      answered({ ...(httpStatus === undefined ? {} : { httpStatus }), durationMs: 0 });
      if (refused) throw new PeerwayError('Throttled', 'slow down');
    }
    return { items: [] };
  }
}

/** A provider whose listing of networks is this, and nothing else. */
function listingBy(clock: VirtualClock, list: (call: Call) => Promise<{ items: [] }>): Provider {
  const driver = { networks: { list: (_: unknown, call: Call) => list(call) } } as unknown as ProviderDriver;
  const plugin = definePlugin({
    ...({ apiVersion: 1, id: 'fake', displayName: 'F', capabilities: CAPABILITIES } as const),
    options: class {},
    credentials: [],
    create: () => driver,
  });
  const environment = { clock, random: seededRandom(1), redactor: new Redactor() };
  return new Provider(plugin, driver, { name: 'mine', region: regionId('here') }, environment);
}

const listed = async (provider: Provider, signal?: AbortSignal): Promise<void> => {
  for await (const _ of provider.networks.list(signal === undefined ? {} : { signal })) continue;
};

describe('a rate', () => {
  it('is kept by every request of every provider of the account, and reached', async () => {
    const account = new Account();
    account.requests = 50;
    const providers = [
      account.provider({ credentials: 'k1', callsPerSecond: 20 }),
      account.provider({ credentials: 'k1', region: regionId('there') }),
    ];
    await Promise.all(providers.flatMap((provider) => [listed(provider), listed(provider.readOnly())]));
    expect(account.sentAt).toHaveLength(200);
    expect(mostInASecond(account.sentAt)).toBeLessThanOrEqual(21);
    expect(account.clock.now() - START).toBeLessThanOrEqual(10_000);
    expect(account.waits.length).toBeGreaterThanOrEqual(198);
  });

  it('of an account is the lowest that any of its entries says', async () => {
    const account = new Account();
    const one = account.provider({ account: accountId('7'), credentials: 'k1', callsPerSecond: 100 });
    account.provider({ account: accountId('7'), credentials: 'k2', callsPerSecond: 2 });
    account.provider({ account: accountId('8'), credentials: 'k3', callsPerSecond: 1 });
    account.requests = 11;
    await listed(one);
    expect(Math.round((account.clock.now() - START) / 100)).toBe(50); // ten waits of half a second
  });

  it('is none of the same account at another address', async () => {
    const account = new Account();
    const one = account.provider({ account: accountId('7'), credentials: 'k1' });
    const there = { endpoint: 'https://there.example', account: accountId('7'), credentials: 'k1' };
    account.provider({ ...there, callsPerSecond: 1 });
    account.requests = 10;
    await listed(one);
    expect(account.clock.now() - START).toBeLessThan(1_000);
  });

  it.each([
    ['a higher one', 10, 1_000],
    ['none', undefined, 0],
  ])('that has become %s in the file holds from then on: an entry that is closed says nothing', async (_, rate, ms) => {
    const account = new Account();
    const before = account.provider({ credentials: 'k1', callsPerSecond: 1 });
    account.requests = 2;
    await listed(before);
    const waiting = listed(before); // its turn would come in a second
    await before.close();
    const after = account.provider({ credentials: 'k1', ...(rate === undefined ? {} : { callsPerSecond: rate }) });
    await waiting;
    const from = account.clock.now();
    account.requests = 10;
    await listed(after);
    const took = account.clock.now() - from;
    expect(took).toBeGreaterThanOrEqual(ms * 0.9);
    expect(took).toBeLessThanOrEqual(ms * 1.1 + 250); // its answers take 20 ms each
  });

  it('is not made up for after a pause', async () => {
    const account = new Account();
    const provider = account.provider({ callsPerSecond: 10 });
    await listed(provider);
    await account.clock.sleep(60_000);
    account.requests = 30;
    await listed(provider);
    expect(mostInASecond(account.sentAt)).toBeLessThanOrEqual(11);
  });

  it('goes on when the clock is set back', async () => {
    let now = START;
    const clock = {
      now: () => now,
      sleep: async (ms: number) => void (now += ms),
      during: <T>(work: Promise<T>) => work,
    };
    const limiter = new RequestLimiter(clock);
    limiter.holdTo(1, {});
    await limiter.enter(never);
    now -= 3_600_000;
    await limiter.enter(never);
    expect(now).toBeLessThanOrEqual(START - 3_600_000 + 1_000);
  });
});

describe('a call that asks two accounts', () => {
  it.each(['home', 'away'] as const)(
    'narrows the window of the one whose request the cloud refused: %s',
    async (who) => {
      const clock = new VirtualClock({ start: START });
      const narrowed: string[] = [];
      const ask = async (call: Call, refused: boolean): Promise<void> => {
        const answered = await call.admit({ nativeOperation: 'Get', mutating: false });
        answered({ httpStatus: refused ? 429 : 200, durationMs: 0 });
        if (refused) throw new PeerwayError('Throttled', 'slow down', { retry: 'never' });
      };
      const links = {
        across: (_: unknown, beside: (call: Call) => Call) => ({
          list: async (_query: unknown, _cursor: unknown, call: Call) => {
            const other = beside(call);
            await ask(call, false);
            await ask(other, who === 'away');
            await ask(call, who === 'home');
            return { items: [] };
          },
        }),
      };
      const account = (name: string): Provider => {
        const driver = { links } as unknown as ProviderDriver;
        const plugin = definePlugin({
          ...({ apiVersion: 1, id: 'fake', displayName: 'F', capabilities: CAPABILITIES } as const),
          options: class {},
          credentials: [],
          create: () => driver,
        });
        const observer: RequestObserver = { limitLearned: () => narrowed.push(name) };
        const environment = { clock, random: seededRandom(1), redactor: new Redactor(), observer };
        return new Provider(plugin, driver, { name, region: regionId('here') }, environment);
      };
      const [home, away] = [account('home'), account('away')];
      const list = home.links.across(away.links).list();
      await expect(list.next()).rejects.toMatchObject({ code: 'Throttled' });
      expect(narrowed).toEqual([who]);
    },
  );
});

describe('the window', () => {
  it('halves once for all that were under way together, and grows again when it is what holds requests up', async () => {
    const limiter = new RequestLimiter(new VirtualClock({ start: START }));
    await Promise.all(Array.from({ length: 10 }, () => limiter.enter(never)));
    expect(limiter.enterNow()).toBe(false);
    expect([limiter.throttled()?.window, limiter.throttled()]).toEqual([5, undefined]);
    for (let at = 0; at < 10; at++) limiter.left();
    const grown: number[] = [];
    for (let round = 0; round < 400; round++) {
      const waiting = Array.from({ length: 10 }, () => limiter.enter(never));
      for (const one of waiting) {
        await one;
        const change = limiter.good();
        if (change !== undefined) grown.push(change.window);
        limiter.left();
      }
    }
    expect(grown.slice(0, 3)).toEqual([6, 7, 8]);
    expect(limiter.window).toBe(10); // ten at once never wait for more
  });

  it('halves down to one, and tells of no change that is none', () => {
    const limiter = new RequestLimiter(new VirtualClock({ start: START }));
    expect(Array.from({ length: 5 }, () => limiter.throttled()?.window)).toEqual([5, 2, 1, undefined, undefined]);
    expect(limiter.window).toBe(1);
  });

  it('grows to forty, however long the cloud is content', async () => {
    const limiter = new RequestLimiter(new VirtualClock({ start: START }));
    const waiting = Array.from({ length: 100 }, () => limiter.enter(never)); // there is always somebody who waits
    for (let answer = 0; answer < 10_000; answer++) limiter.good();
    await Promise.all(waiting.slice(0, 10));
    expect(limiter.window).toBe(11);
    for (let round = 0; round < 100; round++) {
      limiter.left();
      for (let answer = 0; answer < 1_000; answer++) limiter.good();
      waiting.push(limiter.enter(never));
    }
    expect(limiter.window).toBe(40);
  });

  it.each([
    ['says that it is too fast in an answer that is good by its status', 200],
    ['answers nothing', undefined],
  ])('halves when the cloud %s', async (_, httpStatus) => {
    const account = new Account();
    account.refuse = (count) => count === 1;
    account.refusal = httpStatus;
    await listed(account.provider({ credentials: 'k1' }));
    expect(account.learned).toEqual([5]);
  });

  it('is shared, and what one learns holds for all', async () => {
    const account = new Account();
    account.refuse = (count) => count === 1;
    await listed(account.provider({ credentials: 'k1' }));
    expect(account.learned).toEqual([5]);
  });
});

describe('a request that waits', () => {
  it('does not begin to wait when its call is over', async () => {
    const limiter = new RequestLimiter(new VirtualClock({ start: START }));
    await expect(limiter.enter(AbortSignal.abort())).rejects.toMatchObject({ code: 'Canceled' });
    const places = Array.from({ length: 11 }, () => limiter.enterNow());
    expect(places).toEqual([...Array<boolean>(10).fill(true), false]);
  });

  it('leaves no timer behind when it is given up', async () => {
    const signals: AbortSignal[] = [];
    const clock = {
      now: () => START,
      sleep: (_: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          if (signal !== undefined) signals.push(signal);
          signal?.addEventListener('abort', () => reject(new Error('woken')));
        }),
      during: <T>(work: Promise<T>) => work,
    };
    const limiter = new RequestLimiter(clock);
    limiter.holdTo(1, {});
    await limiter.enter(never);
    const stops = [new AbortController(), new AbortController()];
    const waiting = stops.map(({ signal }) => limiter.enter(signal));
    stops[0]?.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'Canceled' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]); // somebody is left to wake for
    stops[1]?.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'Canceled' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is given up with its call, and the others keep their turns', async () => {
    const account = new Account();
    const provider = account.provider({ callsPerSecond: 1 });
    await listed(provider);
    const stop = new AbortController();
    const given = listed(provider, stop.signal);
    const kept = listed(provider);
    await account.clock.sleep(100);
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: 'Canceled' });
    await kept;
    expect(account.sentAt.map((at) => at - START)).toEqual([0, 995]);
  });

  it('is given up when nothing more is to begin, unless its call has sent something already', async () => {
    const account = new Account();
    const provider = account.provider({ callsPerSecond: 1 });
    account.requests = 2;
    const stop = new AbortController();
    const page = provider.networks.list({ stopRepeating: stop.signal }).next();
    const late = provider.networks.list({ stopRepeating: stop.signal }).next();
    await account.clock.sleep(100);
    stop.abort();
    await expect(late).rejects.toMatchObject({ code: 'Canceled' });
    await page;
    expect(account.sentAt).toHaveLength(2);
  });

  it('gets its place although a driver has never given one back', async () => {
    const forgetful = listingBy(new VirtualClock({ start: START }), async (call) => {
      await call.admit({ nativeOperation: 'List', mutating: false });
      return { items: [] };
    });
    for (let at = 0; at < 30; at++) await listed(forgetful);
  });

  it('gets a place that is free, although a driver has given one back three times', async () => {
    let [underWay, most] = [0, 0];
    const eager = listingBy(new VirtualClock({ start: START }), async (call) => {
      const answered = await call.admit({ nativeOperation: 'List', mutating: false });
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      for (let told = 0; told < 3; told++) answered({ httpStatus: 200, durationMs: 1 });
      return { items: [] };
    });
    // forty good answers and more would widen the window
    await Promise.all(Array.from({ length: 40 }, () => listed(eager)));
    expect(most).toBe(10);
  });
});
