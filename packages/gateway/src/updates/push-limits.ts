/** A session that lags by more events than this is told to fetch the difference by itself. */
export const CATCH_UP_MAX = 1000;
/** Maximum number of reads per catch-up. A session that still lags after them waits for the next periodic repair. */
export const CATCH_UP_READS_MAX = 3;
/** How long later pushes wait for an answer that should be sent before them, in milliseconds. */
export const ANSWER_PATIENCE_MS = 1900;
/** Hints kept while a session is being attached and the counters are read. */
export const EARLY_HINTS_MAX = 256;
/** Events in one push; a longer delivery is split. */
export const PUSH_EVENTS_MAX = 100;

/** Splits events into as many as fit into one push each. */
export function partsOf<T>(events: readonly T[]): (readonly T[])[] {
  if (events.length <= PUSH_EVENTS_MAX) return [events];
  return Array.from({ length: Math.ceil(events.length / PUSH_EVENTS_MAX) }, (_, n) => events.slice(n * PUSH_EVENTS_MAX, (n + 1) * PUSH_EVENTS_MAX));
}
