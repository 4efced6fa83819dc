/** A graph as Graphviz DOT: for people who have Graphviz, and the source of our own SVG. */
import type { Graph } from '../graph.js';
import { clustersOf, EDGE_STYLES, edgeDetails, MISSING_NETWORK, networkDetails, type Cluster } from './style.js';

/** What Graphviz has the measures of. */
export const FONT = 'Helvetica';

/** Layers are the best picture of a small graph; of a large one, boxes packed by cloud, account and region. */
const LAYERED = 24;
const isLarge = ({ networks, edges }: Graph): boolean => networks.length > LAYERED || edges.length > 2 * LAYERED;

/** Above this, CIDRs and ids leave the labels (they stay in the details), or the picture is all text. */
const DETAILED = 60;

export function dotOf(graph: Graph): string {
  const detailed = graph.networks.length <= DETAILED;
  const large = isLarge(graph);
  // lines run behind the boxes, so that no name is struck through; one plain font, because Graphviz measures a list of fonts as Times
  const layout = large
    ? 'layout=osage, splines=line, pack=20, packmode=array_1'
    : 'layout=dot, splines=true, rankdir=LR, nodesep=0.35, ranksep=1.2';
  const lines = [
    `graph ${text(graph.stack)} {`,
    `  graph [fontname="${FONT}", fontsize=12, labeljust=l, outputorder=edgesfirst, pad=0.3, ${layout}];`,
    `  node [fontname="${FONT}", fontsize=11, shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", margin="0.22,0.07"];`,
    `  edge [fontname="${FONT}", fontsize=10];`,
    ...clustersOf(graph).flatMap((cluster, index) => clusterLines(cluster, `${index}`, detailed, 1)),
    ...graph.edges.flatMap((edge, index) => {
      const { colour, line, width } = EDGE_STYLES[edge.health];
      const [from = '', to] = edge.networks;
      const target = to ?? `line ${edge.name}`;
      const attributes = {
        id: `edge-${index}`,
        class: edge.health,
        color: colour,
        fontcolor: colour,
        style: line,
        penwidth: String(large ? width / 2 : width),
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
    `${indent}  label=${text(shortened(cluster.label))}; tooltip=${text(cluster.label)}; style="rounded,filled"; color="#d0d7de"; fillcolor="${FILLS[depth - 1] ?? '#ffffff'}"; margin=14; packmode=array;`,
    ...cluster.networks.map((network) => {
      const label = detailed ? [network.name, network.id, ...network.cidrs].join('\n') : network.name;
      return `${indent}  ${text(network.name)} ${attributesOf({
        id: `network-${network.name}`,
        label,
        tooltip: networkDetails(network).join('\n'),
        ...(network.found
          ? {}
          : { class: 'missing', color: MISSING_NETWORK, fontcolor: MISSING_NETWORK, style: 'rounded,dashed' }),
      })};`;
    }),
    ...cluster.clusters.flatMap((inner, index) => clusterLines(inner, `${path}_${index}`, detailed, depth + 1)),
    `${indent}}`,
  ];
}

/** Baidu's account ids have 32 digits, wider than what stands in the box; the whole one is the tooltip. */
const shortened = (label: string): string =>
  label.replace(/[0-9a-f]{21,}$/, (id) => `${id.slice(0, 8)}…${id.slice(-4)}`);

const attributesOf = (attributes: Readonly<Record<string, string>>): string =>
  `[${Object.entries(attributes)
    .map(([name, value]) => `${name}=${text(value)}`)
    .join(', ')}]`;

/** A quoted DOT string; only quotes, backslashes and line ends mean anything inside. */
const text = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
