/** Every attribute that the file can give to a peering or a link, on every cloud and mechanism that has it: data for attributes.test.ts. */
import type { HealthCheck, Link, LinkUpdate, Peering, PeeringUpdate } from '@peerway/core';
import { nativeOf } from '@peerway/core';
import { alibabaBorderRouter, alibabaRouterInterfaces, alibabaVpcPeer } from '@peerway/alibaba';
import { baiduPeerconnRecord } from '@peerway/baidu';
import type { CloudName } from './emulated.js';
import type { DriftKind } from '../src/index.js';
import type { LinkSays, Says } from './histories/file.js';
import type { Row } from './histories/manualAccess.js';
import type { ManualChangeKind } from './histories/manualChanges.js';
import type { NetworkName } from './histories/world.js';

/** One value that the file may give, and what the cloud shows then. */
interface Stage<S> {
  readonly says: S;
  readonly shows: unknown;
}

interface Attribute<S, T, U> {
  /** As the file calls it. */
  readonly name: string;
  readonly cloud: CloudName;
  readonly first: Stage<S>;
  readonly second: Stage<S>;
  readonly read: (seen: T) => unknown;
  /** `fixed`: the second value is refused with a warning, and the first stays. */
  readonly change: 'in-place' | 'fixed';
  /** What a person does in the console, and what the cloud shows then; absent: there is nothing that a person could do. */
  readonly hand?: { readonly update: U | ((description: string) => U); readonly shows: unknown };
  /** What the cloud shows when it has left the file. `stays`: there is no default that anybody knows. `named`: as `stays`, with a warning. */
  readonly left: 'stays' | 'named' | { readonly shows: unknown };
  /** What becomes of a person's change that the file does not speak of, on an object that Peerway made. */
  readonly undeclared: 'stays' | 'goes';
}

export interface PeeringAttribute extends Attribute<Says, Both, PeeringUpdate> {
  readonly mechanism?: string;
  readonly other: NetworkName;
}

export type LinkAttribute = Attribute<LinkSays, Link, LinkUpdate>;

/** A peering as its two sides show it. */
export interface Both {
  readonly initiator: Peering;
  readonly acceptor: Peering;
}

/** Of the account of the networks n0, n1 and n2 on Alibaba Cloud. */
export const GROUPS = ['rg-acfm2nol1234567', 'rg-acfm2nol7654321'] as const;

const DIRECTIONS: readonly Pick<PeeringAttribute, 'cloud' | 'mechanism' | 'other'>[] = [
  { cloud: 'alibaba', mechanism: 'vpc-peer', other: 'n1' },
  { cloud: 'alibaba', mechanism: 'router-interface', other: 'far' },
  { cloud: 'baidu', other: 'n1' },
  { cloud: 'baidu', other: 'far' },
];

/** Without our mark. */
const words = (description: string): string => description.replace(/^peerway stack=[^:]*(: )?/, '');

/** Other words behind the mark that there is: where the description decides, one without it is nobody's. */
const instead = (there: string, said: string): string =>
  `${/^peerway stack=[^:]*/.exec(there)?.[0].concat(': ') ?? ''}${said}`;

const described = (): Omit<PeeringAttribute, 'cloud' | 'other'> => ({
  name: 'description',
  first: { says: { description: 'Shop to data' }, shows: 'Shop to data' },
  second: { says: { description: 'Shop: data, 2nd floor' }, shows: 'Shop: data, 2nd floor' },
  read: ({ initiator }) => words(initiator.description),
  change: 'in-place',
  hand: { update: (there) => ({ description: instead(there, 'by hand') }), shows: 'by hand' },
  left: { shows: '' },
  undeclared: 'goes',
});

const isOn = (state: string | undefined): boolean => state === 'on' || state === 'turning-on';

/** The other way round as well: what is taken back must have been on. */
const switched = (): Omit<PeeringAttribute, 'cloud' | 'other'>[] =>
  [true, false].map((on) => ({
    name: 'deletionProtection',
    first: { says: { deletionProtection: on }, shows: on },
    second: { says: { deletionProtection: !on }, shows: !on },
    read: ({ initiator }) => initiator.deletionProtection,
    change: 'in-place',
    hand: { update: { deletionProtection: on }, shows: on },
    left: { shows: false },
    undeclared: 'stays',
  }));

/** On Baidu a switch lets the names of the other network resolve. */
const names = (other: NetworkName): Omit<PeeringAttribute, 'cloud' | 'other'>[] =>
  [
    {
      first: { says: { dnsSync: 'both' }, shows: [true, true] },
      second: { says: { dnsSync: [other] }, shows: [true, false] },
    } as const,
    {
      first: { says: { dnsSync: ['n0'] }, shows: [false, true] },
      second: { says: { dnsSync: 'both' }, shows: [true, true] },
    } as const,
  ].map(({ first, second }) => ({
    name: 'dnsSync',
    first,
    second,
    read: ({ initiator, acceptor }) => [isOn(initiator.dnsSync), isOn(acceptor.dnsSync)],
    change: 'in-place',
    hand: { update: { dnsSync: false }, shows: [false, second.shows[1]] },
    left: { shows: [false, false] },
    undeclared: 'stays',
  }));

