/** What the cloud's own rows must show of routes after an apply: those of every declared way, and none of ours that nothing declares. */
import { edgesOf, type FileModel } from './file.js';
import { linesOf } from './judgeLinks.js';
import { standingOf } from './judgePeerings.js';
import type { Row } from './manualAccess.js';
import { prefixesOf, type HistoryWorld } from './world.js';

interface Entry {
  readonly network: unknown;
  readonly destination: unknown;
  readonly hop: unknown;
  readonly description: string;
  readonly id: string;
}

/** @returns one line for each thing that does not hold */
export function routeFaults(world: HistoryWorld, file: FileModel): string[] {
  const entries = world.cloud === 'alibaba' ? ofAlibaba(world) : ofBaidu(world);
  const faults: string[] = [];
  const require = (network: unknown, destination: string, hop: unknown): void => {
    const there = entries.some((one) => one.network === network && one.destination === destination && one.hop === hop);
    if (!there) faults.push(`no route to ${destination} over ${String(hop)} in ${String(network)}`);
  };
  for (const one of file.connections)
    for (const edge of edgesOf(one)) {
      const [peering] = standingOf(world, edge);
      if (peering === undefined || (one.routes !== 'auto' && one.routes !== 'first-side')) continue;
      const [a, b] = edge.between;
      for (const [here, there] of [
        [a, b],
        [b, a],
      ] as const)
        if (one.routes === 'auto' || here === one.between[0])
          for (const prefix of prefixesOf(there)) require(world.id(here), prefix, peering.hops.get(world.id(here)));
    }
  const [line] = file.link === undefined ? [] : linesOf(world, file.link);
  if (line !== undefined)
    for (const destination of file.link?.destinations ?? []) require(world.id('n0'), destination, line.hop);
  const edges = file.connections.flatMap((one) => edgesOf(one));
  const declared = new Set([...edges, ...(file.link === undefined ? [] : [file.link])].map(({ name }) => name));
  const named = new Set<unknown>(file.networks.map((name) => world.id(name)));
  for (const { network, description, id } of entries) {
    const name = new RegExp(`^peerway stack=${file.stack} connection=(\\S+)`).exec(description)?.[1];
    if (name !== undefined && named.has(network) && !declared.has(name))
      faults.push(`the route ${id} is marked ${name}, which nothing declares`);
  }
  return faults;
}

/** Routes that still bear a stack's mark although what they lead over, one of these keys, was released. */
export function marksLeft(world: HistoryWorld, stack: string, keys: ReadonlySet<string>): string[] {
  const tables = world.tables();
  const hops = new Set<unknown>([...keys].map((key) => key.split(' ')[1]));
  for (const row of tables['baidu.peerconns'] ?? [])
    if (keys.has(`baidu.peerconns ${row.id}`))
      for (const end of [row['initiator'], row['acceptor']] as readonly Row[]) hops.add(end['ifId']);
  const [entries, table] =
    world.cloud === 'alibaba' ? [ofAlibaba(world), 'alibaba.routeEntries'] : [ofBaidu(world), 'baidu.routeRules'];
  return entries
    .filter(({ hop, description }) => hops.has(hop) && description.startsWith(`peerway stack=${stack} `))
    .map(({ id }) => `${table} ${id}`);
}

const ofAlibaba = (world: HistoryWorld): Entry[] =>
  (world.tables()['alibaba.routeEntries'] ?? [])
    .filter((row) => row['status'] === 'Available')
    .flatMap((row) =>
      (row['nextHops'] as readonly Row[]).map(({ id: hop }) => ({
        network: row['scope'],
        destination: row['destination'],
        hop,
        description: String(row['description']),
        id: row.id,
      })),
    );

const ofBaidu = (world: HistoryWorld): Entry[] =>
  (world.tables()['baidu.routeRules'] ?? []).map((row) => ({
    network: row['vpcId'],
    destination: row['destinationAddress'],
    hop: row['nexthopId'],
    description: String(row['description']),
    id: row.id,
  }));
