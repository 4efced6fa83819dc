/**
 * The id of a router-interface pair. Inside one account and region it is the id of the initiator's interface (`ri-…`), by which
 * everything else can be looked up. Where the ends differ in account or region, neither side can see the other's interface, so the
 * id carries what the acceptor must know to make its own: it is all that an initiator has to hand over.
 */
import { peeringId, type PeeringId } from '@peerway/core';

/** What the acceptor needs to know of the initiator, in another account or region. */
export interface FarInitiator {
  readonly region: string;
  readonly account: string;
  readonly router: string;
  readonly network: string;
  /** The network that is asked to agree. */
  readonly acceptor: string;
}

export interface PairId {
  /** Interface of the initiator; the acceptor's own where it never learned of one. */
  readonly interface: string;
  readonly far?: FarInitiator;
}

const SEPARATOR = ':';

export function formatPairId({ interface: id, far }: PairId): PeeringId {
  const parts = far === undefined ? [] : [far.region, far.account, far.router, far.network, far.acceptor];
  return peeringId([id, ...parts].join(SEPARATOR));
}

/** Undefined for an id that is not of this form. */
export function parsePairId(id: PeeringId): PairId | undefined {
  const [first = '', region, account, router, network, acceptor, ...more] = id.split(SEPARATOR);
  if (!first.startsWith('ri-') || more.length > 0) return undefined;
  if (region === undefined) return { interface: first };
  if (account === undefined || router === undefined || network === undefined || acceptor === undefined)
    return undefined;
  return { interface: first, far: { region, account, router, network, acceptor } };
}
