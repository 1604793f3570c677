// Row types of migrations 0003-messages, 0012-chat-time and 0017-chat-protection: message boxes and dialogs.
import type { Generated } from 'kysely';

/** One owner's copy of a message in a private chat, Saved Messages or a basic group. */
export interface MessagesTable {
  owner_id: bigint;
  /** The message id in the owner's box, numbered from 1 without gaps. */
  msg_id: number;
  /** Shared by all copies of the message (rule S5, linked copies). */
  global_id: bigint;
  /** Marked peer id of the dialog; in Saved Messages the owner. */
  peer_id: bigint;
  /** Marked peer id of the author. */
  from_id: bigint;
  /** Marked peer id; only in Saved Messages, and in the chat with answers to comments, where it is the peer that answers. */
  saved_peer_id: bigint | null;
  /** pts with which the message arrived in the owner's box. */
  pts: number;
  date: number;
  edit_date: number | null;
  /** Bits of `MessageFlag` in packages/domain. */
  flags: number;
  /** The message replied to, by its id in the owner's box. */
  reply_to_msg_id: number | null;
  text: string;
  /** Entities, media, headers and action as TL; see `message-extra.ts` in packages/domain. */
  extra: Uint8Array | null;
  /** Seconds from `date` after which the message is deleted; null: never (0012). */
  ttl_period: number | null;
}

/** One owner's state of one chat: order, read marks, counts, draft. Only the key columns are indexed (rule S13, short transactions). */
export interface DialogsTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  /** 0 while the dialog has no messages; it is not listed then. */
  top_msg_id: Generated<number>;
  top_date: Generated<number>;
  /** Number of messages in the dialog. Every write updates it, so that reads do not have to count. */
  msg_count: Generated<number>;
  unread_count: Generated<number>;
  read_inbox_max_id: Generated<number>;
  read_outbox_max_id: Generated<number>;
  /**
   * pts of the update log entry with the last change of each read mark; the next change replaces that entry. In a channel, where read marks are
   * not logged, the first one is the pts of the channel before the owner joined.
   */
  read_inbox_pts: Generated<number>;
  read_outbox_pts: Generated<number>;
  unread_mark: Generated<boolean>;
  /** 0: not pinned; otherwise pinned dialogs are shown in descending order. */
  pinned_order: Generated<number>;
  folder_id: Generated<number>;
  /** A draftMessage, stored by `storedEncode`. */
  draft: Uint8Array | null;
  draft_date: Generated<number>;
  /** The `ttl_period` of new messages in the owner's box; 0: none (0012). */
  ttl_period: Generated<number>;
  /** The owner has written in the chat at least once (0012). */
  owner_wrote: Generated<boolean>;
  /** Who has disabled forwarding out of the chat: bits of `PROTECTED_BY` in packages/domain (0017). */
  protected_by: Generated<number>;
  /** In a channel: how many of its messages, deleted ones included, the owner had read (0034). */
  read_ordinal: Generated<number>;
  /** In a channel: how many of the messages up to the read mark the owner had written (0034). */
  own_at_read: Generated<number>;
  /** In a channel: when the read mark was set (0034). */
  read_date: Generated<number>;
  /** In a forum: the owner sees it as one list of messages instead of topics (0103). */
  as_messages: Generated<boolean>;
}

/** When a message of a box is deleted (0012). */
export interface ExpiringMessagesTable {
  owner_id: bigint;
  msg_id: number;
  expires_date: number;
}

export interface MessagesTables {
  messages: MessagesTable;
  dialogs: DialogsTable;
  expiring_messages: ExpiringMessagesTable;
}
