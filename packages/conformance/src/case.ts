/** What a case is: a sentence, what it usually means when it fails, what it needs, and how it is tried. */
import type {
  LifecycleState,
  LinkFeature,
  MechanismCapabilities,
  PeeringFeature,
  RouteFeature,
  Support,
} from '@peerway/core';
import type { FaultKind, HarnessMember, Letters, Offer, Overflow, Settings, Words } from './harness.js';
import type { Facts } from './facts.js';
import type { CaseContext } from './caseContext.js';

export const TOPICS = [
  'capabilities',
  'lifecycle',
  'readOnly',
  'sides',
  'acceptance',
  'routes',
  'texts',
  'words',
  'paging',
  'idempotency',
  'errors',
  'rights',
  'crossAccount',
  'crossRegion',
  'links',
  'waiters',
  'cancellation',
  'native',
  'concurrency',
  'faults',
  'engine',
] as const;
export type Topic = (typeof TOPICS)[number];

/** Why a case cannot be tried here. */
export interface Unmet {
  readonly reason: string;
  /** Given when it is the harness that lacks something, and not the provider or the cloud. */
  readonly member?: HarnessMember;
}

/** Returns why a case cannot be tried here, or undefined when it can. */
type Need = (facts: Facts) => Unmet | undefined;

export interface Case {
  /** A sentence that is true of every good provider; unique in its topic. */
  readonly name: string;
  /** What it usually means when the case fails; shown under the failure. */
  readonly usually: string;
  readonly needs?: readonly Need[];
  /** What is seen on the way hangs on which of several requests came first: it is no part of what an inventory holds the case to. */
  readonly formsVary?: true;
  run(context: CaseContext): Promise<void>;
}

export interface Suite {
  readonly topic: Topic;
  /** Two or three sentences to a newcomer: what this is about and why it matters. Printed as the suite's title. */
  readonly about: string;
  readonly cases: readonly Case[];
}

/** A feature that is not declared at all is a failure of the capabilities suite, and no reason to stop the others. */
const undeclared = (what: string): Unmet => ({ reason: `${what} is not declared` });

const unless = (holds: boolean, reason: string, member?: HarnessMember): Unmet | undefined =>
  holds ? undefined : { reason, ...(member === undefined ? {} : { member }) };

const supported = (support: Support | undefined, what: string): Unmet | undefined => {
  if (support === undefined) return undeclared(what);
  return support.status === 'supported' ? undefined : { reason: `${what} is ${support.status}: ${support.reason}` };
};

const notSupported = (support: Support | undefined, what: string): Unmet | undefined => {
  if (support === undefined) return undeclared(what);
  return unless(support.status !== 'supported', `${what} is supported`);
};

/** The needs there are. Every skip goes through one of these, so every skip has a reason. */
export const needs = {
  peering:
    (feature: PeeringFeature): Need =>
    ({ mechanism }) =>
      supported(mechanism.features[feature], `peering.${feature}`),
  noPeering:
    (feature: PeeringFeature): Need =>
    ({ mechanism }) =>
      notSupported(mechanism.features[feature], `peering.${feature}`),
  route:
    (feature: RouteFeature): Need =>
    ({ capabilities }) =>
      supported(capabilities.routes.features[feature], `route.${feature}`),
  noRoute:
    (feature: RouteFeature): Need =>
    ({ capabilities }) =>
      notSupported(capabilities.routes.features[feature], `route.${feature}`),
  link:
    (feature: LinkFeature): Need =>
    ({ capabilities }) =>
      supported(capabilities.links.features[feature], `link.${feature}`),
  noLink:
    (feature: LinkFeature): Need =>
    ({ capabilities }) =>
      notSupported(capabilities.links.features[feature], `link.${feature}`),
  handshake:
    (kind: MechanismCapabilities['handshake']): Need =>
    ({ mechanism }) =>
      unless(mechanism.handshake === kind, `the handshake is ${mechanism.handshake}`),
  deletableBy:
    (who: MechanismCapabilities['deletableBy']): Need =>
    ({ mechanism }) =>
      unless(mechanism.deletableBy === who, `deletable by ${mechanism.deletableBy}`),
  autoAccept:
    (expected: boolean): Need =>
    ({ mechanism }) =>
      unless(
        mechanism.autoAcceptSameAccount === expected,
        `acceptance inside one account is ${expected ? 'not ' : ''}automatic`,
      ),
  duplicate:
    (kind: MechanismCapabilities['duplicate']): Need =>
    ({ mechanism }) =>
      unless(mechanism.duplicate === kind, `a duplicate is ${mechanism.duplicate}`),
  bandwidth:
    (...kinds: readonly MechanismCapabilities['bandwidth'][]): Need =>
    ({ mechanism }) =>
      unless(kinds.includes(mechanism.bandwidth), `bandwidth is ${mechanism.bandwidth}`),
  offer:
    (offer: Offer): Need =>
    ({ harness }) =>
      unless(harness.offers.includes(offer), `the harness does not offer ${offer}`, offer),
  fault:
    (kind: FaultKind): Need =>
    ({ harness }) =>
      unless(harness.faults?.includes(kind) === true, `the harness cannot inject ${kind}`, `faults.${kind}`),
  overflow:
    (what: keyof Overflow): Need =>
    ({ harness }) =>
      unless(
        harness.overflow?.[what] !== undefined,
        `the harness does not say how many ${what} overflow a page`,
        `overflow.${what}`,
      ),
  letters:
    (where: keyof Letters): Need =>
    ({ harness }) =>
      unless(
        harness.letters?.[where] !== undefined,
        `the harness names no letters beyond ASCII for ${where}`,
        `letters.${where}`,
      ),
  settings:
    (of: keyof Settings): Need =>
    ({ harness }) =>
      unless(
        harness.settings?.[of] !== undefined,
        `the harness names no values of the settings of a ${of}`,
        `settings.${of}`,
      ),
  words:
    (kind: keyof Words): Need =>
    ({ harness }) =>
      unless(harness.words?.[kind] !== undefined, `the harness names no words of a ${kind}`, `words.${kind}`),
  refusals: (({ harness }) =>
    unless(harness.refusals !== undefined, 'the harness names no codes of refusal', 'refusals')) as Need,
  /** A word of the cloud means this state of a peering. */
  state:
    (state: LifecycleState): Need =>
    ({ harness }) =>
      unless(Object.values(harness.words?.peering ?? {}).includes(state), `no word of the cloud means ${state}`),
  engine: (({ harness }) => unless(harness.engine !== undefined, 'the harness brings no engine', 'engine')) as Need,
  native: (({ harness }) =>
    unless(harness.native !== undefined, 'the harness names no native token', 'native')) as Need,
  /** Escape for what only one case asks. */
  that:
    (holds: (facts: Facts) => boolean, otherwise: string): Need =>
    (facts) =>
      unless(holds(facts), otherwise),
};

/** The first unmet need of a case; one of the provider or the cloud before one of the harness. */
export function whySkipped(testCase: Case, facts: Facts): Unmet | undefined {
  const unmet = (testCase.needs ?? []).flatMap((need) => need(facts) ?? []);
  return unmet.find(({ member }) => member === undefined) ?? unmet[0];
}
