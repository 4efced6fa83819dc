/** What router interfaces mean for the routers that they sit on. */
import type { RouterInterfaceRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';

/** Whether a router has an interface that keeps it from being deleted. */
export function holdsInterface(state: AlibabaState, router: string): boolean {
  const deletingBlocks = state.services.rules.value(rule.deletingInterfaceBlocks);
  return (
    state.interfaces.find((side) => side.router === router && (deletingBlocks || side.status !== 'Deleting')) !==
    undefined
  );
}

/** Whether two routers are joined by a pair of interfaces that has been connected. */
export function routersJoined(state: AlibabaState, one: string, other: string): boolean {
  return state.interfaces.find((side) => joinsTo(state, side, one, other)) !== undefined;
}

function joinsTo(state: AlibabaState, side: RouterInterfaceRecord, one: string, other: string): boolean {
  const between =
    (side.router === one && side.opposite.router === other) || (side.router === other && side.opposite.router === one);
  // a survivor whose peer has been deleted joins nothing any more
  return between && side.connectedAt !== undefined && state.interfaces.get(side.opposite.interface) !== undefined;
}
