/** What one look at a cloud brings: lists, and the two sides' readings of one peering. */
import { mergeSides, type Peering } from '@peerway/core';

/** Two readings of one peering as one: what only the other side shows is not lost. */
export function joinReadings(a: Peering, b: Peering): Peering {
  const other = a.seenFrom === 'initiator' ? b : a;
  const merged = mergeSides(a, b);
  return merged.next === undefined && other.next !== undefined ? { ...merged, next: other.next } : merged;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}
