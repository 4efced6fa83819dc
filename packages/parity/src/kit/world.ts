/** The run's own networks as a world of the conformance kit: a live account, where nothing can be forced and no time be moved. */
import { NotHere, type Harness, type NetworkFixture, type Place, type World } from '@peerway/conformance';
import {
  accountId,
  networkId,
  parseCidr,
  regionId,
  type Clock,
  type ProviderContext,
  type ProviderPlugin,
  type RequestInfo,
} from '@peerway/core';
import { NETWORKS, type NetworkStage } from '../cloud.js';
import { WANTS, type Allowed } from '../choice.js';
import { partyKeysOf, type PartyKey } from '../wire/parties.js';

/** What a driver of one party is made of. */
export interface Login {
  readonly plugin: ProviderPlugin;
  readonly context: ProviderContext;
}
export type Logins = Readonly<{ a: Login; b?: Login; far?: Login }>;

/** What the kit may do: no place and no bandwidth beyond it can be asked for. */
export type KitAllowed = Pick<Allowed, 'crossRegion' | 'bandwidth'>;

/** The kit wants three networks in each place. */
const ROLES: Readonly<Record<PartyKey, readonly string[]>> = {
  a: ['n1', 'n2', 'n3'],
  b: ['p1', 'p2', 'p3'],
  far: ['f1', 'f2', 'f3'],
};

/** Who there is for the kit: the second region only when it may be used. */
export const kitParties = (logins: Logins, { crossRegion }: KitAllowed): readonly PartyKey[] =>
  partyKeysOf(logins).filter((key) => key !== 'far' || crossRegion);

export const rolesOf = (parties: readonly PartyKey[]): readonly string[] => parties.flatMap((key) => ROLES[key]);

/** The harness as far as it is known before a run; what it does not offer, the kit skips with the reason. */
export function kitHarness(logins: Logins, allow: KitAllowed, open: () => Promise<World>): Harness {
  return { plugin: allow.bandwidth ? logins.a.plugin : leastBandwidth(logins.a.plugin), offers: [], open };
}

/** The spending guard: core itself refuses more than the least bandwidth, before any request. */
function leastBandwidth(plugin: ProviderPlugin): ProviderPlugin {
  const { mechanisms } = plugin.capabilities;
  const [first, ...rest] = mechanisms;
  const held = (mechanism: typeof first): typeof first => {
    const { bandwidthMbps } = mechanism.limits;
    if (bandwidthMbps === undefined) return mechanism;
    const least = bandwidthMbps.allowed?.[0] ?? bandwidthMbps.min;
    return { ...mechanism, limits: { ...mechanism.limits, bandwidthMbps: { min: least, max: least } } };
  };
  return { ...plugin, capabilities: { ...plugin.capabilities, mechanisms: [held(first), ...rest.map(held)] } };
}

export interface KitPlace {
  readonly account: string | undefined;
  readonly networks: readonly NetworkFixture[];
}

/** Makes the networks of a run. @param block the first two numbers of their addresses */
export async function makeKitNetworks(
  stage: NetworkStage,
  parties: readonly PartyKey[],
  block: string,
  onMade: (role: string) => void,
): Promise<ReadonlyMap<PartyKey, KitPlace>> {
  const places = new Map<PartyKey, KitPlace>();
  for (const party of parties) {
    const networks: NetworkFixture[] = [];
    let account: string | undefined;
    for (const role of ROLES[party]) {
      const cidr = NETWORKS[role]?.cidr.replace('198.18.', `${block}.`) ?? '';
      const made = await stage.makeNetwork(role, party, cidr);
      networks.push({ id: networkId(made.id), cidrs: [parseCidr(cidr)] });
      account = made.account ?? account;
      onMade(role);
    }
    places.set(party, { account, networks });
  }
  return places;
}

export interface KitSurroundings {
  readonly logins: Logins;
  readonly allow: KitAllowed;
  readonly clock: Clock;
  readonly places: ReadonlyMap<PartyKey, KitPlace>;
}

/** @throws NotHere from every member that is asked for a place that the run has not */
export function kitWorld({ logins, allow, clock, places }: KitSurroundings): World {
  let announced: readonly RequestInfo[] = [];
  const known = (key: PartyKey): KitPlace => {
    const place = places.get(key);
    if (place !== undefined) return place;
    throw new NotHere(logins[key] === undefined || allow.crossRegion ? WANTS[WANTED[key]] : WANTS.crossRegion);
  };
  const account = (key: 'a' | 'b') => {
    const id = known(key).account ?? logins[key]?.context.account;
    if (id === undefined) throw new NotHere(WANTS.account);
    return accountId(id);
  };
  const login = (key: PartyKey): Login => {
    known(key);
    return logins[key] ?? logins.a;
  };
  const near = logins.a.context.region;
  return {
    clock,
    accounts: {
      get a() {
        return account('a');
      },
      get b() {
        return account('b');
      },
    },
    regions: [near, regionId(logins.far?.context.region ?? near)],
    networks: (place) => known(partyAt(place)).networks,
    driver(place, { random, redactor, login: how, announced: log }) {
      announced = log;
      const { plugin, context } = login(partyAt(place));
      const credentials = how === 'right' ? context.credentials : falsified(plugin, context);
      return plugin.create({ ...context, credentials, clock, random, redactor });
    },
    requests: () => announced.map(({ nativeOperation, mutating }) => ({ operation: nativeOperation, mutating })),
    secrets: Object.values(logins).flatMap(secretsOf),
    close: () => undefined,
  };
}

const WANTED = { a: 'account', b: 'partner', far: 'far' } as const;

function partyAt({ account, region }: Place): PartyKey {
  if (account === 'a') return region === 0 ? 'a' : 'far';
  if (region === 0) return 'b';
  throw new NotHere('needs the second account in the second region, which no run asks');
}

const secretsOf = ({ plugin, context }: Login): readonly string[] =>
  plugin.credentials.flatMap(({ key, secret }) => {
    const value = context.credentials[key];
    return secret && value !== undefined ? [value] : [];
  });

/** The same key with secrets that are not its own. */
function falsified(plugin: ProviderPlugin, { credentials }: ProviderContext): Readonly<Record<string, string>> {
  const secrets = plugin.credentials.filter(({ key, secret }) => secret && credentials[key] !== undefined);
  if (secrets.length === 0) throw new NotHere('the keys come from the vendor’s own profile, so none can be falsified');
  return { ...credentials, ...Object.fromEntries(secrets.map(({ key }) => [key, 'not-the-secret'])) };
}
