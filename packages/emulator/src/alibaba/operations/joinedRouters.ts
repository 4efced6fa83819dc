/** Whether two routers are joined by a pair of router interfaces that has been connected. */
import type { RouterInterfaceRecord } from '../records.js';
import type { AlibabaState } from '../state.js';

export function routersJoined(state: AlibabaState, one: string, other: string): boolean {
  return state.interfaces.find((side) => joinsTo(state, side, one, other)) !== undefined;
}

function joinsTo(state: AlibabaState, side: RouterInterfaceRecord, one: string, other: string): boolean {
  const between =
    (side.router === one && side.opposite.router === other) || (side.router === other && side.opposite.router === one);
  // a survivor whose peer has been deleted joins nothing any more
  return between && side.connectedAt !== undefined && state.interfaces.get(side.opposite.interface) !== undefined;
}
