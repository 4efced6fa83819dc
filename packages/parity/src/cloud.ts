/** What this package knows of one cloud. */
import type { Divergence } from '@peerway/conformance';
import type { Probe } from './probe.js';
import type { RuleValue } from './sheet.js';
import type { Stage, StageSettings } from './stage.js';
import type { Sweeper } from './sweep.js';
import type { Members } from './wire/mask.js';
import type { PartyKey, Wire } from './wire/parties.js';

type Regions = Readonly<Partial<Record<PartyKey, string>>>;

/** A rule that in this position keeps others from showing. */
export interface Hiding {
  readonly rule: string;
  readonly position: RuleValue;
  readonly hides: readonly string[];
}

export interface NetworkStage extends Stage {
  /** Makes a network of the run. @param cidr in 198.18.0.0/16 where a mask stands between. @returns the account where the cloud tells it */
  makeNetwork(role: string, party: PartyKey, cidr: string): Promise<{ readonly id: string; readonly account?: string }>;
}

export interface Cloud<S extends NetworkStage = NetworkStage> {
  readonly id: string;
  /** The rules of this cloud begin with it. */
  readonly prefix: string;
  readonly members: Members;
  readonly probes: readonly Probe<S>[];
  readonly unprobed: Readonly<Record<string, string>>;
  /** What a run asks of an account, as the cloud's rights name it; sorted. */
  readonly rights: readonly string[];
  readonly hidings: readonly Hiding[];
  /** Cases of the conformance kit that this cloud is known to fail. */
  readonly divergences: readonly Divergence[];
  stage(settings: StageSettings): S;
  sweeper(wire: Wire, regions: Regions): Sweeper;
  /** The IPv4 prefixes of all networks that the parties see. */
  prefixes(wire: Wire, regions: Regions): Promise<readonly string[]>;
}

/** The networks of a run, by role: who has them, and the prefix as probes see it. */
export const NETWORKS: Readonly<Record<string, { readonly party: PartyKey; readonly cidr: string }>> = {
  n1: { party: 'a', cidr: '198.18.1.0/24' },
  n2: { party: 'a', cidr: '198.18.2.0/24' },
  n3: { party: 'a', cidr: '198.18.3.0/24' },
  p1: { party: 'b', cidr: '198.18.11.0/24' },
  p2: { party: 'b', cidr: '198.18.12.0/24' },
  p3: { party: 'b', cidr: '198.18.13.0/24' },
  f1: { party: 'far', cidr: '198.18.21.0/24' },
  f2: { party: 'far', cidr: '198.18.22.0/24' },
  f3: { party: 'far', cidr: '198.18.23.0/24' },
};
