/** Looks at a stack again and again and says what changed between two looks. Only reads. */
import type { Clock } from '@peerway/core';
import type { ConnectionStatus, Engine, StackStatus } from '@peerway/engine';

export interface WatchOptions {
  /** Pause between two looks. Default 2,000 ms. */
  readonly intervalMs?: number;
  /** Ends the watch without an error. */
  readonly signal?: AbortSignal;
}

/** One thing that is different from the look before; `before` is absent at the first look. */
export interface StackChange {
  readonly connection: string;
  readonly what: 'health' | 'state' | 'id' | 'routes';
  readonly before?: string;
  /** Empty when the thing is gone. */
  readonly after: string;
}

export interface Observation {
  /** Milliseconds since the epoch, when the look ended. */
  readonly at: number;
  readonly status: StackStatus;
  /** Sorted by connection. At the first look every connection's health is listed. */
  readonly changes: readonly StackChange[];
}

type Facts = Readonly<Record<StackChange['what'], string>>;

export async function* watchStack(
  engine: Engine,
  clock: Clock,
  options: WatchOptions = {},
): AsyncGenerator<Observation> {
  const { intervalMs = 2_000, signal } = options;
  let known: ReadonlyMap<string, Facts> | undefined;
  try {
    while (signal?.aborted !== true) {
      const status = await engine.status(signal === undefined ? {} : { signal });
      const seen = new Map(status.connections.map((connection) => [connection.connection, factsOf(connection)]));
      yield { at: clock.now(), status, changes: changesBetween(known, seen) };
      known = seen;
      await clock.sleep(intervalMs, signal);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function factsOf({ health, state, nativeState, id, routes }: ConnectionStatus): Facts {
  const active = routes.filter((route) => route.state === 'active').length;
  return {
    health,
    state: state === undefined ? '' : nativeState === undefined ? state : `${state} (${nativeState})`,
    id: id ?? '',
    routes: `${active}/${routes.length}`,
  };
}

function changesBetween(
  before: ReadonlyMap<string, Facts> | undefined,
  after: ReadonlyMap<string, Facts>,
): StackChange[] {
  const changes: StackChange[] = [];
  for (const connection of [...new Set([...(before?.keys() ?? []), ...after.keys()])].sort()) {
    const [old, now] = [before?.get(connection), after.get(connection)];
    for (const what of ['health', 'state', 'id', 'routes'] as const) {
      const value = now?.[what] ?? '';
      if (old === undefined ? what === 'health' : old[what] !== value) {
        changes.push({ connection, what, after: value, ...(old === undefined ? {} : { before: old[what] }) });
      }
    }
  }
  return changes;
}
