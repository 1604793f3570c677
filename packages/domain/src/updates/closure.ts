import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import type { MessageRow } from '../messages/message-row.ts';

/** Fields of TL objects that hold a bare user id, or a list of them. */
const USER_FIELDS = new Set(['user_id', 'users', 'inviter_id', 'via_bot_id', 'via_business_bot_id', 'bot_id', 'new_creator_id']);

/**
 * The peers that an answer or a push names: all of them travel with it, each once (PROTOCOL-RULES 12).
 */
export class PeerSet {
  /** Marked ids. */
  readonly #marked = new Set<bigint>();

  /** Ids of users. */
  get users(): bigint[] {
    return [...this.#marked].filter((id) => id > 0n);
  }

  /** Adds a marked id; 0 is nobody. */
  add(markedId: bigint): void {
    if (markedId !== 0n) this.#marked.add(markedId);
  }

  addMessage(row: MessageRow): void {
    this.add(row.peer_id);
    this.add(row.from_id);
    if (row.saved_peer_id !== null) this.add(row.saved_peer_id);
  }

  /** Adds every peer that a TL object names at any depth. */
  addObject(value: unknown): void {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (Array.isArray(value)) {
      for (const item of value) this.addObject(item);
      return;
    }
    if (isPeer(value)) {
      this.add(markPeer(value));
      return;
    }
    for (const [name, field] of Object.entries(value)) {
      if (USER_FIELDS.has(name)) this.#addUserField(field);
      else if (typeof field === 'object') this.addObject(field);
    }
  }

  #addUserField(field: unknown): void {
    if (typeof field === 'bigint') this.add(field);
    else if (Array.isArray(field)) for (const item of field) this.#addUserField(item);
    else this.addObject(field);
  }
}

function isPeer(value: object): value is tl.Peer {
  const kind = (value as { _?: unknown })._;
  return kind === 'peerUser' || kind === 'peerChat' || kind === 'peerChannel';
}
