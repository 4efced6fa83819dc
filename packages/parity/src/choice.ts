/** Which probes a run makes, which it does not and why, and what it will take: said before the first request that changes anything. */
import type { Cloud } from './cloud.js';
import type { Need, Probe, Topic } from './probe.js';
import { isOpen, type SheetRule } from './sheet.js';
import type { Parties } from './wire/parties.js';

/** What the account's owner allows. */
export interface Allowed {
  readonly crossRegion: boolean;
  readonly bandwidth: boolean;
  readonly wait: boolean;
}

export interface ChoiceOptions {
  readonly parties: Pick<Parties, 'a'> & { readonly b?: unknown; readonly far?: unknown };
  readonly sheet: readonly SheetRule[];
  readonly allow: Allowed;
  /** Only these topics. */
  readonly topics?: readonly Topic[];
  /** Only these rules, with whatever else their probes settle. */
  readonly rules?: readonly string[];
}

export interface NotProbed {
  readonly rule: string;
  readonly because: string;
}

export interface Estimate {
  readonly probes: number;
  readonly rules: number;
  /** Networks, peerings, routes and the like that are made and removed. */
  readonly objects: number;
  readonly minutes: number;
  /** What may appear on a bill; empty: nothing is known that would. */
  readonly money: readonly string[];
}

export interface Choice {
  readonly probes: readonly Probe[];
  readonly notProbed: readonly NotProbed[];
  /** By role, in the order in which they are made. */
  readonly networks: readonly string[];
  readonly estimate: Estimate;
}

export const WANTS: Readonly<Record<Need, string>> = {
  partner: 'needs a second account (--partner)',
  far: 'needs a second region (--far)',
  account: 'needs the account’s id: write account: into the provider entry',
  crossRegion: 'makes objects between regions, which may be billed (--cross-region)',
  bandwidth: 'asks for bandwidth, which may be billed (--bandwidth)',
  wait: 'waits a quarter of an hour (--wait)',
};

export function chooseProbes(cloud: Cloud, options: ChoiceOptions): Choice {
  const open = options.sheet
    .filter((rule) => isOpen(rule) && rule.name.startsWith(cloud.prefix))
    .map(({ name }) => name);
  const probes: Probe[] = [];
  const notProbed: NotProbed[] = open.flatMap((rule) => {
    const because = cloud.unprobed[rule];
    return because === undefined ? [] : [{ rule, because }];
  });
  for (const probe of cloud.probes) {
    const rules = probe.rules.filter((rule) => open.includes(rule));
    if (rules.length === 0) continue;
    const because = whyNot(probe, options);
    if (because === undefined) probes.push(probe);
    else notProbed.push(...rules.map((rule) => ({ rule, because })));
  }
  const networks = [...new Set(probes.flatMap((probe) => probe.networks))].sort();
  return {
    probes,
    notProbed: notProbed.sort((one, other) => (one.rule < other.rule ? -1 : 1)),
    networks,
    estimate: estimateOf(probes, networks, open),
  };
}

function whyNot(probe: Probe, { parties, allow, topics, rules }: ChoiceOptions): string | undefined {
  if (topics?.includes(probe.topic) === false) return `the topic ${probe.topic} was not chosen`;
  if (rules !== undefined && !probe.rules.some((rule) => rules.includes(rule))) return 'it was not chosen';
  const has: Readonly<Record<Need, boolean>> = {
    partner: parties.b !== undefined,
    far: parties.far !== undefined,
    account: parties.a.account !== undefined,
    ...allow,
  };
  const missing = probe.needs?.find((need) => !has[need]);
  return missing === undefined ? undefined : WANTS[missing];
}

function estimateOf(probes: readonly Probe[], networks: readonly string[], open: readonly string[]): Estimate {
  const sum = (of: (probe: Probe) => number): number => probes.reduce((total, probe) => total + of(probe), 0);
  return {
    probes: probes.length,
    rules: sum((probe) => probe.rules.filter((rule) => open.includes(rule)).length),
    objects: networks.length + sum(({ objects }) => objects),
    minutes: Math.ceil(sum(({ minutes }) => minutes) + networks.length * 0.2 + (probes.length > 0 ? 1 : 0)),
    money: [...new Set(probes.flatMap(({ money }) => (money === undefined ? [] : [money])))],
  };
}
