/** What every probe works with: a way to ask, time, and the networks of the run. What differs between clouds is in their own stages. */
import type { Clock, RawAnswer, RawRequest } from '@peerway/core';
import { Unsettled } from './unsettled.js';
import type { RuleValue } from './sheet.js';
import type { PartyKey, Wire } from './wire/parties.js';

export interface StageSettings {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly run: string;
  /** Which stretch of the run it is, from 0: a token of an earlier one would bring back what is gone. */
  readonly sitting: number;
  readonly regions: Readonly<Partial<Record<PartyKey, string>>>;
  /** Known ids of accounts, as the probe may see them. */
  readonly accounts: Readonly<Partial<Record<PartyKey, string>>>;
  readonly defaultOf: (rule: string) => RuleValue | undefined;
  readonly signal?: AbortSignal;
}

const QUICK_MS = 500;
const QUICK_FOR_MS = 5_000;
const SLOW_MS = 2_000;
const PATIENCE_MS = 300_000;

export abstract class Stage {
  readonly run: string;
  readonly clock: Clock;
  readonly #settings: StageSettings;
  readonly #times = new Map<string, number[]>();
  #tokens = 0;
  #section = '';

  constructor(settings: StageSettings) {
    this.#settings = settings;
    this.run = settings.run;
    this.clock = settings.clock;
  }

  /** Begins a probe: its tokens are its own, whatever ran before. */
  enter(section: string): void {
    this.#section = section.replaceAll(/[^a-z0-9]/g, '').slice(0, 24);
    this.#tokens = 0;
  }

  ask(party: PartyKey, request: RawRequest): Promise<RawAnswer> {
    return this.#settings.wire.ask(party, request);
  }

  /** @throws Unsettled where the run has no such party */
  region(party: PartyKey): string {
    const region = this.#settings.regions[party];
    if (region === undefined) throw new Unsettled(`there is no party ${party}`);
    return region;
  }

  /** @throws Unsettled where it is not known */
  account(party: PartyKey): string {
    const account = this.#settings.accounts[party];
    if (account === undefined) throw new Unsettled('the account is not written down');
    return account;
  }

  numberOf(rule: string): number {
    const value = this.#settings.defaultOf(rule);
    if (typeof value !== 'number') throw new Unsettled(`the rule sheet has no number for ${rule}`);
    return value;
  }

  /** A token for one request: never two alike, and the same ones when a recording is played. */
  token(): string {
    return `${this.run}-${this.#settings.sitting}-${this.#section}-${++this.#tokens}`;
  }

  sleep(ms: number): Promise<void> {
    return this.clock.sleep(ms, this.#settings.signal);
  }

  /**
   * Looks again and again until it is done, often at first.
   * @param change by the emulator's name of the delay, to remember how long it took
   * @throws Unsettled after five minutes
   */
  async until<T>(
    look: () => Promise<T>,
    done: (seen: T) => boolean,
    { what, change, forMs = PATIENCE_MS }: { readonly what: string; readonly change?: string; readonly forMs?: number },
  ): Promise<T> {
    const startedAt = this.clock.now();
    for (;;) {
      const seen = await look();
      const passed = this.clock.now() - startedAt;
      if (done(seen)) {
        if (change !== undefined) this.#times.set(change, [...(this.#times.get(change) ?? []), passed]);
        return seen;
      }
      if (passed > forMs) throw new Unsettled(`${what} did not come about within ${Math.round(forMs / 1_000)} s`);
      await this.sleep(passed < QUICK_FOR_MS ? QUICK_MS : SLOW_MS);
    }
  }

  /** How long each watched change took, in ms. */
  get times(): ReadonlyMap<string, readonly number[]> {
    return this.#times;
  }

  /**
   * The last number that is accepted, between one that is and one that is not; the default and its neighbour are tried first.
   * @returns undefined when `most` is accepted as well
   */
  async greatest(
    accepts: (number: number) => Promise<boolean>,
    guess: number,
    most: number,
  ): Promise<number | undefined> {
    let [good, bad] = [0, most + 1];
    const tries = [guess, guess + 1, most];
    for (let next: number | undefined = tries.shift(); bad - good > 1; next = tries.shift() ?? (good + bad) >> 1) {
      if (next === undefined || next <= good || next >= bad) continue;
      if (await accepts(next)) good = next;
      else bad = next;
    }
    return bad > most ? undefined : good;
  }
}
