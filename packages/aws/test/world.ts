/** moto with the manners of EC2 that it lacks, behind the kit's proxy: what every test of this package talks to. */
import { AssociateVpcCidrBlockCommand, CreateVpcCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { RecordingProxy, type Manner } from '@peerway/conformance';
import {
  accountId,
  networkId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type NetworkId,
  type ProviderContext,
  type ProviderDriver,
} from '@peerway/core';
import { aws, AwsOptions } from '../src/index.js';
import { Ledger, type Pace, type Place } from './manners/ledger.js';
import { callerOf, login, type Account } from './manners/login.js';
import { describeRequest, networks, Overlay, pages, routesOnce, SOMEBODY_ELSE } from './manners/networks.js';
import { peerings } from './manners/peerings.js';
import { refuse } from './manners/query.js';
import { startMoto, type Moto } from './moto.js';

export type Who = 'a' | 'b';
export type Where = 'us-east-1' | 'eu-west-1';

export const ACCOUNTS: Readonly<Record<Who, Account>> = {
  a: { id: '111111111111', accessKeyId: 'AKIATESTA', secretAccessKey: 'not-a-real-secret/of+a' },
  b: { id: '222222222222', accessKeyId: 'AKIATESTB', secretAccessKey: 'not-a-real-secret/of+b' },
};

/** What a user who writes no options gets. */
const OPTIONS = new AwsOptions();

/** So that the first look at what is under way never sees it done, and few looks follow. */
const PACE: Pace = { lag: 300, create: 800, step: 390 };

let moto: Promise<Moto> | undefined;
let users = 0;

/** Shared by all sessions of a file, which run one after the other; `endMoto` stops it. */
const shared = (): Promise<Moto> => (moto ??= startMoto());
export const endMoto = async (): Promise<void> => {
  const ending = moto;
  moto = undefined; // whoever comes after starts another
  users = 0;
  await (await ending)?.stop();
};

interface RefusedNext {
  readonly httpStatus: number;
  readonly nativeCode: string;
  readonly on: 'read' | 'write';
}

const refused =
  (next: RefusedNext[]): Manner =>
  async (request, forward) => {
    const described = describeRequest(request);
    const at = next.findIndex(({ on }) => described !== undefined && (on === 'write') === described.mutating);
    const [how] = at < 0 ? [] : next.splice(at, 1);
    return how === undefined
      ? forward(request)
      : refuse(request, how.httpStatus, how.nativeCode, 'Refused on purpose.');
  };

export interface Session {
  readonly clock: VirtualClock;
  readonly proxy: RecordingProxy;
  readonly ledger: Ledger;
  readonly overlay: Overlay;
  /** Refuses the driver's next request of this kind with this code. */
  refuseNext(how: RefusedNext): void;
  /** Ends every fault, and every refusal that nobody has met. */
  clearFaults(): void;
  driver(who: Who, where: Where, changes?: Partial<ProviderContext>): Promise<ProviderDriver>;
  /** Closed with the session. */
  provider(who: Who, where: Where): Promise<Provider>;
  /** Somebody else's hands: the vendor's own client. */
  vendor(who: Who, where: Where): EC2Client;
  addNetwork(who: Who, where: Where, cidrs: readonly string[]): Promise<NetworkId>;
  close(): Promise<void>;
}

/** @param bare moto as it is: with accounts told apart, and nothing that it lacks of EC2 */
export async function session(pace: Partial<Pace> = {}, { bare = false } = {}): Promise<Session> {
  const server = await shared();
  if (users++ > 0) await server.reset();
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 26) });
  const ledger = new Ledger(() => clock.now(), { ...PACE, ...pace });
  const overlay = new Overlay();
  const accounts = Object.values(ACCOUNTS);
  const placeOf = (request: Parameters<typeof callerOf>[0]): Place => {
    const caller = callerOf(request);
    const account = accounts.find(({ accessKeyId }) => accessKeyId === caller?.accessKeyId);
    return { account: account?.id ?? '', region: caller?.region ?? '' };
  };
  const refusing: RefusedNext[] = [];
  const proxy = await RecordingProxy.start({
    upstream: server.url,
    keepAlive: true,
    describe: describeRequest,
    refusals: {
      denied: (request) =>
        refuse(request, 403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'),
      throttle: (request) => refuse(request, 503, 'RequestLimitExceeded', 'Request limit exceeded.'),
      unavailable: (request) => refuse(request, 503, 'ServiceUnavailable', 'The server cannot process it now.'),
    },
    manners: bare
      ? [login(accounts)]
      : [refused(refusing), login(accounts), pages, networks(overlay, ledger), routesOnce, peerings(ledger, placeOf)],
  });
  const random = seededRandom(11);
  const opened: { close(): unknown }[] = [];
  const settingsOf = (who: Who, where: Where) => ({
    name: `${who}-${where}`,
    region: regionId(where),
    account: accountId(ACCOUNTS[who].id),
  });
  const driver: Session['driver'] = async (who, where, changes = {}) => {
    const { accessKeyId, secretAccessKey } = ACCOUNTS[who];
    return aws.create({
      ...settingsOf(who, where),
      endpoint: proxy.url,
      options: OPTIONS,
      credentials: { accessKeyId, secretAccessKey },
      env: {},
      clock,
      random,
      redactor: new Redactor(),
      ...changes,
    });
  };
  const vendors = new Map<string, EC2Client>();
  const vendor = (who: Who, where: Where): EC2Client => {
    const known = vendors.get(`${who} ${where}`);
    if (known !== undefined) return known;
    const config: EC2ClientConfig = {
      region: where,
      endpoint: proxy.url,
      credentials: ACCOUNTS[who],
      maxAttempts: 1,
      customUserAgent: SOMEBODY_ELSE,
    };
    const client = new EC2Client(config);
    vendors.set(`${who} ${where}`, client);
    opened.push({ close: () => client.destroy() });
    return client;
  };
  return {
    clock,
    proxy,
    refuseNext: (how) => void refusing.push(how),
    clearFaults() {
      proxy.clearFaults();
      refusing.length = 0;
    },
    ledger,
    overlay,
    driver,
    vendor,
    async provider(who, where) {
      const provider = new Provider(aws, await driver(who, where), settingsOf(who, where), {
        clock,
        random,
        redactor: new Redactor(),
      });
      opened.push(provider);
      return provider;
    },
    addNetwork: (who, where, cidrs) => addNetwork(vendor(who, where), overlay, cidrs),
    async close() {
      for (const one of opened) await one.close();
      await proxy.close();
    },
  };
}

/** A VPC with exactly these prefixes: moto takes no IPv6 prefix of one's own choice, so the one that it draws is shown as the wanted one. */
async function addNetwork(client: EC2Client, overlay: Overlay, cidrs: readonly string[]): Promise<NetworkId> {
  const fours = cidrs.filter((cidr) => !cidr.includes(':'));
  const sixes = cidrs.filter((cidr) => cidr.includes(':'));
  const [first, ...more] = fours;
  const { Vpc } = await client.send(
    new CreateVpcCommand({ CidrBlock: first, ...(sixes.length === 0 ? {} : { AmazonProvidedIpv6CidrBlock: true }) }),
  );
  const id = Vpc?.VpcId ?? '';
  overlay.made.set(id, cidrs);
  for (const cidr of more) await client.send(new AssociateVpcCidrBlockCommand({ VpcId: id, CidrBlock: cidr }));
  const drawn = Vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
  if (sixes[0] !== undefined && drawn !== undefined) overlay.prefixes.set(drawn, sixes[0]);
  return networkId(id);
}