const setting = (name: string, value: string): { readonly settings: Record<string, string> } => ({
  settings: { [name]: value },
});
const written = (name: string, value: string): PeeringUpdate => ({
  settings: { names: [name], values: { [name]: value } },
});

const SETTINGS: readonly PeeringAttribute[] = [
  {
    name: 'linkType',
    cloud: 'alibaba',
    mechanism: 'vpc-peer',
    other: 'n2',
    first: { says: setting('linkType', 'Platinum'), shows: 'Platinum' },
    second: { says: setting('linkType', 'Silver'), shows: 'Silver' },
    read: ({ initiator }) => nativeOf(initiator, alibabaVpcPeer)?.LinkType,
    change: 'in-place',
    hand: { update: written('linkType', 'Platinum'), shows: 'Platinum' },
    left: { shows: 'Gold' },
    undeclared: 'goes',
  },
  {
    name: 'resourceGroupId',
    cloud: 'alibaba',
    mechanism: 'vpc-peer',
    other: 'far',
    first: { says: setting('resourceGroupId', GROUPS[0]), shows: GROUPS[0] },
    second: { says: setting('resourceGroupId', GROUPS[1]), shows: GROUPS[1] },
    read: ({ initiator }) => nativeOf(initiator, alibabaVpcPeer)?.ResourceGroupId,
    change: 'in-place',
    hand: { update: written('resourceGroupId', GROUPS[0]), shows: GROUPS[0] },
    left: 'stays',
    undeclared: 'stays',
  },
  ...(['n1', 'far'] as const).map((other): PeeringAttribute => ({
    name: 'resourceGroupId',
    cloud: 'alibaba',
    mechanism: 'router-interface',
    other,
    first: { says: setting('resourceGroupId', GROUPS[0]), shows: GROUPS[0] },
    second: { says: setting('resourceGroupId', GROUPS[1]), shows: GROUPS[1] },
    read: ({ initiator }) => nativeOf(initiator, alibabaRouterInterfaces)?.initiator?.ResourceGroupId,
    change: 'fixed',
    left: 'stays',
    undeclared: 'stays',
  })),
  {
    name: 'localInterfaceName',
    cloud: 'baidu',
    other: 'far',
    first: { says: setting('localInterfaceName', 'to-data'), shows: 'to-data' },
    second: { says: setting('localInterfaceName', 'to-data-2'), shows: 'to-data-2' },
    read: ({ initiator }) => nativeOf(initiator, baiduPeerconnRecord)?.localIfName,
    change: 'in-place',
    hand: { update: written('localInterfaceName', 'by-hand'), shows: 'by-hand' },
    left: 'stays',
    undeclared: 'stays',
  },
  {
    name: 'paymentTiming',
    cloud: 'baidu',
    other: 'n2',
    first: { says: { settings: { paymentTiming: 'Prepaid', reservationMonths: 2 } }, shows: 'Prepaid' },
    second: { says: { settings: { paymentTiming: 'Postpaid', reservationMonths: 2 } }, shows: 'Prepaid' },
    read: ({ initiator }) => nativeOf(initiator, baiduPeerconnRecord)?.paymentTiming,
    change: 'fixed',
    left: 'stays',
    undeclared: 'stays',
  },
];

export const PEERING_ATTRIBUTES: readonly PeeringAttribute[] = [
  ...DIRECTIONS.flatMap((direction): PeeringAttribute[] => [
    { ...direction, ...described() },
    ...(direction.cloud === 'baidu'
      ? [...switched(), ...names(direction.other)].map((one) => ({ ...direction, ...one }))
      : []),
  ]),
  ...SETTINGS,
];

const check = (more: HealthCheck): { readonly says: LinkSays; readonly shows: HealthCheck } => ({
  says: { healthCheck: more },
  shows: more,
});

