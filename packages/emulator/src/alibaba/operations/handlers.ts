/** Joins descriptions with the functions that do the work; a description without one does not compile. */
import type { Call, Operation } from '../../machine/cloud.js';
import type { OperationDescription } from '../../machine/description.js';
import type { Side } from '../../machine/faults.js';

type Handler = (call: Call) => unknown;
export type Handlers<Names extends string> = Readonly<Record<Names, Handler>>;

export function operationsOf<Names extends string>(
  descriptions: Readonly<Record<Names, OperationDescription>>,
  handlers: Handlers<Names>,
  side?: (call: Call, name: Names) => Side | undefined,
): readonly Operation[] {
  return (Object.keys(descriptions) as Names[]).map((name) => ({
    description: descriptions[name],
    run: handlers[name],
    ...(side === undefined ? {} : { side: (call: Call) => side(call, name) }),
  }));
}
