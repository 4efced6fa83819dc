/** How a connection's health looks in every kind of picture. */
import type { Health } from '@peerway/engine';
import type { Graph, GraphEdge, GraphNetwork } from '../graph.js';

export interface EdgeStyle {
  readonly colour: string;
  readonly line: 'solid' | 'dashed' | 'dotted';
  readonly width: number;
}

/** Told by line style too, so that a print without colours still says it. */
export const EDGE_STYLES: Record<Health, EdgeStyle> = {
  connected: { colour: '#1a7f37', line: 'solid', width: 1.6 },
  pending: { colour: '#bf8700', line: 'dashed', width: 1.6 },
  broken: { colour: '#cf222e', line: 'dashed', width: 2.4 },
  absent: { colour: '#8c959f', line: 'dotted', width: 1.6 },
};

export const MISSING_NETWORK = '#cf222e';

/** Networks grouped as the clouds own them: cloud → account → region, each level in the order of first appearance. */
export interface Cluster {
  readonly key: string;
  readonly label: string;
  readonly clusters: readonly Cluster[];
  readonly networks: readonly GraphNetwork[];
}

export function clustersOf(graph: Graph): readonly Cluster[] {
  return groupBy(graph.networks, ({ cloud }) => cloud).map(([cloud, ofCloud]) => ({
    key: cloud,
    label: cloud,
    networks: [],
    clusters: groupBy(ofCloud, ({ account }) => account).map(([account, ofAccount]) => ({
      key: `${cloud}/${account}`,
      label: account === '' ? 'account unknown' : `account ${account}`,
      networks: [],
      clusters: groupBy(ofAccount, ({ region }) => region).map(([region, networks]) => ({
        key: `${cloud}/${account}/${region}`,
        label: region,
        networks,
        clusters: [],
      })),
    })),
  }));
}

/** What a person wants to know when pointing at a connection, line by line. */
export function edgeDetails(edge: GraphEdge): readonly string[] {
  return [
    `${edge.name}: ${edge.health}`,
    ...(edge.state === undefined
      ? []
      : [`state ${edge.state}${edge.nativeState === undefined ? '' : ` (${edge.nativeState})`}`]),
    ...(edge.id === undefined ? [] : [edge.id]),
    ...(edge.mechanism === undefined ? [] : [edge.mechanism]),
    ...(edge.bandwidthMbps === undefined ? [] : [`${edge.bandwidthMbps} Mbit/s`]),
    `routes ${edge.routes.active} of ${edge.routes.total} active`,
    ...edge.faults,
  ];
}

export const networkDetails = (network: GraphNetwork): readonly string[] => [
  `${network.name}${network.found ? '' : ': not found'}`,
  network.id,
  ...network.cidrs,
];

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups];
}
