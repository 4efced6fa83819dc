/** `peerway graph`: the stack as a picture with live states. Only reads. */
import { dotOf, printableData } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { count } from '../output/quantity.js';
import { deliver } from '../output/file.js';
import { badFlag } from './badFlag.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, flags }) => {
  const out = flags.text('out');
  const format = flags.text('format') ?? formatOf(session.json ? undefined : out);
  const peerway = await session.load();
  const graph = printableData(await peerway.graph({ signal: session.signal }));
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
    switch (format) {
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

const ENDINGS: Readonly<Record<string, string>> = {
  svg: 'svg',
  html: 'html',
  dot: 'dot',
  gv: 'dot',
  mmd: 'mermaid',
};

/** By the name of the file, SVG when it says nothing. @throws PeerwayError for another picture's ending, which SVG inside would belie */
function formatOf(out: string | undefined): string {
  const ending = /\.([a-z0-9]+)$/i.exec(out ?? '')?.[1]?.toLowerCase() ?? 'svg';
  if (['png', 'jpg', 'jpeg', 'gif', 'webp', 'pdf'].includes(ending)) {
    const known = Object.keys(ENDINGS).join(', .');
    throw badFlag('--out', `names a file of a kind that is not drawn: .${ending}`, `End it with one of .${known}.`);
  }
  return ENDINGS[ending] ?? 'svg';
}
