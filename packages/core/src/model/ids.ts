/**
 * Branded identifiers. A VPC id, a route-table id and an account id are all strings on the wire; here the compiler
 * keeps them apart, so that swapping two arguments is a type error and not an incident.
 */
import { PeerwayError } from '../errors/error.js';

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** Account that owns a network. Always a string: Alibaba's are integers beyond 2^53. */
export type AccountId = Branded<'AccountId'>;
/** Region as the cloud spells it, e.g. `cn-hangzhou`, `bj`. */
export type RegionId = Branded<'RegionId'>;
/** Network (VPC), e.g. `vpc-bp1…`. */
export type NetworkId = Branded<'NetworkId'>;
/**
 * Peering. For a mechanism made of two cloud objects (a router-interface pair, two mirrored halves) the driver picks
 * one stable string and says in its documentation how it is made.
 */
export type PeeringId = Branded<'PeeringId'>;
export type RouteId = Branded<'RouteId'>;
export type RouteTableId = Branded<'RouteTableId'>;
/** Dedicated line attached to a network. */
export type LinkId = Branded<'LinkId'>;
/** Physical port of a dedicated line; ordered by people, so only ever an input. */
export type PortId = Branded<'PortId'>;

function id<T extends string>(kind: string) {
  return (value: string): T => {
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is refused
    if (typeof value !== 'string' || value === '' || /[\s\u0000-\u001f]/.test(value)) {
      throw new PeerwayError('InvalidArgument', `${JSON.stringify(value)} is not a valid ${kind} id`, {
        remedy: `Give a non-empty ${kind} id without white space.`,
      });
    }
    return value as T;
  };
}

/** Each of these throws `InvalidArgument` when the text is empty or holds white space or control characters. */
export const accountId = id<AccountId>('account');
export const regionId = id<RegionId>('region');
export const networkId = id<NetworkId>('network');
export const peeringId = id<PeeringId>('peering');
export const routeId = id<RouteId>('route');
export const routeTableId = id<RouteTableId>('route table');
export const linkId = id<LinkId>('link');
export const portId = id<PortId>('port');
