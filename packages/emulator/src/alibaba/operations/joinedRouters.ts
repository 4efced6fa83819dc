/** Whether two routers are joined by a pair of router interfaces. */
import type { AlibabaState } from '../state.js';

/** Always false until router interfaces exist. */
export function routersJoined(_state: AlibabaState, _one: string, _other: string): boolean {
  return false;
}
