import type { Clock, Random } from '@aerogram/runtime';
import { SmallMap } from '../small-map.ts';

/**
 * A client whose session was moved has this long to send something under its key, in milliseconds, and up to as long again as chance will have it. Then its
 * connection is closed, so that it begins anew: until it sends something it gets no updates.
 */
const SILENT_MS = 2000;

/** More keys than a client uses over one connection. */
const MAX_KEYS = 16;

/** Who takes packets that are handled by the node of the connection: no node has this name. */
export const HERE = '';

/** The keys of one connection whose sessions other nodes serve by now, unless the client has sent something under them since. */
export class MovedKeys {
  readonly #deps: { clock: Clock; random: Random };
  /** The node that the last packet under a key went to. A key has none while its packet waits. */
  readonly #takers = new SmallMap<bigint, string>();
  /** Until when the client may be silent under a key. */
  readonly #untilMs = new SmallMap<bigint, number>();

  constructor(deps: { clock: Clock; random: Random }) {
    this.#deps = deps;
  }

  /** A packet under the key went to a node. */
  wentTo(authKeyId: bigint, node: string): void {
    this.#untilMs.delete(authKeyId);
    if (!this.#takers.has(authKeyId) && this.#takers.size >= MAX_KEYS) {
      const [oldest] = this.#takers.keys();
      this.#takers.delete(oldest!);
    }
    this.#takers.set(authKeyId, node);
  }

  /** A packet under the key waits, or has to be taken again. */
  waits(authKeyId: bigint): void {
    this.#untilMs.delete(authKeyId);
    this.#takers.delete(authKeyId);
  }

  /** A node has ended a session, because another one has its key now. That says nothing if the client's last packet did not go there. */
  movedFrom(authKeyId: bigint, node: string): void {
    if (this.#takers.get(authKeyId) !== node) return;
    this.#takers.delete(authKeyId);
    const { clock, random } = this.#deps;
    this.#untilMs.set(authKeyId, clock.monotonicMs() + SILENT_MS * (1 + random.uint31() / 2 ** 31));
  }

  /** What a node had of the client it has no longer. */
  allMovedFrom(node: string): void {
    for (const [authKeyId, taker] of this.#takers) if (taker === node) this.movedFrom(authKeyId, node);
  }

  /** Whether the client was silent for too long under one of its keys. */
  isSilent(nowMs: number): boolean {
    for (const untilMs of this.#untilMs.values()) if (nowMs >= untilMs) return true;
    return false;
  }
}
