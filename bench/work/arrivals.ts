import { serviceMessage, type ServerMessage } from '@aerogram/mtproto/client';
import { decode, type tl } from '@aerogram/tl';
import { addTo } from './add-to.ts';

/** What all clients received over MTProto. */
export interface ArrivalCounts {
  /** Packets that contain an answer or an update. Packets with nothing but acknowledgements or pongs are left out. */
  packets: number;
  /** Pushed updates by constructor. */
  pushes: Map<string, number>;
  /** Bytes of answers and pushes, unpacked. */
  bytes: number;
}

const newCounts = (): ArrivalCounts => ({ packets: 0, pushes: new Map(), bytes: 0 });

/** Counts the packets, pushes and bytes that arrive at all clients. Answers over HTTP are not among them. */
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
      if (answers === undefined) for (const name of namesOf(decode(body) as tl.Updates)) addTo(this.#counts.pushes, name, 1);
    }
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
