/** `peerway graph`: the stack as a picture with live states. Only reads. */
import { dotOf, printableData } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { count } from '../output/quantity.js';
import { deliver } from '../output/file.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, flags }) => {
  const peerway = await session.load();
  const graph = printableData(await peerway.graph({ signal: session.signal }));
  const out = flags.text('out');
  await deliver(session, await draw(), out, { internal: true });
  if (out !== undefined) {
    const broken = graph.edges.filter(({ health }) => health === 'broken').length;
    session.note(
      `${out}: ${count(graph.networks.length, 'network')}, ${count(graph.edges.length, 'connection')}, ${broken} broken.`,
    );
  }
  return EXIT.done;

  async function draw(): Promise<string> {
    if (session.json) return `${JSON.stringify(graph, null, 2)}\n`;
    switch (flags.text('format') ?? formatOf(out)) {
      case 'dot':
        return dotOf(graph);
      case 'mermaid':
        return (await import('../output/graph/mermaid.js')).mermaidOf(graph);
      case 'html':
        return (await import('../output/graph/picture.js')).htmlOf(graph);
      default:
        return (await import('../output/graph/picture.js')).svgOf(graph);
    }
  }
};

/** By the name of the file, SVG when it says nothing. */
function formatOf(out: string | undefined): string {
  const ending = /\.(dot|gv|mmd|html)$/.exec(out ?? '')?.[1];
  return { dot: 'dot', gv: 'dot', mmd: 'mermaid', html: 'html' }[ending ?? ''] ?? 'svg';
}
