/** What a probe is: a look at a live cloud that tells the positions of some rules apart. It needs no test runner. */
import type { RuleValue } from './sheet.js';
import type { Stage } from './stage.js';

/** What an account owner may choose, or leave out. */
export const TOPICS = ['requests', 'networks', 'peerings', 'routes', 'lines'] as const;
export type Topic = (typeof TOPICS)[number];

/** What a probe cannot do without, beyond one account in one region. */
export type Need =
  /** A second account in the same region. */
  | 'partner'
  /** The first account in a second region. */
  | 'far'
  /** The account's id, where the cloud does not tell it. */
  | 'account'
  /** Objects between regions, which some clouds bill. Only when asked for. */
  | 'crossRegion'
  /** Bandwidth beyond the least, which some clouds bill. Only when asked for. */
  | 'bandwidth'
  /** Minutes of doing nothing. Only when asked for. */
  | 'wait';

/** What was seen of one rule. Exactly one of the three. */
export type Seen =
  /** In the words of the rule sheet, or the cloud's own word where it is none of the rule's positions. */
  | { readonly value: RuleValue }
  /** A number, as far as it was found: `atLeast <= number`, and `number < below` where an end was seen. */
  | { readonly atLeast: number; readonly below?: number }
  /** It did not show this time, and why. */
  | { readonly hidden: string };

export type Readings = Readonly<Record<string, Seen>>;

export interface Probe<S extends Stage = Stage> {
  readonly name: string;
  readonly topic: Topic;
  /** Which rules it settles. */
  readonly rules: readonly string[];
  readonly needs?: readonly Need[];
  /** Objects that it makes besides the networks of the run. */
  readonly objects: number;
  /** Networks of the run that it uses, by role. */
  readonly networks: readonly string[];
  /** How long it takes where a change takes as long as vendors' waiters expect. */
  readonly minutes: number;
  /** What may appear on a bill. Absent: nothing. */
  readonly money?: string;
  run(stage: S): Promise<Readings>;
}
