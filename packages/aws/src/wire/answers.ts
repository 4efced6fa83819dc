/**
 * Every operation that this package sends: what goes out, what must come back, as data, and the one reader that holds every answer to
 * it. A member is listed where this package reads it; the rest passes as it came. The vendor's SDK makes an empty object out of an
 * empty body, so that an answer counts only with what it must hold.
 */
import type {
  AcceptVpcPeeringConnectionCommandInput,
  CreateRouteCommandInput,
  CreateTagsCommandInput,
  CreateVpcPeeringConnectionCommandInput,
  DeleteRouteCommandInput,
  DeleteTagsCommandInput,
  DeleteVpcPeeringConnectionCommandInput,
  DescribeRouteTablesCommandInput,
  DescribeVpcPeeringConnectionsCommandInput,
  DescribeVpcsCommandInput,
  ModifyVpcPeeringConnectionOptionsCommandInput,
  RejectVpcPeeringConnectionCommandInput,
} from '@aws-sdk/client-ec2';
import { wrongIn, type RecordShape, type Shape } from '@peerway/core';
import type { PeeringRecord, RouteTableRecord, VpcRecord } from './api/records.js';
import { TARGETS } from './api/records.js';
import { unusable, type Failure } from './errors.js';

/** What each operation is asked with, and what its caller gets. */
interface Operations {
  readonly DescribeVpcs: readonly [DescribeVpcsCommandInput, WirePage<'Vpcs', VpcRecord>];
  readonly DescribeVpcPeeringConnections: readonly [
    DescribeVpcPeeringConnectionsCommandInput,
    WirePage<'VpcPeeringConnections', PeeringRecord>,
  ];
  readonly CreateVpcPeeringConnection: readonly [
    CreateVpcPeeringConnectionCommandInput,
    { readonly VpcPeeringConnection: PeeringRecord },
  ];
  readonly AcceptVpcPeeringConnection: readonly [
    AcceptVpcPeeringConnectionCommandInput,
    { readonly VpcPeeringConnection: { readonly VpcPeeringConnectionId: string } },
  ];
  readonly RejectVpcPeeringConnection: readonly [RejectVpcPeeringConnectionCommandInput, unknown];
  readonly DeleteVpcPeeringConnection: readonly [DeleteVpcPeeringConnectionCommandInput, unknown];
  readonly ModifyVpcPeeringConnectionOptions: readonly [ModifyVpcPeeringConnectionOptionsCommandInput, unknown];
  readonly CreateTags: readonly [CreateTagsCommandInput, unknown];
  readonly DeleteTags: readonly [DeleteTagsCommandInput, unknown];
  readonly DescribeRouteTables: readonly [DescribeRouteTablesCommandInput, WirePage<'RouteTables', RouteTableRecord>];
  readonly CreateRoute: readonly [CreateRouteCommandInput, unknown];
  readonly DeleteRoute: readonly [DeleteRouteCommandInput, unknown];
  readonly GetCallerIdentity: readonly [Readonly<Record<string, never>>, { readonly Account: string }];
}

export type Operation = keyof Operations;
export type Input<K extends Operation> = Operations[K][0];
export type Answer<K extends Operation> = Operations[K][1];

/** One page of a listing; `NextToken` is absent or empty on the last. */
type WirePage<Member extends string, T> = { readonly [M in Member]: readonly T[] } & { readonly NextToken?: string };

