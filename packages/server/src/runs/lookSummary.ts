/** Of a look what a list shows. Pure: asked in this process and in a workflow. */
import type { ConnectionCounts, Look, LookSummary } from './service.js';

export const lookSummary = ({ stack, at, drift, graph, error }: Look): LookSummary =>
  error === undefined
    ? {
        stack,
        at,
        drift: drift.length,
        ...(graph === undefined ? {} : { connections: countsOf(graph.edges) }),
      }
    : { stack, at, error };

function countsOf(edges: NonNullable<Look['graph']>['edges']): ConnectionCounts {
  const counts = { connected: 0, pending: 0, broken: 0, absent: 0 };
  for (const { health } of edges) counts[health]++;
  return counts;
}
