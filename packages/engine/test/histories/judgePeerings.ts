/**
 * What the cloud's own rows must show of every declared connection after an apply: one live peering, its marks, its tags, its
 * bandwidth. Asks neither plan nor status.
 */
import { bandwidthOf, edgesOf, type FileConnection, type FileEdge, type FileModel } from './file.js';
import type { Row } from './manualAccess.js';
import type { HistoryWorld, Tables } from './world.js';

/** One peering of a pair, in the words of neither cloud. */
interface Standing {
  readonly id: string;
  /** What a route points at, by the network that it leads out of. */
  readonly hops: ReadonlyMap<unknown, unknown>;
  readonly mechanism: string;
  readonly live: boolean;
  readonly up: boolean;
  /** Every part that bears marks of its own, the initiator's first. */
  readonly parts: readonly Marked[];
  /** The initiator's; absent where the cloud has none. */
  readonly name?: string;
  /** Absent where none can be chosen. */
  readonly mbps?: number;
  /** Whether names are resolved on each side; absent where there is no such switch. */
  readonly names?: readonly boolean[];
}

export const SPECS: Readonly<Record<string, number>> = { 'Small.1': 10, 'Small.2': 20, 'Small.5': 50 };
/** What a peering of Alibaba Cloud can be called (`Name` of CreateVpcPeerConnection and CreateRouterInterface); a connection called otherwise lends no name. */
const NAMEABLE = /^[A-Za-z\p{Script=Han}][A-Za-z\p{Script=Han}0-9_-]{1,127}$/u;
/** What only the file gives as a tag's value; changes by hand give others. */
const FROM_FILE: ReadonlySet<string> = new Set(['net', 'core', '7', 'größe']);

/** The live peerings of a pair, by the cloud's own rows. */
export function standingOf(world: HistoryWorld, { between }: FileEdge): Standing[] {
  const all = world.cloud === 'alibaba' ? ofAlibaba(world) : ofBaidu(world);
  const pair = between
    .map((name) => world.id(name))
    .sort()
    .join();
  return all.filter((standing) => standing.pair === pair && standing.live);
}

/** @returns one line for each thing that does not hold */
export const peeringFaults = (world: HistoryWorld, file: FileModel, handedOver: ReadonlySet<string>): string[] =>
  file.connections.flatMap((one) =>
    edgesOf(one).flatMap((edge) => {
      const found = standingOf(world, edge);
      const [only] = found;
      if (only === undefined || found.length > 1) return [`${edge.name} has ${found.length} peerings`];
      const faults = faultsOf(one, only, { world, stack: file.stack, name: edge.name, handedOver });
      return faults.map((fault) => `${fault} (${edge.name}, ${only.id})`);
    }),
  );

function faultsOf(
  one: FileConnection,
  standing: Standing,
  {
    world,
    stack,
    name,
    handedOver,
  }: {
    readonly world: HistoryWorld;
    readonly stack: string;
    readonly name: string;
    readonly handedOver: ReadonlySet<string>;
  },
): string[] {
  const faults: string[] = [];
  const adopted = isAdopted(standing.parts);
  if (!standing.up) faults.push('it carries no traffic');
  if (world.cloud === 'alibaba' && one.mechanism !== undefined && one.mechanism !== standing.mechanism)
    faults.push(`it is made by ${standing.mechanism}`);
  const { description, dnsSync } = one.says ?? {};
  const given = name.replaceAll('/', '-');
  if (standing.name !== undefined && standing.name !== given && NAMEABLE.test(given) && !adopted)
    faults.push(`it is called ${JSON.stringify(standing.name)}`);
  for (const part of standing.parts) faults.push(...markFaults(part, { stack, name, adopted, said: description }));
  if (standing.names !== undefined && typeof dnsSync === 'string')
    for (const open of standing.names)
      if (open !== (dnsSync === 'both')) faults.push(`its names are ${open ? 'open' : 'closed'} on one side`);
  faults.push(...tagFaults(one.tags, standing.parts[0]?.tags, adopted || handedOver.has(standing.id)));
  const wanted = bandwidthOf(one, world.cloud);
  if (standing.mbps !== undefined && wanted !== undefined && standing.mbps !== wanted)
    faults.push(`it has ${standing.mbps} Mbit/s`);
  return faults;
}