const TAGS: Shape = { list: { must: { Key: 'name', Value: 'text' } } };
const END: RecordShape = {
  must: { VpcId: 'id', OwnerId: 'id', Region: 'id' },
  may: {
    CidrBlock: 'prefix',
    CidrBlockSet: { list: { must: { CidrBlock: 'prefix' } } },
    Ipv6CidrBlockSet: { list: { must: { Ipv6CidrBlock: 'prefix' } } },
    PeeringOptions: { must: {}, may: { AllowDnsResolutionFromRemoteVpc: 'flag' } },
  },
};
const PEERING: RecordShape = {
  must: {
    VpcPeeringConnectionId: 'id',
    RequesterVpcInfo: END,
    AccepterVpcInfo: END,
    Status: { must: { Code: 'word' }, may: { Message: 'text' } },
    Tags: TAGS,
  },
};
const STATE: RecordShape = { must: { State: 'word' } };
const VPC: RecordShape = {
  must: {
    VpcId: 'id',
    OwnerId: 'id',
    State: 'word',
    CidrBlock: 'prefix',
    CidrBlockAssociationSet: { list: { must: { CidrBlock: 'prefix', CidrBlockState: STATE } } },
  },
  may: {
    Ipv6CidrBlockAssociationSet: { list: { must: { Ipv6CidrBlock: 'prefix', Ipv6CidrBlockState: STATE } } },
    Tags: TAGS,
  },
};
const ROUTE: RecordShape = {
  must: { State: 'word', Origin: 'word' },
  may: {
    DestinationCidrBlock: 'prefix',
    DestinationIpv6CidrBlock: 'prefix',
    DestinationPrefixListId: 'id',
    ...Object.fromEntries(TARGETS.map((target) => [target, 'word'] as const)),
  },
};
const TABLE: RecordShape = {
  must: {
    RouteTableId: 'id',
    VpcId: 'id',
    Routes: { list: ROUTE },
    Associations: { list: { must: {}, may: { Main: 'flag', SubnetId: 'id' } } },
  },
  may: { Tags: TAGS },
};

const page = (member: string, item: Shape): RecordShape => ({
  must: { [member]: { list: item } },
  may: { NextToken: 'text' },
});
const NOTHING: RecordShape = { must: {} };

const SHAPES: Readonly<Record<Operation, RecordShape>> = {
  DescribeVpcs: page('Vpcs', VPC),
  DescribeVpcPeeringConnections: page('VpcPeeringConnections', PEERING),
  CreateVpcPeeringConnection: { must: { VpcPeeringConnection: PEERING } },
  AcceptVpcPeeringConnection: { must: { VpcPeeringConnection: { must: { VpcPeeringConnectionId: 'id' } } } },
  RejectVpcPeeringConnection: { must: { Return: 'flag' } },
  DeleteVpcPeeringConnection: { must: { Return: 'flag' } },
  ModifyVpcPeeringConnectionOptions: NOTHING,
  CreateTags: NOTHING,
  DeleteTags: NOTHING,
  DescribeRouteTables: page('RouteTables', TABLE),
  CreateRoute: { must: { Return: 'flag' } },
  DeleteRoute: NOTHING,
  GetCallerIdentity: { must: { Account: 'id' } },
};

/** @throws PeerwayError `Unavailable` for an answer that does not say what it must */
export function readAnswer<K extends Operation>(operation: K, answer: unknown, context: Failure): Answer<K> {
  const wrong = wrongIn(SHAPES[operation], answer) ?? refusedQuietly(answer) ?? anonymous(context);
  if (wrong !== undefined) throw unusable(context, `Unexpected answer to ${operation}: ${wrong}`);
  return answer;
}

/** A list that holds something and no item. */
const NO_LIST = /<(\w+Set)\b[^>/]*>(?!\s*<(?:item\b|\/\1>))/;

/**
 * The bytes of an answer, if what it calls lists are lists: the vendor's SDK reads whatever has no items as an empty one.
 * @throws Error, which the SDK hands on
 */
export function withLists(body: Uint8Array): Uint8Array {
  const [, name] = NO_LIST.exec(Buffer.from(body).toString()) ?? [];
  if (name === undefined) return body;
  throw Object.assign(new Error(name), { code: `${name} is no list` });
}

const refusedQuietly = (answer: unknown): string | undefined =>
  (answer as { readonly Return?: unknown }).Return === false ? 'it says that nothing was done' : undefined;

/** The cloud numbers its every answer; what has no number comes from somewhere on the way. */
const anonymous = ({ requestId }: Failure): string | undefined =>
  requestId === undefined ? 'it has no request id' : undefined;
