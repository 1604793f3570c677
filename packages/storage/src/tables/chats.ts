/** Row types of the migrations 0008-chats, 0012-chat-time, 0015-chat-extras and 0016-saved-tags. */
import type { Generated } from 'kysely';

/** A pinned message of a dialog; its row in `messages` has the flag. */
export interface PinnedMessagesTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  msg_id: number;
}

/** A folder as one owner made it. */
export interface DialogFiltersTable {
  owner_id: bigint;
  /** 0: the list of all chats. */
  filter_id: number;
  /** Folders are shown from the smallest to the largest. */
  place: number;
  /** A stored DialogFilter, by `storedEncode`. */
  filter: Uint8Array;
}

/** What an owner chose for all their chats. */
export interface ChatSettingsTable {
  owner_id: bigint;
  /** Chats show the names of their folders. */
  folder_tags: Generated<boolean>;
  /** The id that the owner's newest scheduled message got. */
  last_scheduled_id: Generated<number>;
  /** What chats get in which the owner writes for the first time; 0: nothing (0012). */
  default_ttl_period: Generated<number>;
  /** The emoji that the owner reacts with at once; null: the server's (0015). */
  default_reaction: string | null;
}

/** A message with reactions that its author has not seen. */
export interface UnreadReactionsTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  msg_id: number;
}

/** An emoji that somebody reacts with. */
export interface UsedReactionsTable {
  owner_id: bigint;
  emoticon: string;
  uses: number;
  /** When it last came among the recent ones; null: it is not there. */
  recent_date: number | null;
}

/** A message that is sent later; its columns mean what they mean in `messages`. */
export interface ScheduledMessagesTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  /** 1 … 262143, of its own (rule P4). */
  msg_id: number;
  /** The send will have it: so it happens once. */
  random_id: bigint;
  /** 2147483646: when the receiver is online. */
  schedule_date: number;
  edit_date: number | null;
  flags: number;
  /** An id of the owner's sent messages. */
  reply_to_msg_id: number | null;
  saved_peer_id: bigint | null;
  text: string;
  extra: Uint8Array | null;
  /** Seconds after which it is sent again; null: once (0015). */
  repeat_period: number | null;
  /** When it could not be sent, in seconds: it is not tried again until its author changes it; null: it is still to be sent (0031). */
  refused_date: number | null;
}

/** A peer that is pinned in Saved Messages. */
export interface SavedPinsTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  /** Shown from the smallest to the largest. */
  place: number;
}

/** When the peer read the owner's messages up to one. */
export interface ReadDatesTable {
  owner_id: bigint;
  /** Marked. */
  peer_id: bigint;
  /** The owner's own id. */
  max_id: number;
  date: number;
}

/** A tag on a message in Saved Messages (0016). */
export interface MessageTagsTable {
  owner_id: bigint;
  msg_id: number;
  emoticon: string;
  /** Marked; where the message came from. */
  saved_peer_id: bigint;
}

/** The name that an owner gave a tag (0016). */
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
  used_reactions: UsedReactionsTable;
  scheduled_messages: ScheduledMessagesTable;
  saved_pins: SavedPinsTable;
  read_dates: ReadDatesTable;
  message_tags: MessageTagsTable;
  tag_titles: TagTitlesTable;
}