/**
 * What plan calls somebody else's although it bears no mark of anybody and marked routes of exactly this connection lead to it: nobody should
 * have to adopt that. Undefined: there is no such peering.
 */
export function disownedByMistake(world: HistoryWorld, file: FileModel, name: string): string | undefined {
  const edge = file.connections.flatMap(edgesOf).find((one) => one.name === name);
  if (edge === undefined) return undefined;
  const tables = world.tables();
  const routes = [
    ...(tables['alibaba.routeEntries'] ?? []).map((row) => ({
      network: row['scope'],
      hops: (row['nextHops'] as readonly { readonly id: string }[]).map(({ id }) => id),
      text: String(row['description']),
    })),
    ...(tables['baidu.routeRules'] ?? []).map((row) => ({
      network: row['vpcId'],
      hops: [String(row['nexthopId'])],
      text: String(row['description']),
    })),
  ];
  const mark = new RegExp(`^peerway stack=${file.stack} connection=${name}( adopted)?$`);
  for (const { id, hops, parts } of standingOf(world, edge)) {
    const free = parts.every(
      ({ tags, description }) =>
        tags?.['peerway.stack'] === undefined &&
        !description.includes('peerway stack=') &&
        description !== 'released by peerway',
    );
    const marks = routes
      .filter((route) => route.hops.includes(String(hops.get(route.network))))
      .map(({ text }) => text)
      .filter((text) => text.startsWith('peerway stack='));
    if (free && marks.length > 0 && marks.every((text) => mark.test(text)))
      return `plan calls ${id} somebody else's, and marked routes of ${name} lead there`;
  }
  return undefined;
}

