import type { Clock, Random } from '@aerogram/runtime';
import { SmallMap } from '../small-map.ts';

/**
 * A client whose session was moved has this long to make a call under its key, in milliseconds, and up to as long again as chance will have it. Then its
 * connection is closed, so that it begins anew: until it calls it gets no updates. Acknowledgements and pings do not count, and some clients send nothing else
 * after they were told of a new session.
 */
const SILENT_MS = 2000;

/** More keys than a client uses over one connection. */
export const MAX_KEYS = 16;

/** Who takes packets that are handled by the node of the connection: no node has this name. */
export const HERE = '';

/** Where the packets under one key go. */
interface Place {
  /** The node that the last packet went to. */
  node: string;
  /** The session is served by another node than before, and the client has not called it. */
  isMoved: boolean;
  /** Until when the client may make no call; Infinity if it may for ever, or while a packet of it waits. */
  untilMs: number;
}

/** The keys of one connection, and which of them other nodes serve by now without a call since. */
export class MovedKeys {
  readonly #deps: { clock: Clock; random: Random };
  readonly #places = new SmallMap<bigint, Place>();

  constructor(deps: { clock: Clock; random: Random }) {
    this.#deps = deps;
  }

  /** A packet under the key went to a node. */
  wentTo(authKeyId: bigint, node: string): void {
    const place = this.#places.get(authKeyId);
    if (place) {
      place.isMoved ||= place.node !== node;
      place.node = node;
      return this.#limit(place);
    }
    if (this.#places.size >= MAX_KEYS) {
      const [oldest] = this.#places.keys();
      this.#places.delete(oldest!);
    }
    this.#places.set(authKeyId, { node, isMoved: false, untilMs: Infinity });
  }

  /** A packet under the key waits, or has to be taken again. */
  waits(authKeyId: bigint): void {
    const place = this.#places.get(authKeyId);
    if (place) place.untilMs = Infinity;
  }

  /** A node has begun to execute a call under the key. */
  called(authKeyId: bigint, node: string): void {
    const place = this.#places.get(authKeyId);
    if (place?.node !== node) return;
    place.isMoved = false;
    place.untilMs = Infinity;
  }

  /** A node has ended a session, because another one has its key now. That says nothing if the client's last packet did not go there. */
  movedFrom(authKeyId: bigint, node: string): void {
    const place = this.#places.get(authKeyId);
    if (place?.node !== node) return;
    place.isMoved = true;
    this.#limit(place);
  }

  /** What a node had of the client it has no longer. */
  allMovedFrom(node: string): void {
    for (const authKeyId of this.#places.keys()) this.movedFrom(authKeyId, node);
  }

  /** Whether the client made no call for too long under one of its keys. */
  isSilent(nowMs: number): boolean {
    for (const { untilMs } of this.#places.values()) if (nowMs >= untilMs) return true;
    return false;
  }

  #limit(place: Place): void {
    const { clock, random } = this.#deps;
    if (place.isMoved && place.untilMs === Infinity) place.untilMs = clock.monotonicMs() + SILENT_MS * (1 + random.uint31() / 2 ** 31);
  }
}
