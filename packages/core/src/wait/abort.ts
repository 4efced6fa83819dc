/** One listener per signal, however many wait on it: Node warns of a leak from the eleventh, and a parallel apply has many. */

interface Waiting {
  readonly actions: Set<() => void>;
  readonly listener: () => void;
}

const signals = new WeakMap<AbortSignal, Waiting>();

/** Calls `action` when the signal aborts; never when it has aborted already. Returns a function that takes it back. */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const waiting = signals.get(signal) ?? listen(signal);
  const entry = (): void => action(); // an entry of its own, also when one function is given twice
  waiting.actions.add(entry);
  return () => {
    if (!waiting.actions.delete(entry) || waiting.actions.size > 0) return;
    signal.removeEventListener('abort', waiting.listener);
    signals.delete(signal);
  };
}

function listen(signal: AbortSignal): Waiting {
  const actions = new Set<() => void>();
  const waiting: Waiting = {
    actions,
    listener: () => {
      for (const action of [...actions]) action();
    },
  };
  signal.addEventListener('abort', waiting.listener, { once: true });
  signals.set(signal, waiting);
  return waiting;
}
