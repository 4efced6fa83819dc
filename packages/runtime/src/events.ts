/** Hands every event of the engine to whoever listens, in the order of subscription. */
import type { EngineEvent } from '@peerway/engine';

export type EventListener = (event: EngineEvent) => void;

export class EventHub {
  readonly #listeners = new Set<EventListener>();

  /** Returns the function that ends the subscription. */
  on(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener that throws does not keep the others from hearing; the run that speaks is changing a cloud. */
  readonly emit: EventListener = (event) => {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // the listener's own defect
      }
    }
  };
}
