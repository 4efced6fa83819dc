/** A graph as SVG, drawn by Graphviz inside this process, and as one HTML file with details under the pointer. */
import { EDGE_STYLES, edgeDetails, networkDetails, svgOf as drawn, type Graph } from '@peerway/runtime';
import { instance } from '@viz-js/viz';

export const svgOf = async (graph: Graph): Promise<string> => drawn(graph, await instance());

export async function htmlOf(graph: Graph): Promise<string> {
  const svg = await svgOf(graph);
  const details: Record<string, readonly string[]> = {};
  for (const network of graph.networks) details[`network-${network.name}`] = networkDetails(network);
  graph.edges.forEach((edge, index) => {
    details[`edge-${index}`] = edgeDetails(edge);
  });
  const legend = Object.entries(EDGE_STYLES)
    .map(([health, { colour, line }]) => {
      const number = graph.edges.filter((edge) => edge.health === health).length;
      return `<li><span style="border-top:3px ${line} ${colour}"></span>${health} <b>${number}</b></li>`;
    })
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(graph.stack)}: network graph</title>
<style>
body{margin:0;font:14px/1.4 Helvetica,Arial,sans-serif;color:#1f2328;background:#fff}
header{display:flex;gap:2em;align-items:center;padding:.6em 1em;border-bottom:1px solid #d0d7de;position:sticky;top:0;background:#fff}
h1{font-size:1.1em;margin:0}ul{display:flex;gap:1.4em;list-style:none;margin:0;padding:0}
li span{display:inline-block;width:28px;margin-right:.4em;vertical-align:middle}
svg{max-width:100%;height:auto;display:block;margin:1em auto}
g.node:hover,g.edge:hover{cursor:default;opacity:.75}
#details{position:fixed;display:none;max-width:34em;padding:.5em .8em;background:#1f2328;color:#fff;border-radius:6px;white-space:pre-line;pointer-events:none;font-size:13px}
</style></head><body>
<header><h1>${escapeHtml(graph.stack)}</h1><ul>${legend}</ul></header>
${svg}
<div id="details"></div>
<script type="application/json" id="data">${jsonForScript(details)}</script>
<script>
const details = JSON.parse(document.getElementById('data').textContent), box = document.getElementById('details');
for (const [id, lines] of Object.entries(details)) {
  const shape = document.getElementById(id);
  if (!shape) continue;
  for (const title of shape.querySelectorAll('title')) title.remove();
  for (const link of shape.querySelectorAll('a')) link.removeAttribute('xlink:title');
  shape.addEventListener('pointermove', (event) => {
    box.textContent = lines.join('\\n');
    box.style.display = 'block';
    box.style.left = Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8) + 'px';
    box.style.top = Math.min(event.clientY + 14, innerHeight - box.offsetHeight - 8) + 'px';
  });
  shape.addEventListener('pointerleave', () => { box.style.display = 'none'; });
}
</script></body></html>
`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Nothing in it can end the script element. */
const jsonForScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
