import type { BoxEvent, Origin } from './box-event.ts';

/** An event of a transaction, with the session whose call caused it. */
export interface CausedEvent {
  event: BoxEvent;
  origin: Origin | undefined;
}

/**
 * Knows of which calls that are traced the events of one transaction come. Only events of the caller's own box have an origin; the copies of a message in
 * the boxes of others are known by the id that all copies share, and everything else if the transaction has only one such call.
 */
export class EventTraces {
  readonly #ofMessages = new Map<bigint, string>();
  readonly #all = new Set<string>();

  /** @returns undefined if none of the calls is traced, which costs nothing */
  static of(lists: Iterable<{ events: readonly CausedEvent[] }>): EventTraces | undefined {
    let traces: EventTraces | undefined;
    for (const { events } of lists) {
      for (const { event, origin } of events) {
        if (origin?.trace !== undefined) (traces ??= new EventTraces()).#add(event, origin.trace);
      }
    }
    return traces;
  }

  /** The trace context of the call from which an event comes; undefined if that is not traced, or not known. */
  find({ event, origin }: CausedEvent): string | undefined {
    if (origin !== undefined) return origin.trace;
    const ofMessage = event.kind === 'update' ? undefined : this.#ofMessages.get(event.message.global_id);
    if (ofMessage !== undefined || this.#all.size !== 1) return ofMessage;
    return [...this.#all][0];
  }

  #add(event: BoxEvent, trace: string): void {
    this.#all.add(trace);
    if (event.kind !== 'update' && event.message.global_id !== 0n) this.#ofMessages.set(event.message.global_id, trace);
  }
}