/** What bears marks: `tags` undefined where only descriptions are marks. */
export interface Marked {
  readonly description: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** A mark, and behind it what the file says of the object, or what its maker has said. */
const MARK = /^(peerway stack=\S+ connection=\S+?)( also)?( adopted)?( set=\S+)?(: .*)?$/s;

export const isAdopted = (parts: readonly Marked[]): boolean =>
  parts.some(
    ({ tags, description }) => tags?.['peerway.adopted'] !== undefined || MARK.exec(description)?.[3] !== undefined,
  );

export function markFaults(
  { tags, description }: Marked,
  {
    stack,
    name,
    adopted,
    said: wanted,
  }: { readonly stack: string; readonly name: string; readonly adopted: boolean; readonly said?: string | undefined },
): string[] {
  const faults: string[] = [];
  if (tags !== undefined && (tags['peerway.stack'] !== stack || tags['peerway.connection'] !== name))
    faults.push(`its tags name ${tags['peerway.connection'] ?? 'nobody'}`);
  const text = `peerway stack=${stack} connection=${name}`;
  const named = description.startsWith(`peerway stack=${stack} `);
  const [, mark, , , , said] = MARK.exec(description) ?? [];
  const says = wanted === undefined ? adopted || said === undefined : said === `: ${wanted}`;
  const bears = mark === text && says;
  // where tags decide, the description of an adopted object is bare
  const bare = wanted === undefined ? !named || description === text : description === wanted;
  if (adopted && tags !== undefined ? !bare && !bears : !bears)
    faults.push(`its description is ${JSON.stringify(description)}`);
  return faults;
}

/** @param seen undefined where tags cannot be set on what exists */
export function tagFaults(
  wanted: Readonly<Record<string, string>>,
  seen: Readonly<Record<string, string>> | undefined,
  adopted: boolean,
): string[] {
  if (seen === undefined) return [];
  const faults: string[] = [];
  for (const [key, value] of Object.entries(wanted))
    if (seen[key] !== value) faults.push(`its tag ${key} is ${String(seen[key])}`);
  for (const [key, value] of Object.entries(seen))
    if (wanted[key] === undefined && FROM_FILE.has(value) && !adopted) faults.push(`its tag ${key} has left the file`);
  return faults;
}

type Found = Standing & { readonly pair: string };

/** Tags are kept in the account that wrote them. */
export const alibabaTags = (tables: Tables, id: string, account: unknown): Readonly<Record<string, string>> =>
  ((tables['alibaba.tags'] ?? []).find((row) => row['resource'] === id && row['account'] === account)?.['tags'] ??
    {}) as Record<string, string>;

function ofAlibaba(world: HistoryWorld): Found[] {
  const tables = world.tables();
  const tagsOf = (id: string, account: unknown): Readonly<Record<string, string>> => alibabaTags(tables, id, account);
  const peers = (tables['alibaba.vpcPeers'] ?? []).map((row): Found => {
    const [initiator, acceptor] = [row['initiator'], row['acceptor']] as [Row, Row];
    const status = String(row['status']);
    return {
      id: row.id,
      hops: new Map([initiator, acceptor].map((end) => [end['vpc'], row.id])),
      pair: [initiator['vpc'], acceptor['vpc']].map(String).sort().join(),
      mechanism: 'vpc-peer',
      name: String(row['name']),
      live: !['Deleted', 'Deleting', 'Rejected', 'Expired'].includes(status),
      up: status === 'Activated',
      parts: [{ description: String(row['description']), tags: tagsOf(row.id, initiator['account']) }],
      ...(initiator['region'] === acceptor['region'] ? {} : { mbps: Number(row['bandwidth']) }),
    };
  });
  const interfaces = (tables['alibaba.routerInterfaces'] ?? []).filter((row) => row['routerType'] === 'VRouter');
  const opposite = (row: Row): string => (row['opposite'] as { readonly interface: string }).interface;
  const pairs = interfaces.flatMap((row): Found[] => {
    const other = interfaces.find((one) => one.id === opposite(row) && opposite(one) === row.id);
    if (row['role'] !== 'InitiatingSide' || other === undefined) return [];
    const sameRegion = row['region'] === other['region'];
    const mbps = SPECS[String(row['spec'])];
    return [
      {
        id: row.id,
        hops: new Map([row, other].map((half) => [half['scope'], half.id])),
        pair: [row['scope'], other['scope']].map(String).sort().join(),
        mechanism: 'router-interface',
        name: String(row['name']),
        live: true,
        up: row['status'] === 'Active' && other['status'] === 'Active',
        parts: [row, other].map((half) => ({
          description: String(half['description']),
          tags: tagsOf(half.id, half['account']),
        })),
        ...(sameRegion || mbps === undefined ? {} : { mbps }),
      },
    ];
  });
  return [...peers, ...pairs];
}

/** State of the name switch of one side; empty: it was never touched. */
const namesOf = (world: HistoryWorld, id: string): string =>
  (world.tables()['baidu.dns'] ?? []).flatMap((row) => (row.id === id ? [String(row['status'])] : []))[0] ?? '';

const ofBaidu = (world: HistoryWorld): Found[] =>
  (world.tables()['baidu.peerconns'] ?? []).map((row): Found => {
    const [initiator, acceptor] = [row['initiator'], row['acceptor']] as [Row, Row];
    return {
      id: row.id,
      hops: new Map([initiator, acceptor].map((end) => [end['vpcId'], end['ifId']])),
      pair: [initiator['vpcId'], acceptor['vpcId']].map(String).sort().join(),
      mechanism: 'peerconn',
      live: !['deleted', 'deleting', 'down', 'consult_failed', 'error'].includes(String(row['status'])),
      up: row['status'] === 'active',
      parts: [{ description: String(initiator['description']), tags: undefined }],
      mbps: Number(row['bandwidthMbps']),
      names: ['initiator', 'acceptor'].map((side) =>
        ['open', 'wait', 'syncing'].includes(namesOf(world, `${row.id}/${side}`)),
      ),
    };
  });
