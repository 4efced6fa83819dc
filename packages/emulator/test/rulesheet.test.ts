/** The rule sheet: every rule has a default, a source, and a probe that sees a difference between two of its positions. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { ALIBABA_PROBES } from './ruleProbes.js';
import { BAIDU_PROBES } from './ruleProbesBaidu.js';
// by its path: the probes that a live account can be asked are in a package of their own, whose tests move these rules
import { alibabaCloud, baiduCloud } from '../../parity/src/index.js';

const PROBES = { ...ALIBABA_PROBES, ...BAIDU_PROBES };
/** Each is moved to every position by packages/parity/test/positions.test.ts. */
const ASKED_LIVE = [alibabaCloud, baiduCloud].flatMap(({ probes }) => probes.flatMap(({ rules }) => rules));

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 17 });
});
afterEach(() => {
  expect(emulator.crashes).toEqual([]);
});
afterAll(() => emulator.close());

/** What is seen in a fresh world with this rule in this position. */
async function seen(name: string, position: string | number | boolean): Promise<unknown> {
  emulator.reset();
  const probe = PROBES[name]!;
  emulator.rules.set({ ...probe.base, [name]: position });
  return JSON.stringify(await probe.look(emulator)) ?? 'nothing';
}

describe('every rule', () => {
  it('has a default among its positions, a note, and a source or the reason for the guess', () => {
    for (const { name, default: position, values, source, note } of emulator.rules.list()) {
      expect([name, note !== '', source !== '', values === undefined || values.includes(position)]).toEqual([
        name, true, true, true,
      ]); // prettier-ignore
      expect([name, source === 'unverified']).toEqual([name, false]);
    }
  });

  it('has a probe, and every probe a rule', () => {
    const names = emulator.rules.list().map(({ name }) => name);
    expect([...Object.keys(PROBES), ...ASKED_LIVE].sort()).toEqual([...names].sort());
    // a probe compares with a position that is not the default
    const defaults = new Map(emulator.rules.list().map((rule) => [rule.name, rule.default]));
    expect(Object.entries(PROBES).filter(([name, { other }]) => defaults.get(name) === other)).toEqual([]);
  });

  it.each(Object.entries(PROBES))('%s can be seen from outside', async (name, { other }) => {
    const standard = emulator.rules.list().find((rule) => rule.name === name)?.default;
    const before = await seen(name, standard!);
    expect(before).not.toBe(await seen(name, other));
    // the same look in the same position sees the same: the difference is the rule's
    expect(await seen(name, standard!)).toBe(before);
  });
});
