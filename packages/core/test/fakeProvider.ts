/**
 * A provider whose driver answers from a script: each member takes the next answer of its list, and the last one stays.
 * Time is virtual. What was asked stands in `asked`, so that "no request was sent" can be shown.
 */
import {
  accountId,
  definePlugin,
  networkId,
  parseCidr,
  peeringId,
  portId,
  Provider,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  linkId,
  VirtualClock,
  LINK_FEATURES,
  PEERING_FEATURES,
  ROUTE_FEATURES,
  type Call,
  type Environment,
  type Link,
  type LinkRequest,
  type LinkDriver,
  type MechanismCapabilities,
  type NativeToken,
  type Network,
  type Peering,
  type PeeringCreate,
  type PeeringRequest,
  type ProviderCapabilities,
  type ProviderDriver,
  type ProviderSettings,
  type RequestObserver,
  type Route,
  type Support,
} from '@peerway/core';

export const START = Date.UTC(2026, 10, 20);
export const HOME = regionId('here');
export const AWAY = regionId('there');
export const ALICE = accountId('alice');
export const BOB = accountId('bob');
export const WEB = networkId('vpc-web');
export const DATA = networkId('vpc-data');
export const TABLE = routeTableId('rt-web');
export const PEERING = peeringId('pcc-1');
export const LINK = linkId('vbr-1');
export const SECRET = 'hush-hush-canary';

const yes: Support = { status: 'supported', checkedOn: '2026-11-20' };
export const no: Support = {
  status: 'unsupported',
  reason: 'the fake cloud says so',
  source: 'https://cloud.example/doc',
  checkedOn: '2026-11-20',
};

const all = <K extends string>(keys: readonly K[]): Record<K, Support> =>
  Object.fromEntries(keys.map((key) => [key, yes])) as Record<K, Support>;

export const MECHANISM: MechanismCapabilities = {
  name: 'wire',
  handshake: 'shared',
  autoAcceptSameAccount: false,
  deletableBy: 'either',
  occupiesPairWhen: [],
  duplicate: 'refused',
  dead: 'deletable',
  dnsSwitch: 'resolves-other',
  dryRunShows: 'creation',
  bandwidth: 'optional',
  features: all(PEERING_FEATURES),
  limits: {
    bandwidthMbps: { min: 1, max: 1_000 },
    name: {
      min: 2,
      max: 10,
      first: { class: '^0-9', words: 'anything but a digit' },
      characters: { class: 'a-z0-9\\p{Emoji}', words: 'letters, digits and emoji' },
    },
    description: { min: 0, max: 20 },
    tags: {
      max: 2,
      key: { min: 1, max: 8, notAtStart: ['cloudx:'], except: ['Name'] },
      value: { min: 0, max: 8, nowhere: ['http://'] },
    },
  },
};

export const CAPABILITIES: ProviderCapabilities = {
  mechanisms: [MECHANISM, { ...MECHANISM, name: 'string', features: { ...MECHANISM.features, clientToken: no } }],
  routes: { features: all(ROUTE_FEATURES), limits: { batch: 2, description: { min: 1, max: 20 } } },
  links: {
    features: all(LINK_FEATURES),
    limits: { vlan: { min: 2, max: 4_000 }, bandwidthMbps: { min: 1, allowed: [50, 100] } },
  },
  networksPerRead: 2,
};

/** Capabilities with some peering features taken away. */
export function without(...features: (keyof MechanismCapabilities['features'])[]): ProviderCapabilities {
  const gone = Object.fromEntries(features.map((feature) => [feature, no]));
  return { ...CAPABILITIES, mechanisms: [{ ...MECHANISM, features: { ...MECHANISM.features, ...gone } }] };
}

export type Answer = unknown; // an Error is thrown, a function is asked, everything else is returned

interface Asked {
  readonly member: string;
  readonly args: readonly unknown[];
  readonly at: number;
}

const isCall = (arg: unknown): arg is Call => typeof arg === 'object' && arg !== null && 'admit' in arg;

/** Members of the driver that change something; the rest read. */
const WRITES = /\.(create|createMany|accept|continue|reject|update|delete|deleteMany|describe)$/;

const LINK_MEMBERS = ['check', 'create', 'continue', 'get', 'list', 'update', 'delete'] as const;

export interface FakeOptions {
  readonly capabilities?: ProviderCapabilities;
  readonly environment?: Partial<Environment>;
  readonly account?: typeof ALICE;
  /** Members that the driver does not have. */
  readonly lacks?: readonly string[];
  readonly readOnly?: boolean;
  readonly native?: ReadonlyMap<NativeToken<unknown>, unknown>;
  /** Members of the driver itself that answer from no script. */
  readonly driver?: Partial<ProviderDriver>;
  /** What the entry says besides. */
  readonly settings?: Partial<ProviderSettings>;
  /** Members of the driver's links that answer from no script. */
  readonly links?: Partial<LinkDriver>;
  /** A driver that forgets to call `admit`. */
  readonly careless?: boolean;
}