export const LINK_ATTRIBUTES: readonly LinkAttribute[] = [
  ...(['alibaba', 'baidu'] as const).map((cloud): LinkAttribute => ({
    name: 'description',
    cloud,
    first: { says: { description: 'To the office' }, shows: 'To the office' },
    second: { says: { description: 'To the warehouse' }, shows: 'To the warehouse' },
    read: ({ description }) => words(description),
    change: 'in-place',
    hand: { update: (there) => ({ description: instead(there, 'by hand') }), shows: 'by hand' },
    left: { shows: '' },
    undeclared: 'goes',
  })),
  {
    name: 'healthCheck',
    cloud: 'alibaba',
    first: check({ source: '11.0.0.9', target: '10.255.0.2', intervalMs: 1_500, failures: 6 }),
    second: check({ source: '11.0.0.10', target: '10.255.0.2', intervalMs: 2_000, failures: 8 }),
    read: ({ healthCheck }) => healthCheck,
    change: 'in-place',
    hand: { update: { healthCheck: 'none' }, shows: undefined },
    left: { shows: undefined },
    undeclared: 'stays',
  },
  {
    name: 'healthCheck',
    cloud: 'baidu',
    first: check({ source: '11.0.0.9', target: '10.255.0.2', intervalMs: 3_000, failures: 3 }),
    second: {
      says: { healthCheck: { source: '11.0.0.10', intervalMs: 5_000, failures: 4 } },
      shows: { source: '11.0.0.10', target: '10.255.0.2', intervalMs: 5_000, failures: 4 },
    },
    read: ({ healthCheck }) => healthCheck,
    change: 'in-place',
    hand: {
      update: { healthCheck: { intervalMs: 9_000, failures: 5 } },
      shows: { target: '10.255.0.2', intervalMs: 9_000, failures: 5 },
    },
    left: 'named',
    undeclared: 'stays',
  },
  {
    name: 'circuitCode',
    cloud: 'alibaba',
    first: { says: setting('circuitCode', 'cc-1'), shows: 'cc-1' },
    second: { says: setting('circuitCode', 'cc-2'), shows: 'cc-2' },
    read: (link) => nativeOf(link, alibabaBorderRouter)?.CircuitCode,
    change: 'in-place',
    hand: { update: { settings: { names: ['circuitCode'], values: { circuitCode: 'by-hand' } } }, shows: 'by-hand' },
    left: 'named',
    undeclared: 'stays',
  },
  {
    name: 'resourceGroupId',
    cloud: 'alibaba',
    first: { says: setting('resourceGroupId', GROUPS[0]), shows: GROUPS[0] },
    second: { says: setting('resourceGroupId', GROUPS[1]), shows: GROUPS[0] },
    read: (link) => nativeOf(link, alibabaBorderRouter)?.ResourceGroupId,
    change: 'fixed',
    left: 'stays',
    undeclared: 'stays',
  },
];

/** A name that a cloud shows on something that Peerway makes. */
export interface NameCase {
  readonly what: string;
  readonly cloud: CloudName;
  /** Where the emulator keeps it. */
  readonly table: string;
  readonly mechanism?: string;
  /** A line instead of a peering. */
  readonly line?: true;
  /** Which of the rows of the table, where there are several. */
  readonly role?: string;
  readonly shown: (row: Row) => unknown;
  readonly hand: ManualChangeKind;
  /** What plan calls it, and the name that comes back; `theirs`: Peerway writes no such name, and leaves what is there. */
  readonly whose: { readonly drift: DriftKind; readonly name: string } | 'theirs';
}

const named = (row: Row): unknown => row['name'];

export const NAMES: readonly NameCase[] = [
  {
    what: 'a peer connection',
    cloud: 'alibaba',
    table: 'alibaba.vpcPeers',
    shown: named,
    hand: 'renamePeering',
    whose: { drift: 'peering-name-changed', name: 'web-data' },
  },
  {
    what: 'the initiator’s router interface',
    cloud: 'alibaba',
    table: 'alibaba.routerInterfaces',
    mechanism: 'router-interface',
    role: 'InitiatingSide',
    shown: named,
    hand: 'renameInterface',
    whose: { drift: 'peering-name-changed', name: 'web-data' },
  },
  {
    what: 'the acceptor’s router interface',
    cloud: 'alibaba',
    table: 'alibaba.routerInterfaces',
    mechanism: 'router-interface',
    role: 'AcceptingSide',
    shown: named,
    hand: 'renameInterface',
    whose: 'theirs',
  },
  {
    what: 'a border router',
    cloud: 'alibaba',
    table: 'alibaba.borderRouters',
    line: true,
    shown: named,
    hand: 'describeLine',
    whose: { drift: 'link-name-changed', name: 'idc' },
  },
  {
    what: 'a router interface of a line',
    cloud: 'alibaba',
    table: 'alibaba.routerInterfaces',
    line: true,
    role: 'InitiatingSide',
    shown: named,
    hand: 'renameInterface',
    whose: 'theirs',
  },
  {
    what: 'a dedicated gateway',
    cloud: 'baidu',
    table: 'baidu.gateways',
    line: true,
    shown: named,
    hand: 'describeLine',
    whose: { drift: 'link-name-changed', name: 'idc' },
  },
  ...(['initiator', 'acceptor'] as const).map((side): NameCase => ({
    what: `the ${side}’s interface of a peer connection`,
    cloud: 'baidu',
    table: 'baidu.peerconns',
    role: side,
    shown: (row) => (row[side] as Row)['ifName'],
    hand: 'renameInterface',
    whose: 'theirs',
  })),
];
