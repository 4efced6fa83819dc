/** A graph as SVG. Graphviz draws it; whoever has a Graphviz hands it in, so that an application without pictures carries none. */
import type { Graph } from '../graph.js';
import { dotOf, FONT } from './dot.js';

/** What is needed of `@viz-js/viz`: an `instance()` of it fits. */
export interface Graphviz {
  renderString(dot: string, options: { readonly format: 'svg' }): string;
}

/**
 * One `<svg>` element without style or script, so that a page with a strict content policy can show it. A connection is
 * `g.edge` with the id `edge-<index>` and its health as a class, a network `g.node` with the id `network-<name>`.
 */
export function svgOf(graph: Graph, graphviz: Graphviz): string {
  const svg = graphviz.renderString(dotOf(graph), { format: 'svg' });
  return (
    svg
      .slice(svg.indexOf('<svg'))
      .replaceAll(`font-family="${FONT},sans-Serif"`, `font-family="${FONT},Arial,sans-serif"`)
      // a pale rim around the names; lines have a stroke of their own
      .replaceAll('class="edge', 'paint-order="stroke" stroke="#fff" stroke-width="3" class="edge')
  );
}
