/** Placeholder until the look-up below is written. */
import type { World } from './observe.js';
import type { Reachability } from './reachability.js';
import type { StackSpec } from './stack.js';
import type { Topology } from './topology.js';

export function reach(_stack: StackSpec, _topology: Topology, _world: World, from: string, to: string): Reachability {
  return { version: 1, from, to, reachable: false, verdict: 'unreachable', findings: [], hops: [] };
}
