/**
 * What the cloud's own rows must show of every declared connection after an apply: one live peering, its marks, its tags, its
 * bandwidth. Asks neither plan nor status.
 */
import type { FileConnection, FileModel } from './file.js';
import type { Row } from './manualAccess.js';
import type { HistoryWorld } from './world.js';

/** One peering of a pair, in the words of neither cloud. */
interface Standing {
  readonly id: string;
  readonly mechanism: string;
  readonly live: boolean;
  readonly up: boolean;
  /** Every part that bears marks of its own, the initiator's first: `tags` undefined where only descriptions are marks. */
  readonly parts: readonly {
    readonly description: string;
    readonly tags: Readonly<Record<string, string>> | undefined;
  }[];
  /** Absent where none can be chosen. */
  readonly mbps?: number;
}

const SPECS: Readonly<Record<string, number>> = { 'Small.1': 10, 'Small.2': 20, 'Small.5': 50 };
/** What only the file gives as a tag's value; changes by hand give others. */
const FROM_FILE: ReadonlySet<string> = new Set(['net', 'core', '7', 'größe']);

/** @returns one line for each thing that does not hold */
export function peeringFaults(world: HistoryWorld, file: FileModel): string[] {
  const all = world.cloud === 'alibaba' ? ofAlibaba(world) : ofBaidu(world);
  return file.connections.flatMap((one) => {
    const pair = one.between
      .map((name) => world.id(name))
      .sort()
      .join();
    const found = all.filter((standing) => standing.pair === pair && standing.live);
    const [only] = found;
    if (only === undefined || found.length > 1) return [`${one.name} has ${found.length} peerings`];
    return faultsOf(one, only, world).map((fault) => `${fault} (${one.name}, ${only.id})`);
  });
}

function faultsOf(one: FileConnection, standing: Standing, world: HistoryWorld): string[] {
  const faults: string[] = [];
  const [first] = standing.parts;
  const adopted = standing.parts.some(
    ({ tags, description }) => tags?.['peerway.adopted'] !== undefined || description.endsWith(' adopted'),
  );
  if (!standing.up) faults.push('it carries no traffic');
  if (world.cloud === 'alibaba' && one.mechanism !== undefined && one.mechanism !== standing.mechanism)
    faults.push(`it is made by ${standing.mechanism}`);
  for (const { tags, description } of standing.parts) {
    if (tags !== undefined && (tags['peerway.stack'] !== 'hist' || tags['peerway.connection'] !== one.name))
      faults.push(`its tags name ${tags['peerway.connection'] ?? 'nobody'}`);
    const text = `peerway stack=hist connection=${one.name}`;
    const named = description.startsWith('peerway stack=hist ');
    if (adopted && tags !== undefined ? named && description !== text : description.replace(/ adopted$/, '') !== text)
      faults.push(`its description is ${JSON.stringify(description)}`);
  }
  for (const [key, value] of Object.entries(one.tags))
    if (first?.tags !== undefined && first.tags[key] !== value)
      faults.push(`its tag ${key} is ${String(first.tags[key])}`);
  for (const [key, value] of Object.entries(first?.tags ?? {}))
    if (one.tags[key] === undefined && FROM_FILE.has(value) && !adopted)
      faults.push(`its tag ${key} has left the file`);
  const wanted = world.cloud === 'baidu' ? (one.bandwidthMbps ?? 10) : one.bandwidthMbps;
  if (standing.mbps !== undefined && wanted !== undefined && standing.mbps !== wanted)
    faults.push(`it has ${standing.mbps} Mbit/s`);
  return faults;
}

type Found = Standing & { readonly pair: string };

function ofAlibaba(world: HistoryWorld): Found[] {
  const tables = world.tables();
  const tagsOf = (id: string, account: unknown): Readonly<Record<string, string>> =>
    ((tables['alibaba.tags'] ?? []).find((row) => row['resource'] === id && row['account'] === account)?.['tags'] ??
      {}) as Record<string, string>;
  const peers = (tables['alibaba.vpcPeers'] ?? []).map((row): Found => {
    const [initiator, acceptor] = [row['initiator'], row['acceptor']] as [Row, Row];
    const status = String(row['status']);
    return {
      id: row.id,
      pair: [initiator['vpc'], acceptor['vpc']].map(String).sort().join(),
      mechanism: 'vpc-peer',
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
        pair: [row['scope'], other['scope']].map(String).sort().join(),
        mechanism: 'router-interface',
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

const ofBaidu = (world: HistoryWorld): Found[] =>
  (world.tables()['baidu.peerconns'] ?? []).map((row): Found => {
    const [initiator, acceptor] = [row['initiator'], row['acceptor']] as [Row, Row];
    return {
      id: row.id,
      pair: [initiator['vpcId'], acceptor['vpcId']].map(String).sort().join(),
      mechanism: 'peerconn',
      live: !['deleted', 'deleting', 'down', 'consult_failed', 'error'].includes(String(row['status'])),
      up: row['status'] === 'active',
      parts: [{ description: String(initiator['description']), tags: undefined }],
      mbps: Number(row['bandwidthMbps']),
    };
  });
