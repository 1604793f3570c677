import type { BoxEvent, UserHint } from '@aerogram/domain';
import type { Tracer } from '@aerogram/runtime';

/** Sessions of this process whose pushes of one event are traced; a channel may have thousands. */
const MOST_SESSIONS = 16;

interface Heard {
  parent: string;
  fromMs: number;
  /** Sessions that are left to be traced. */
  left: number;
}

/** Continues the traces of calls where their events are pushed: a span lasts from the hint until the update is in the queue of a session. */
export class PushTraces {
  readonly #tracer: Tracer;
  readonly #heard = new WeakMap<BoxEvent, Heard>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** Notes which events of a hint belong to a trace. */
  heard(hint: UserHint): void {
    if (hint.kind !== 'box' || hint.trace === undefined) return;
    const heard = { parent: hint.trace, fromMs: performance.timeOrigin + performance.now(), left: MOST_SESSIONS };
    for (const event of hint.events) this.#heard.set(event, heard);
  }

  /** Ends the way of events to a session. */
  handed(events: readonly BoxEvent[], facts: { outcome: 'queued' | 'dropped'; layer: number; bytes: number; connected: boolean }): void {
    const heard = events[0] && this.#heard.get(events[0]);
    if (heard === undefined || heard.left === 0) return;
    heard.left -= 1;
    this.#tracer.beginPart('push', heard.parent, heard.fromMs)?.end({ facts: { ...facts, events: events.length }, hasFailed: facts.outcome === 'dropped' });
  }
}
