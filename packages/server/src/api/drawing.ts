/** Pictures of stacks. Graphviz is loaded with the first of them: no other answer needs it. */
import { PeerwayError } from '@peerway/core';
import { printableData, svgOf, type Graph, type Graphviz } from '@peerway/runtime';

/** Drawing holds the process up for 0.1 s with 2,000 connections; nobody can read a picture of more than this. */
const MOST_EDGES = 5_000;
/** So many pictures are kept, for all who look at the same look of a stack. */
const MOST_KEPT = 50;

export class Drawing {
  #graphviz: Promise<Graphviz> | undefined;
  /** By stack; of its last look that was drawn. The one drawn longest ago comes first. */
  readonly #kept = new Map<string, { readonly at: number; readonly svg: string }>();

  /** @param at when the stack was looked at. @throws PeerwayError `Unsupported` for one with very many connections */
  async svgOf({
    stack,
    at,
    graph,
  }: {
    readonly stack: string;
    readonly at: number;
    readonly graph: Graph;
  }): Promise<string> {
    const known = this.#kept.get(stack);
    if (known?.at === at) return known.svg;
    if (graph.edges.length > MOST_EDGES) {
      throw new PeerwayError('Unsupported', `A picture of more than ${MOST_EDGES} connections is not drawn`, {
        remedy: 'Read the list of connections; `peerway graph --format dot` gives the picture to Graphviz elsewhere.',
      });
    }
    this.#graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
    const svg = svgOf(printableData(graph), await this.#graphviz);
    this.#kept.delete(stack);
    this.#kept.set(stack, { at, svg });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return svg;
  }
}
