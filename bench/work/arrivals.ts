import { serviceMessage, type ServerMessage } from '@aerogram/mtproto/client';
import { decode, type tl } from '@aerogram/tl';

/** What clients got. */
export interface ArrivalCounts {
  /** Packets with an answer or an update in them; those that only acknowledge or answer pings do not count. */
  packets: number;
  /** Pushed updates by constructor. */
  pushes: Map<string, number>;
  /** Bytes of answers and pushes, unpacked. */
  bytes: number;
}

const newCounts = (): ArrivalCounts => ({ packets: 0, pushes: new Map(), bytes: 0 });

/** Counts what arrives at all clients. */
export class Arrivals {
  readonly #onArrival: () => void;
  #counts = newCounts();

  constructor(onArrival: () => void) {
    this.#onArrival = onArrival;
  }

  /** Takes the messages of a packet. */
  add(messages: readonly ServerMessage[]): void {
    this.#onArrival();
    const contents = messages.filter((message) => message.answers !== undefined || !serviceMessage(message));
    if (contents.length > 0) this.#counts.packets += 1;
    for (const { answers, body } of contents) {
      this.#counts.bytes += body.length;
      if (answers === undefined) for (const name of namesOf(decode(body) as tl.Updates)) this.#counts.pushes.set(name, (this.#counts.pushes.get(name) ?? 0) + 1);
    }
  }

  /** Takes the answer to a request over HTTP. */
  addHttp(bytes: number): void {
    this.#onArrival();
    this.#counts.packets += 1;
    this.#counts.bytes += bytes;
  }

  /** Returns what was counted since the last call, and begins again. */
  take(): ArrivalCounts {
    const counts = this.#counts;
    this.#counts = newCounts();
    return counts;
  }
}

function namesOf(updates: tl.Updates): string[] {
  if (updates._ === 'updates' || updates._ === 'updatesCombined') return updates.updates.map((update) => update._);
  return [updates._ === 'updateShort' ? updates.update._ : updates._];
}
