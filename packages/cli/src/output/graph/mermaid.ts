/** A graph as Mermaid, which GitHub and many wikis draw by themselves. */
import { clustersOf, EDGE_STYLES, type Cluster, type Graph } from '@peerway/runtime';

const DASHES = { solid: '', dashed: ',stroke-dasharray:6 3', dotted: ',stroke-dasharray:2 3' } as const;

export function mermaidOf(graph: Graph): string {
  const ids = new Map(graph.networks.map(({ name }, index) => [name, `n${index}`]));
  const lines = [
    'graph LR',
    ...clustersOf(graph).flatMap((cluster, index) => clusterLines(cluster, `c${index}`, ids, 1)),
  ];
  graph.edges.forEach((edge, index) => {
    const [from = '', to] = edge.networks;
    const target = to === undefined ? `l${index}[/${text(edge.name)}/]` : (ids.get(to) ?? text(to));
    const label = edge.health === 'connected' ? edge.name : `${edge.name}: ${edge.health}`;
    lines.push(`  ${ids.get(from) ?? text(from)} ---|${text(label)}| ${target}`);
  });
  graph.edges.forEach((edge, index) => {
    const { colour, line, width } = EDGE_STYLES[edge.health];
    lines.push(`  linkStyle ${index} stroke:${colour},stroke-width:${width}px${DASHES[line]}`);
  });
  return `${lines.join('\n')}\n`;
}

function clusterLines(cluster: Cluster, id: string, ids: ReadonlyMap<string, string>, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return [
    `${indent}subgraph ${id}[${text(cluster.label)}]`,
    ...cluster.networks.map((network) => {
      const label = [network.name, ...(network.found ? network.cidrs : ['not found'])].join('<br/>');
      return `${indent}  ${ids.get(network.name) ?? ''}[${text(label)}]`;
    }),
    ...cluster.clusters.flatMap((inner, index) => clusterLines(inner, `${id}_${index}`, ids, depth + 1)),
    `${indent}end`,
  ];
}

/** Quoted; Mermaid has no escape but its own entities. */
const text = (value: string): string => `"${value.replaceAll('"', '#quot;')}"`;
