/** Pictures of stacks. Graphviz is loaded with the first of them: no other answer needs it. */
import { printableData, svgOf, type Graph, type Graphviz } from '@peerway/runtime';

export class Drawing {
  #graphviz: Promise<Graphviz> | undefined;

  async svgOf(graph: Graph): Promise<string> {
    this.#graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
    return svgOf(printableData(graph), await this.#graphviz);
  }
}
