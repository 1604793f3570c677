import { type BoxHint, type BoxPosition, onChannelHint } from '@aerogram/domain';
import type { Bus } from '@aerogram/bus';

/** Somebody who reads the events of a channel. */
export interface ChannelReader {
  /** Takes events as hints tell of them. */
  hinted(hint: BoxHint): void;
  /** The channel is at a position of which no hint has told. */
  moved(position: BoxPosition): void;
}

interface Watched {
  readers: Set<ChannelReader>;
  subscription: Disposable;
  /** The furthest position that the readers know of. */
  seen: BoxPosition;
}

/** The channels that bots of this process read. All bots share one subscription per channel. */
export class ChannelWatch {
  readonly #bus: Bus;
  readonly #watched = new Map<bigint, Watched>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Tells a reader of the events of a channel, until disposed. @param peerId marked id of the channel */
  watch(peerId: bigint, reader: ChannelReader): Disposable {
    let watched = this.#watched.get(peerId);
    if (watched === undefined) {
      const fresh: Watched = { readers: new Set(), subscription: onChannelHint(this.#bus, peerId, (hint) => hint.kind === 'box' && this.#accept(fresh, hint)), seen: { pts: 0, looseSeq: 0 } };
      this.#watched.set(peerId, (watched = fresh));
    }
    const { readers, subscription } = watched;
    readers.add(reader);
    return {
      [Symbol.dispose]: () => {
        readers.delete(reader);
        if (readers.size > 0 || this.#watched.get(peerId)?.readers !== readers) return;
        subscription[Symbol.dispose]();
        this.#watched.delete(peerId);
      },
    };
  }

  /** The furthest known position of each channel. */
  *positions(): Generator<[bigint, BoxPosition]> {
    for (const [peerId, { seen }] of this.#watched) yield [peerId, seen];
  }

  /** Tells the readers of a channel where it is. */
  moved(peerId: bigint, position: BoxPosition): void {
    const watched = this.#watched.get(peerId);
    if (watched === undefined) return;
    watched.seen = position;
    for (const reader of watched.readers) reader.moved(position);
  }

  #accept(watched: Watched, hint: BoxHint): void {
    if (hint.pts > watched.seen.pts) watched.seen = { ...watched.seen, pts: hint.pts };
    for (const reader of watched.readers) reader.hinted(hint);
  }
}
