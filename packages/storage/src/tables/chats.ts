// Row types of the migrations 0008-chats, 0012-chat-time, 0015-chat-extras, 0016-saved-tags, 0033-mentions and 0100-threads.
import type { Generated } from 'kysely';

/** A pinned message of a dialog; its row in `messages` also has the flag. */
export interface PinnedMessagesTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  msg_id: number;
}

/** A chat folder of one owner. */
export interface DialogFiltersTable {
  owner_id: bigint;
  /** 0: the list of all chats. */
  filter_id: number;
  /** Folders are shown in ascending order of place. */
  place: number;
  /** A DialogFilter, stored by `storedEncode`. */
  filter: Uint8Array;
}

/** Settings of an owner that apply to all chats. */
export interface ChatSettingsTable {
  owner_id: bigint;
  /** Show the names of their folders on chats. */
  folder_tags: Generated<boolean>;
  /** Id of the owner's newest scheduled message. */
  last_scheduled_id: Generated<number>;
  /** The `ttl_period` of chats in which the owner writes for the first time; 0: none (0012). */
  default_ttl_period: Generated<number>;
  /** The owner's quick reaction; null: the server's default (0015). */
  default_reaction: string | null;
}

/** A message with reactions that its author has not seen. */
export interface UnreadReactionsTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  msg_id: number;
  /** In a supergroup: the message that started the thread to which it belongs; null: it belongs to none (0100, 0107). */
  top_id: Generated<number | null>;
}

/** A message that mentions its owner, who has not seen it (0033). */
export type UnreadMentionsTable = UnreadReactionsTable;

/** A message with a public poll of its owner, who has not seen all votes (0110). */
export type UnreadPollVotesTable = UnreadReactionsTable;

/** An emoji that an owner has used as a reaction. */
export interface UsedReactionsTable {
  owner_id: bigint;
  emoticon: string;
  uses: number;
  /** When it was last added to the recent reactions; null: it is not among them. */
  recent_date: number | null;
}

/** A scheduled message; its columns mean the same as in `messages`. */
export interface ScheduledMessagesTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  /** 1 … 262143, numbered separately from sent messages (rule P4, scheduled ids). */
  msg_id: number;
  /** The random_id with which the message will be sent, so that it is sent only once. */
  random_id: bigint;
  /** 2147483646: when the recipient comes online. */
  schedule_date: number;
  edit_date: number | null;
  flags: number;
  /** Id of a sent message of the owner. */
  reply_to_msg_id: number | null;
  saved_peer_id: bigint | null;
  text: string;
  extra: Uint8Array | null;
  /** Interval in seconds after which the message is sent again; null: only once (0015). */
  repeat_period: number | null;
  /** When sending it failed, in Unix seconds. It is not tried again until its author changes it; null: it is still to be sent (0031). */
  refused_date: number | null;
  /** Marked id of the group or channel in whose name it is sent; null: the author's own (0045). */
  send_as: bigint | null;
  /** The topic of a forum in which it is written (0104); null: General, or no topic at all. */
  top_id: number | null;
}

/** A peer that is pinned in Saved Messages. */
export interface SavedPinsTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  /** Shown in ascending order. */
  place: number;
}

/** When the peer read the owner's messages up to a certain one; of a group, when the owner read those of others. */
export interface ReadDatesTable {
  owner_id: bigint;
  /** Marked peer id. */
  peer_id: bigint;
  /** Message id in the owner's box. */
  max_id: number;
  date: number;
}

/** A tag on a message in Saved Messages (0016). */
export interface MessageTagsTable {
  owner_id: bigint;
  msg_id: number;
  emoticon: string;
  /** Marked peer id from which the message was saved. */
  saved_peer_id: bigint;
}

/** The name that an owner gave to a tag (0016). */
export interface TagTitlesTable {
  owner_id: bigint;
  emoticon: string;
  title: string;
}

export interface ChatsTables {
  pinned_messages: PinnedMessagesTable;
  dialog_filters: DialogFiltersTable;
  chat_settings: ChatSettingsTable;
  unread_reactions: UnreadReactionsTable;
  unread_mentions: UnreadMentionsTable;
  unread_poll_votes: UnreadPollVotesTable;
  used_reactions: UsedReactionsTable;
  scheduled_messages: ScheduledMessagesTable;
  saved_pins: SavedPinsTable;
  read_dates: ReadDatesTable;
  message_tags: MessageTagsTable;
  tag_titles: TagTitlesTable;
}
