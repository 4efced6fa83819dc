/** A graph as Graphviz DOT: for people who have Graphviz, and the source of our own SVG. */
import type { Graph } from '@peerway/runtime';
import { clustersOf, EDGE_STYLES, edgeDetails, MISSING_NETWORK, networkDetails, type Cluster } from './style.js';

/** Above this, CIDRs and ids leave the labels (they stay in the details), or the picture is all text. */
const DETAILED = 60;

export function dotOf(graph: Graph): string {
  const detailed = graph.networks.length <= DETAILED;
  const lines = [
    `graph ${text(graph.stack)} {`,
    `  graph [fontname="Helvetica,Arial,sans-serif", fontsize=12, compound=true, overlap=prism, splines=${detailed ? 'true' : 'line'}, pad=0.3, rankdir=LR, nodesep=0.35, ranksep=0.9];`,
    '  node [fontname="Helvetica,Arial,sans-serif", fontsize=11, shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", margin="0.22,0.07"];',
    '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=9];',
    ...clustersOf(graph).flatMap((cluster, index) => clusterLines(cluster, `${index}`, detailed, 1)),
    ...graph.edges.flatMap((edge, index) => {
      const { colour, line, width } = EDGE_STYLES[edge.health];
      const [from = '', to] = edge.networks;
      const target = to ?? `line ${edge.name}`;
      const attributes = {
        id: `edge-${index}`,
        color: colour,
        fontcolor: colour,
        style: line,
        penwidth: String(width),
        ...(detailed || edge.health === 'broken' ? { label: edge.name } : {}),
        tooltip: edgeDetails(edge).join('\n'),
      };
      return [
        ...(to === undefined ? [`  ${text(target)} [label=${text(edge.name)}, shape=cds, fillcolor="#f6f8fa"];`] : []),
        `  ${text(from)} -- ${text(target)} ${attributesOf(attributes)};`,
      ];
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const FILLS = ['#f6f8fa', '#eef4fb', '#ffffff'];

function clusterLines(cluster: Cluster, path: string, detailed: boolean, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return [
    `${indent}subgraph "cluster_${path}" {`,
    `${indent}  label=${text(cluster.label)}; style="rounded,filled"; color="#d0d7de"; fillcolor="${FILLS[depth - 1] ?? '#ffffff'}"; margin=14;`,
    ...cluster.networks.map((network) => {
      const label = detailed ? [network.name, network.id, ...network.cidrs].join('\n') : network.name;
      return `${indent}  ${text(network.name)} ${attributesOf({
        id: `network-${network.name}`,
        label,
        tooltip: networkDetails(network).join('\n'),
        ...(network.found ? {} : { color: MISSING_NETWORK, fontcolor: MISSING_NETWORK, style: 'rounded,dashed' }),
      })};`;
    }),
    ...cluster.clusters.flatMap((inner, index) => clusterLines(inner, `${path}_${index}`, detailed, depth + 1)),
    `${indent}}`,
  ];
}

const attributesOf = (attributes: Readonly<Record<string, string>>): string =>
  `[${Object.entries(attributes)
    .map(([name, value]) => `${name}=${text(value)}`)
    .join(', ')}]`;

/** A quoted DOT string; only quotes, backslashes and line ends mean anything inside. */
const text = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
