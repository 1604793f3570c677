import { isChannelId, markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { NAMING_FIELDS } from './named-peers.ts';

const markChat = (chat_id: bigint): bigint => markPeer({ _: 'peerChat', chat_id });
const markChannel = (channel_id: bigint): bigint => markPeer({ _: 'peerChannel', channel_id });

/** Functions that mark plain chat and channel ids, by the name of the field. In all other fields a plain id is a user's. */
const MARKERS = new Map([
  ['chat_id', markChat],
  ['migrated_from_chat_id', markChat],
  ['channel_id', markChannel],
  ['broadcast_id', markChannel],
  ['linked_chat_id', markChannel],
  // The groups of privacy rules, of either kind.
  ['chats', (id) => (isChannelId(id) ? markChannel(id) : markChat(id))],
  // Of the event that a linked chat changed; no other constructor with these fields names peers in them.
  ['prev_value', markChannel],
  ['new_value', markChannel],
]);

interface NamingField {
  readonly name: string;
  /** Converts a plain id to a marked one; undefined if the field holds user ids, which are the same when marked. */
  readonly mark: ((id: bigint) => bigint) | undefined;
}

/** By constructor. A Map rather than an object, so that names such as `constructor` from Object.prototype are not found. */
const FIELDS: ReadonlyMap<string, readonly NamingField[]> = new Map(
  Object.entries<readonly string[]>(NAMING_FIELDS).map(([constructor, names]) => [constructor, names.map((name) => ({ name, mark: MARKERS.get(name) }))]),
);

const NO_CHATS: readonly bigint[] = [];

/**
 * Collects the peers that an answer or a push mentions, each once, so that they can be sent along (rule P12, named peers). It only follows the fields of
 * `NAMING_FIELDS`.
 */
export class PeerSet {
  readonly #users = new Set<bigint>();
  /** Created when the first chat is added, because most answers mention none. */
  #chats: Set<bigint> | undefined;

  /** @param markedIds peers to begin with */
  constructor(markedIds?: Iterable<bigint>) {
    if (markedIds !== undefined) for (const id of markedIds) this.add(id);
  }

  /** Ids of users, in the order in which they were added. */
  get users(): bigint[] {
    return [...this.#users];
  }

  /** Marked ids (below zero) of basic groups and channels, in the order in which they were added. */
  get chats(): readonly bigint[] {
    return this.#chats === undefined ? NO_CHATS : [...this.#chats];
  }

  /** Whether a peer was added, by its marked id. */
  has(markedId: bigint): boolean {
    return markedId > 0n ? this.#users.has(markedId) : this.#chats?.has(markedId) === true;
  }

  /** Adds a marked peer id; 0 is ignored. */
  add(markedId: bigint): void {
    if (markedId > 0n) this.#users.add(markedId);
    else if (markedId < 0n) (this.#chats ??= new Set()).add(markedId);
  }

  /** Adds the peers in the columns of a message. */
  addMessage(row: { peer_id: bigint; from_id: bigint; saved_peer_id: bigint | null }): void {
    this.add(row.peer_id);
    this.add(row.from_id);
    if (row.saved_peer_id !== null) this.add(row.saved_peer_id);
  }

  /** Adds every peer that an object built by this server mentions. */
  addObject(object: tl.AnyObject | undefined): void {
    if (object !== undefined) this.#addValue(object, undefined);
  }

  #addValue(value: unknown, mark: NamingField['mark']): void {
    if (typeof value === 'bigint') {
      // Plain ids are positive; 0 means that there is no peer.
      if (value > 0n) this.add(mark === undefined ? value : mark(value));
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#addValue(item, mark);
      return;
    }
    if (isPeer(value)) return this.add(markPeer(value));
    const object = value as { readonly _: string } & Record<string, unknown>;
    for (const field of FIELDS.get(object._) ?? []) this.#addValue(object[field.name], field.mark);
  }
}

function isPeer(value: object): value is tl.Peer {
  const kind = (value as { _?: unknown })._;
  return kind === 'peerUser' || kind === 'peerChat' || kind === 'peerChannel';
}
