/** What the cloud's own rows must show of the declared link after an apply: one line, up, with its marks, tags, bandwidth and addresses. */
import { addressesOf, type FileLink, type FileModel } from './file.js';
import { alibabaTags, isAdopted, markFaults, SPECS, tagFaults, type Marked } from './judgePeerings.js';
import type { Row } from './manualAccess.js';
import type { HistoryWorld } from './world.js';

/** A line as it stands, in the words of neither cloud. */
interface Line extends Marked {
  readonly id: string;
  readonly up: boolean;
  readonly mbps: number | undefined;
  /** Where they belong to the line itself and not to what people ordered. */
  readonly addresses?: readonly unknown[];
  /** What a route of the network points at. */
  readonly hop: unknown;
}

/** @returns one line for each thing that does not hold */
export function linkFaults(world: HistoryWorld, { link, stack }: FileModel, handedOver: ReadonlySet<string>): string[] {
  if (link === undefined) return [];
  const found = linesOf(world, link);
  const [line] = found;
  if (line === undefined || found.length > 1) return [`${link.name} has ${found.length} lines`];
  const adopted = isAdopted([line]);
  const faults = [
    ...markFaults(line, { stack, name: link.name, adopted, said: link.says?.description }),
    ...tagFaults(link.tags, line.tags, adopted || handedOver.has(line.id)),
  ];
  if (!line.up) faults.push('it carries no traffic');
  if (line.mbps !== link.bandwidthMbps) faults.push(`it has ${String(line.mbps)} Mbit/s`);
  const addresses = addressesOf(link.vlan).join();
  if (line.addresses !== undefined && line.addresses.join() !== addresses)
    faults.push(`its addresses are ${line.addresses.join()}`);
  return faults.map((fault) => `${fault} (${link.name}, ${line.id})`);
}

/** The live lines of a port and VLAN. */
export const linesOf = (world: HistoryWorld, link: FileLink): Line[] =>
  world.cloud === 'alibaba' ? ofAlibaba(world, link) : ofBaidu(world, link);

function ofAlibaba(world: HistoryWorld, { vlan, across }: FileLink): Line[] {
  const tables = world.tables();
  const interfaces = tables['alibaba.routerInterfaces'] ?? [];
  const opposite = (row: Row): string => (row['opposite'] as { readonly interface: string }).interface;
  return (tables['alibaba.borderRouters'] ?? [])
    .filter((row) => row['port'] === world.port(across) && row['vlan'] === vlan && row['status'] !== 'deleting')
    .map((row) => {
      const edges = interfaces.filter((half) => half['router'] === row.id);
      const halves = interfaces.filter(
        (half) =>
          half['scope'] === world.id('n0') &&
          edges.some((edge) => opposite(edge) === half.id && opposite(half) === edge.id),
      );
      const [edge, half] = [edges[0], halves[0]];
      const parts = [...edges, ...halves];
      return {
        id: row.id,
        up: row['status'] === 'active' && parts.length === 2 && parts.every((part) => part['status'] === 'Active'),
        description: String(row['description']),
        tags: alibabaTags(tables, row.id, row['account']),
        mbps: SPECS[String(edge?.['spec'])],
        addresses: [row['localGatewayIp'], row['peerGatewayIp']],
        hop: half?.id,
      };
    });
}

function ofBaidu(world: HistoryWorld, { vlan, across }: FileLink): Line[] {
  const tables = world.tables();
  const channel = (tables['baidu.channels'] ?? []).find(
    (row) => row['lineId'] === world.port(across) && row['vlanId'] === vlan,
  );
  const uses = (row: Row): boolean =>
    (row['channel'] as { readonly channelId: string } | undefined)?.channelId === channel?.id;
  return (tables['baidu.gateways'] ?? []).filter(uses).map((row) => ({
    id: row.id,
    up: row['status'] === 'running' && row['vpcId'] === world.id('n0'),
    description: String(row['description']),
    tags: undefined,
    mbps: Number(row['speed']),
    hop: row.id,
  }));
}
