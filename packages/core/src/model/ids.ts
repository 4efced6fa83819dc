/**
 * Branded identifiers. A VPC id, a route-table id and an account id are all strings on the wire; here the compiler
 * keeps them apart, so that swapping two arguments is a type error and not an incident.
 */
import { PeerwayError } from '../errors/error.js';

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** Account that owns a network. Always a string: Alibaba's are integers beyond 2^53. */
export type AccountId = Branded<'AccountId'>;
/**
 * Stands for an account that its cloud does not name and nobody configured: the same for the same keys. It tells networks
 * of different keys apart and can never be sent to anybody; the compiler keeps it from where an account must be named.
 */
export type UnknownAccount = Branded<'UnknownAccount'>;
/** Who owns a network, as far as it is known. */
export type AccountOwner = AccountId | UnknownAccount;
/** Region as the cloud spells it, e.g. `cn-hangzhou`, `bj`. */
export type RegionId = Branded<'RegionId'>;
/** Network (VPC), e.g. `vpc-bp1…`. */
export type NetworkId = Branded<'NetworkId'>;
/**
 * Peering. For a mechanism made of two cloud objects (a router-interface pair, two mirrored halves) the driver picks
 * one stable string and says in its documentation how it is made.
 */
export type PeeringId = Branded<'PeeringId'>;
/** Route, where the cloud numbers them. */
export type RouteId = Branded<'RouteId'>;
/** Route table, e.g. `vtb-bp1…`, `rt-…`. */
export type RouteTableId = Branded<'RouteTableId'>;
/** A named list of prefixes that a cloud keeps, used as the destination of a route, e.g. `pl-…`. */
export type PrefixListId = Branded<'PrefixListId'>;
/** Dedicated line attached to a network. */
export type LinkId = Branded<'LinkId'>;
/** Physical port of a dedicated line; ordered by people, so only ever an input. */
export type PortId = Branded<'PortId'>;

function id<T extends string>(kind: string) {
  return (value: string): T => {
    // \p{C}: control characters, and the zero-width ones that come along when an id is copied from a web page
    if (typeof value !== 'string' || value === '' || /[\s\p{C}]/u.test(value)) {
      throw new PeerwayError('InvalidArgument', `${JSON.stringify(value)} is not a valid ${kind} id`, {
        remedy: `Give a non-empty ${kind} id without white space or invisible characters.`,
      });
    }
    return value as T;
  };
}

// Each of these reads an id written by a person or a cloud, and throws `InvalidArgument` when the text is empty or holds
// white space or invisible characters. What a cloud allows beyond that is the cloud's to say.
const UNKNOWN_ACCOUNT = /^unknown-[0-9a-f]{8}$/;

/** @throws PeerwayError `InvalidArgument`; also for the text form of an `UnknownAccount` */
export const accountId = (value: string): AccountId => {
  if (!UNKNOWN_ACCOUNT.test(value)) return id<AccountId>('account')(value);
  throw new PeerwayError('InvalidArgument', `${value} stands for an account that is not known, and is none itself`, {
    remedy: 'Set account: on the provider entry of that network, as the cloud shows the id.',
  });
};

/** @param digest 8 lower-case hexadecimal characters that only the keys decide @throws PeerwayError `InvalidArgument` */
export function unknownAccount(digest: string): UnknownAccount {
  const text = `unknown-${digest}`;
  if (UNKNOWN_ACCOUNT.test(text)) return text as UnknownAccount;
  throw new PeerwayError('InvalidArgument', `${JSON.stringify(digest)} is not 8 hexadecimal characters`);
}

/** True for an account that can be named to others. */
export const isKnownAccount = (owner: AccountOwner): owner is AccountId => !UNKNOWN_ACCOUNT.test(owner);

/** @throws PeerwayError `InvalidArgument` */
export const regionId = id<RegionId>('region');
/** @throws PeerwayError `InvalidArgument` */
export const networkId = id<NetworkId>('network');
/** @throws PeerwayError `InvalidArgument` */
export const peeringId = id<PeeringId>('peering');
/** @throws PeerwayError `InvalidArgument` */
export const routeId = id<RouteId>('route');
/** @throws PeerwayError `InvalidArgument` */
export const routeTableId = id<RouteTableId>('route table');
/** @throws PeerwayError `InvalidArgument` */
export const prefixListId = id<PrefixListId>('prefix list');
/** @throws PeerwayError `InvalidArgument` */
export const linkId = id<LinkId>('link');
/** @throws PeerwayError `InvalidArgument` */
export const portId = id<PortId>('port');
