import { type Frame, HEADER_BYTES, MAX_PIECE_BYTES, writeHeader } from './frames.ts';

interface Entry {
  kind: number;
  channel: number;
  body: Uint8Array;
  sentBytes: number;
  onSent: (() => void) | undefined;
}

/** A line that costs the same however long it is. */
class Line<T> {
  #items: T[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  /** The one that is next. */
  get first(): T | undefined {
    return this.#items[this.#first];
  }

  add(item: T): void {
    this.#items.push(item);
  }

  take(): T | undefined {
    const item = this.#items[this.#first++];
    if (this.#first >= this.#items.length || this.#first > 1024) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }
}

/** What waits to be sent over one link. Lanes take turns, a piece each, so that a long body holds up no other lane. */
export class Outbox {
  readonly #urgent = new Line<Entry>();
  readonly #turns = new Line<Line<Entry>>();
  readonly #lanes = new Map<string, Line<Entry>>();
  #bytes = 0;

  /** Bytes that wait, headers included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a short frame that goes before all others. */
  addUrgent(kind: number, body: Uint8Array): void {
    this.#bytes += HEADER_BYTES + body.length;
    this.#urgent.add({ kind, channel: 0, body, sentBytes: 0, onSent: undefined });
  }

  /**
   * Adds a frame to the lane of its kind and channel, in which the order is kept.
   * @param frame.onSent called when its last piece was taken
   */
  add({ kind, channel, body, onSent }: { kind: number; channel: number; body: Uint8Array; onSent?: () => void }): void {
    const key = `${kind}/${channel}`;
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Line();
      this.#lanes.set(key, lane);
      this.#turns.add(lane);
    }
    lane.add({ kind, channel, body, sentBytes: 0, onSent });
    this.#bytes += HEADER_BYTES + body.length;
  }

  /** Takes the next pieces, of up to about `maxBytes` in all, as bytes; nothing if nothing waits. */
  take(maxBytes: number): Buffer | undefined {
    const out: Uint8Array[] = [];
    let size = 0;
    while (size < maxBytes) {
      const frame = this.#next();
      if (!frame) break;
      out.push(writeHeader(frame), frame.body);
      size += HEADER_BYTES + frame.body.length;
    }
    return out.length === 0 ? undefined : Buffer.concat(out, size);
  }

  #next(): Frame | undefined {
    const urgent = this.#urgent.take();
    if (urgent) {
      this.#bytes -= HEADER_BYTES + urgent.body.length;
      return { ...urgent, isPart: false };
    }
    const lane = this.#turns.take();
    if (!lane) return undefined;
    const entry = lane.first!;
    const { kind, channel } = entry;
    const body = entry.body.subarray(entry.sentBytes, entry.sentBytes + MAX_PIECE_BYTES);
    entry.sentBytes += body.length;
    const isPart = entry.sentBytes < entry.body.length;
    this.#bytes -= body.length;
    if (!isPart) {
      lane.take();
      this.#bytes -= HEADER_BYTES;
      entry.onSent?.();
    }
    if (lane.length > 0) this.#turns.add(lane);
    else this.#lanes.delete(`${kind}/${channel}`);
    return { kind, channel, body, isPart };
  }
}
