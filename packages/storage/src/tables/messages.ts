/** Row types of migrations 0003-messages, 0012-chat-time and 0017-chat-protection: boxes and dialogs. */
import type { Generated } from 'kysely';

/** One owner's copy of a message of a private chat, Saved Messages or a basic group. */
export interface MessagesTable {
  owner_id: bigint;
  /** The owner's own number of this message, dense from 1. */
  msg_id: number;
  /** Shared by all copies of the message (rule S5). */
  global_id: bigint;
  /** Marked peer of the dialog: of Saved Messages the owner. */
  peer_id: bigint;
  /** Marked author. */
  from_id: bigint;
  /** Marked; only in Saved Messages. */
  saved_peer_id: bigint | null;
  /** Position of the message's arrival in the owner's box. */
  pts: number;
  date: number;
  edit_date: number | null;
  /** Bits of `MessageFlag` in packages/domain. */
  flags: number;
  /** The owner's own id of the message replied to. */
  reply_to_msg_id: number | null;
  text: string;
  /** Entities, media, headers, action: pieces of TL, see `message-extra.ts` in packages/domain. */
  extra: Uint8Array | null;
  /** Seconds from `date` after which the message goes; null: never (0012). */
  ttl_period: number | null;
}

/** What an owner sees of one chat: order, read marks, counts, draft. No column but the key is indexed (rule S13). */
export interface DialogsTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  /** 0 while the dialog has no message: then it is not listed. */
  top_msg_id: Generated<number>;
  top_date: Generated<number>;
  /** Messages in the dialog, kept by every write so that nobody counts at read time. */
  msg_count: Generated<number>;
  unread_count: Generated<number>;
  read_inbox_max_id: Generated<number>;
  read_outbox_max_id: Generated<number>;
  /** Where in the update log the last move of each mark stands: the next move takes its place. */
  read_inbox_pts: Generated<number>;
  read_outbox_pts: Generated<number>;
  unread_mark: Generated<boolean>;
  /** 0: not pinned; else pinned dialogs are shown from the largest to the smallest. */
  pinned_order: Generated<number>;
  folder_id: Generated<number>;
  /** A stored draftMessage, by `storedEncode`. */
  draft: Uint8Array | null;
  draft_date: Generated<number>;
  /** What new messages of the owner's box get as their `ttl_period`; 0: they stay (0012). */
  ttl_period: Generated<number>;
  /** The owner wrote in it at least once (0012). */
  owner_wrote: Generated<boolean>;
  /** Who forbids to forward out of it: bits of `PROTECTED_BY` in packages/domain (0017). */
  protected_by: Generated<number>;
}

/** When a message of a box goes (0012). */
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
