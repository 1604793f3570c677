/** Row types of migration 0008-chats. */

/** A pinned message of a dialog; its row in `messages` has the flag. */
export interface PinnedMessagesTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  msg_id: number;
}

export interface ChatsTables {
  pinned_messages: PinnedMessagesTable;
}