/** Script: for each driver member (`peerings.get`) its answers in order; the last one stays. */
export function fake(script: Readonly<Record<string, readonly Answer[]>>, options: FakeOptions = {}) {
  const clock = new VirtualClock({ start: START });
  const redactor = new Redactor();
  redactor.add(SECRET);
  const asked: Asked[] = [];
  const counts = new Map<string, number>();

  const answer = async (member: string, args: readonly unknown[]): Promise<unknown> => {
    const call = args.find(isCall);
    if (call === undefined) throw new Error(`${member} was asked without a Call`);
    asked.push({ member, args: args.filter((arg) => arg !== call), at: clock.now() - START });
    const done =
      options.careless === true
        ? () => undefined
        : await call.admit({ nativeOperation: `Fake:${member}`, mutating: WRITES.test(member) });
    const answers = script[member];
    if (answers === undefined || answers.length === 0) throw new Error(`the script has no answer for ${member}`);
    const count = counts.get(member) ?? 0;
    counts.set(member, count + 1);
    const next = answers[Math.min(count, answers.length - 1)];
    const value: unknown = typeof next === 'function' ? await (next as (...args: unknown[]) => unknown)(...args) : next;
    done({ httpStatus: value instanceof Error ? 500 : 200, durationMs: 1 });
    if (value instanceof Error) throw value;
    return value;
  };

  const part = <T>(name: string, members: readonly string[]): T =>
    Object.fromEntries(
      members
        .filter((member) => options.lacks?.includes(`${name}.${member}`) !== true)
        .map((member) => [member, (...args: unknown[]) => answer(`${name}.${member}`, args)]),
    ) as T;

  const driver: ProviderDriver = {
    networks: part('networks', ['get', 'list']),
    peerings: part('peerings', ['create', 'get', 'list', 'accept', 'continue', 'reject', 'update', 'delete', 'dryRun']),
    routes: part('routes', ['tables', 'list', 'create', 'createMany', 'delete', 'deleteMany', 'describe']),
    ...(options.lacks?.includes('links') === true
      ? {}
      : { links: { ...part<LinkDriver>('links', LINK_MEMBERS), ...options.links } }),
    native: <T>(token: NativeToken<T>) => options.native?.get(token) as T | undefined,
    close: async () => {
      asked.push({ member: 'close', args: [], at: clock.now() - START });
    },
    ...options.driver,
  };

  const retried: string[] = [];
  const sent: string[] = [];
  const observer: RequestObserver = {
    requestSent: (_, request) => sent.push(request.nativeOperation),
    callRetried: (_, error) => retried.push(`${error.code} ${error.message}`),
  };
  const plugin = definePlugin({
    apiVersion: 1,
    id: 'fake',
    displayName: 'Fake cloud',
    capabilities: options.capabilities ?? CAPABILITIES,
    options: class {},
    credentials: [],
    create: () => driver,
  });
  const provider = new Provider(
    plugin,
    driver,
    {
      name: 'mine',
      region: HOME,
      ...(options.account === undefined ? {} : { account: options.account }),
      ...options.settings,
    },
    { clock, random: seededRandom(1), redactor, observer, ...options.environment },
    { readOnly: options.readOnly ?? false },
  );
  return {
    provider,
    clock,
    asked,
    retried,
    sent,
    /** How often each member was asked, in the order of the first time. */
    counts: (): Record<string, number> => Object.fromEntries(counts),
    members: (): string[] => asked.map(({ member }) => member),
    inputs: <T = PeeringCreate>(member: string): T[] =>
      asked.filter((one) => one.member === member).map(({ args }) => args[0] as T),
  };
}

export const network = (id: string, more: Partial<Network> = {}): Network => ({
  provider: 'fake',
  account: ALICE,
  region: HOME,
  id: networkId(id),
  name: id,
  cidrs: [parseCidr('10.0.0.0/16')],
  state: 'active',
  nativeState: 'Available',
  ...more,
});

/** Members of a reading, also such as no reading has beside each other. */
type More<T> = { readonly [K in keyof T]?: T[K] };

/** A peering of WEB (Alice, here) and DATA (Bob, here) as its initiator sees it. */
export const peering = (state: Peering['state'], more: More<Peering> = {}): Peering =>
  ({
    provider: 'fake',
    mechanism: 'wire',
    id: PEERING,
    seenFrom: 'initiator',
    name: '',
    description: '',
    state,
    nativeState: `native-${state}`,
    initiator: { account: ALICE, region: HOME, network: WEB },
    acceptor: { account: BOB, region: HOME, network: DATA },
    tags: {},
    ...more,
  }) as Peering;

/** The acceptor must agree. */
export const acceptNext = { next: { side: 'acceptor', verb: 'accept' } } as const;

/** What would make `peering`. */
export const request: PeeringRequest = { initiator: WEB, acceptor: { region: HOME, network: DATA } };

/** The other end is Alice's too, in the same region. */
export const sameAccount: Pick<Peering, 'acceptor'> = { acceptor: { account: ALICE, region: HOME, network: DATA } };

export const route = (destination: string, more: Partial<Route> = {}): Route => ({
  table: TABLE,
  network: WEB,
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: 'pcc-1' },
  state: 'active',
  nativeState: 'Available',
  origin: 'custom',
  description: '',
  ...more,
});

/** A line as it is asked for. */
export const LINE: LinkRequest = {
  network: WEB,
  port: portId('pc-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'idc',
};

export const link = (state: Link['state'], more: More<Link> = {}): Link =>
  ({
    provider: 'fake',
    id: LINK,
    name: 'idc',
    description: '',
    account: ALICE,
    region: HOME,
    port: portId('pc-1'),
    vlan: 30,
    state,
    nativeState: `native-${state}`,
    tags: {},
    ...more,
  }) as Link;

export const page = <T>(...items: T[]) => ({ items });
export const pageOf = <T>(next: string, ...items: T[]) => ({ items, next });
export type { PeeringCreate };
