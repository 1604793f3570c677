import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { NAMING_FIELDS } from './named-peers.ts';

/** By constructor. A Map rather than an object, so that names such as `constructor` from Object.prototype are not found. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(NAMING_FIELDS));

/**
 * Collects the peers that an answer or a push mentions, each once, so that they can be sent along (rule P12). It only follows the fields of
 * `NAMING_FIELDS`.
 */
export class PeerSet {
  /** Marked peer ids. */
  readonly #marked = new Set<bigint>();

  /** Ids of users. */
  get users(): bigint[] {
    return [...this.#marked].filter((id) => id > 0n);
  }

  /** Adds a marked peer id; 0 is ignored. */
  add(markedId: bigint): void {
    if (markedId !== 0n) this.#marked.add(markedId);
  }

  /** Adds the peers in the columns of a message. */
  addMessage(row: { peer_id: bigint; from_id: bigint; saved_peer_id: bigint | null }): void {
    this.add(row.peer_id);
    this.add(row.from_id);
    if (row.saved_peer_id !== null) this.add(row.saved_peer_id);
  }

  /** Adds every peer that an object built by this server mentions. */
  addObject(object: tl.AnyObject | undefined): void {
    if (object !== undefined) this.#addValue(object);
  }

  #addValue(value: unknown): void {
    if (typeof value === 'bigint') return this.add(value);
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#addValue(item);
      return;
    }
    if (isPeer(value)) return this.add(markPeer(value));
    const object = value as { readonly _: string } & Record<string, unknown>;
    for (const field of FIELDS.get(object._) ?? []) this.#addValue(object[field]);
  }
}

function isPeer(value: object): value is tl.Peer {
  const kind = (value as { _?: unknown })._;
  return kind === 'peerUser' || kind === 'peerChat' || kind === 'peerChannel';
}
