/** Rules moved at random in an emulator that plays the live cloud. */
import { seededRandom } from '@peerway/core';
import type { Cloud, Finding, RuleValue, SheetRule } from '@peerway/parity';

/** Other numbers to move a rule to: far enough from the default to be told apart. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  'alibaba.auth.nonceRetentionMs': [1_000, 120_000, 600_000],
  'baidu.auth.futureToleranceMs': [1_000, 120_000, 3_600_000],
  'baidu.peerconn.longestDescription': [60, 199, 201, 3_000],
  'baidu.peerconn.longestInterfaceName': [40, 64, 66, 1_000],
  'baidu.peerconn.minimumBandwidthMbps': [2, 5, 11],
  'baidu.peerconn.maximumBandwidthMbps': [500, 99_999, 100_001],
};

/** Every position of a rule but its default, as far as a probe tells it. */
export function otherPositions(rule: SheetRule): readonly RuleValue[] {
  if (typeof rule.default === 'boolean') return [!rule.default];
  if (typeof rule.default === 'number') return NUMBERS[rule.name] ?? [];
  return (rule.values ?? []).filter((value) => value !== rule.default);
}

/** The rules that the cloud's probes settle. */
export const probed = (cloud: Cloud, sheet: readonly SheetRule[]): readonly SheetRule[] => {
  const names = new Set(cloud.probes.flatMap(({ rules }) => rules));
  return sheet.filter(({ name }) => names.has(name));
};

/** 1 to 20 rules in other positions; none that another one of them would hide. */
export function movedRules(
  cloud: Cloud,
  sheet: readonly SheetRule[],
  seed: number,
): Readonly<Record<string, RuleValue>> {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
  const rules = [...probed(cloud, sheet)];
  const moved = new Map<string, RuleValue>();
  const count = Math.min(1 + Math.floor(random.next() * 20), rules.length);
  while (moved.size < count) {
    const rule = pick(rules.filter(({ name }) => !moved.has(name)));
    moved.set(rule.name, pick(otherPositions(rule)));
  }
  for (const { rule, position, hides } of cloud.hidings) {
    if (moved.get(rule) === position) for (const name of hides) moved.delete(name);
  }
  return Object.fromEntries(moved);
}

/** Names of the rules that a run found in other positions, sorted. */
export const differing = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ verdict }) => verdict === 'differs').map(({ rule }) => rule);
