/** What a case is: a sentence, what it usually means when it fails, what it needs, and how it is tried. */
import type { LinkFeature, MechanismCapabilities, PeeringFeature, RouteFeature, Support } from '@peerway/core';
import type { FaultKind, Offer, Overflow } from './harness.js';
import type { Facts } from './facts.js';
import type { CaseContext } from './caseContext.js';

export const TOPICS = [
  'capabilities',
  'lifecycle',
  'readOnly',
  'sides',
  'acceptance',
  'routes',
  'paging',
  'idempotency',
  'errors',
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

/** Returns why a case cannot be tried here, or undefined when it can. */
type Need = (facts: Facts) => string | undefined;

export interface Case {
  /** A sentence that is true of every good provider; unique in its topic. */
  readonly name: string;
  /** What it usually means when the case fails; shown under the failure. */
  readonly usually: string;
  readonly needs?: readonly Need[];
  run(context: CaseContext): Promise<void>;
}

export interface Suite {
  readonly topic: Topic;
  /** Two or three sentences to a newcomer: what this is about and why it matters. Printed as the suite's title. */
  readonly about: string;
  readonly cases: readonly Case[];
}

/** A feature that is not declared at all is a failure of the capabilities suite, and no reason to stop the others. */
const undeclared = (what: string): string => `${what} is not declared`;

const supported = (support: Support | undefined, what: string): string | undefined => {
  if (support === undefined) return undeclared(what);
  return support.status === 'supported' ? undefined : `${what} is ${support.status}: ${support.reason}`;
};

const notSupported = (support: Support | undefined, what: string): string | undefined => {
  if (support === undefined) return undeclared(what);
  return support.status === 'supported' ? `${what} is supported` : undefined;
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
      mechanism.handshake === kind ? undefined : `the handshake is ${mechanism.handshake}`,
  deletableBy:
    (who: MechanismCapabilities['deletableBy']): Need =>
    ({ mechanism }) =>
      mechanism.deletableBy === who ? undefined : `deletable by ${mechanism.deletableBy}`,
  autoAccept:
    (expected: boolean): Need =>
    ({ mechanism }) =>
      mechanism.autoAcceptSameAccount === expected
        ? undefined
        : `acceptance inside one account is ${expected ? 'not ' : ''}automatic`,
  bandwidth:
    (...kinds: readonly MechanismCapabilities['bandwidth'][]): Need =>
    ({ mechanism }) =>
      kinds.includes(mechanism.bandwidth) ? undefined : `bandwidth is ${mechanism.bandwidth}`,
  offer:
    (offer: Offer): Need =>
    ({ harness }) =>
      harness.offers.includes(offer) ? undefined : `the harness does not offer ${offer}`,
  fault:
    (kind: FaultKind): Need =>
    ({ harness }) =>
      harness.faults?.includes(kind) === true ? undefined : `the harness cannot inject ${kind}`,
  overflow:
    (what: keyof Overflow): Need =>
    ({ harness }) =>
      harness.overflow?.[what] === undefined ? `the harness does not say how many ${what} overflow a page` : undefined,
  engine: (({ harness }) => (harness.engine === undefined ? 'the harness brings no engine' : undefined)) as Need,
  native: (({ harness }) => (harness.native === undefined ? 'the harness names no native token' : undefined)) as Need,
  /** Escape for what only one case asks. */
  that:
    (holds: (facts: Facts) => boolean, otherwise: string): Need =>
    (facts) =>
      holds(facts) ? undefined : otherwise,
};

/** The first unmet need of a case. */
export function whySkipped(testCase: Case, facts: Facts): string | undefined {
  for (const need of testCase.needs ?? []) {
    const reason = need(facts);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
