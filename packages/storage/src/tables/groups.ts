// Row types of migrations 0032-groups, 0034-channel-messages, 0035-channel-gaps, 0083-unaccepted-places, 0094-bot-privacy, 0102-linked-chats, 0109-channel-reactions, 0111-bot-news and 0112-group-reactions: basic groups, supergroups, channels, their members and posts.
import type { ColumnType, Generated } from 'kysely';

import type { MessagesTable } from './messages.ts';

/** Whether somebody is in a group or channel; `banned`: somebody else removed them. */
export type MemberStatus = 'member' | 'left' | 'banned';

/** What somebody may do in a group or channel. It counts only while they are a member. */
export type MemberRole = 'member' | 'admin' | 'creator';

/** A basic group. Written only under the lock of its counter, whose owner is the marked id of the group. */
export interface ChatsTable {
  /** As TL has it, not marked. */
  chat_id: bigint;
  title: string;
  about: Generated<string>;
  creator_id: bigint;
  date: number;
  /** Grows by one with each change of members, admins or default rights (rule P20, group versions). */
  version: number;
  /** How many members there are. */
  members: number;
  /** How many of them are bots (0094). */
  bots: Generated<number>;
  /** The bot that wrote last, for which commands are meant that name no bot; null: none has written (0094). */
  last_bot_id: bigint | null;
  /** Bits of `BannedRight` in packages/domain: what members may not do. */
  default_rights: Generated<number>;
  noforwards: Generated<boolean>;
  /** It was deleted, or became a supergroup: nobody can write or change anything any more. */
  deactivated: Generated<boolean>;
  /** The id of the supergroup that it became. */
  migrated_to: bigint | null;
  /** The photo beside the title; null: none (0074). */
  photo_id: bigint | null;
  /** Its preview, as in `photoStrippedSize` (0074). */
  photo_stripped: Uint8Array | null;
  /** Whether it has a video (0079). */
  photo_has_video: Generated<boolean>;
  /** The reactions that admins allow, as a stored ChatReactions; null: nobody has set it (0085). */
  available_reactions: Uint8Array | null;
  /** Maximum number of different reactions to one message, as the admins want it; null: nobody has set it (0112). */
  reactions_limit: number | null;
}

/** Somebody who is or was a member of a basic group. */
export interface ChatMembersTable {
  chat_id: bigint;
  user_id: bigint;
  status: MemberStatus;
  role: MemberRole;
  rank: Generated<string>;
  inviter_id: bigint;
  /** When they joined; of former members when they went. */
  date: number;
  /** Of a bot: the first message from which on it sees all messages as a member who is no admin, also those that are not meant for it, as decided when it joined; null for people (0094). -1 for former admins (0134). */
  all_from: number | null;
}

/** A supergroup, gigagroup or broadcast channel. */
export interface ChannelsTable {
  /** As TL has it, not marked. */
  channel_id: bigint;
  kind: 'broadcast' | 'megagroup' | 'gigagroup';
  title: string;
  about: Generated<string>;
  /** The public name; null: the channel is private. */
  username: string | null;
  creator_id: bigint;
  date: number;
  /** Grows with each change of members' rights that all have to learn of. */
  version: number;
  /** Bits of `ChannelFlag` in packages/domain. */
  flags: Generated<number>;
  /** Bits of `BannedRight` in packages/domain: what members may not do. */
  default_rights: Generated<number>;
  /** Seconds between two messages of one member; 0: there is no such limit. */
  slow_mode_seconds: Generated<number>;
  /** Seconds after which messages go; null: they stay. */
  ttl_period: number | null;
  /** The basic group that it was. */
  migrated_from_chat_id: bigint | null;
  /** Palette colour of the name, and of the profile page (0046). */
  color: number | null;
  profile_color: number | null;
  /** As in `users` (0138). */
  emoji_status_id: bigint | null;
  emoji_status_until: number | null;
  color_emoji_id: bigint | null;
  profile_color_emoji_id: bigint | null;
  /** The sets that members of a supergroup are offered (0140). */
  sticker_set_id: bigint | null;
  emoji_set_id: bigint | null;
  /** The `ProfileTab` constructor with which the profile opens. */
  main_tab: string | null;
  /** The photo beside the title; null: none (0074). */
  photo_id: bigint | null;
  /** Its preview, as in `photoStrippedSize` (0074). */
  photo_stripped: Uint8Array | null;
  /** Whether it has a video (0079). */
  photo_has_video: Generated<boolean>;
  /** The reactions that admins allow, as a stored ChatReactions; null: nobody has set it (0085). */
  available_reactions: Uint8Array | null;
  /** The plain id of a broadcast channel's discussion group, or of a discussion group's channel; null: none (0102). */
  linked_chat_id: bigint | null;
  /** In a broadcast channel it grows by 1 with each change of the link; a group has the number of its latest link (0102). */
  link_number: Generated<number>;
  /** Maximum number of different reactions to one post, as the admins want it; null: nobody has set it (0109). */
  reactions_limit: number | null;
  /** The operator's marks, as those of users (0124). */
  verified: Generated<boolean>;
  scam: Generated<boolean>;
  fake: Generated<boolean>;
  restriction_reason: string | null;
  restriction_text: string | null;
}

/** What changes with each post of a channel, and with each member. No column but the key is indexed (rule S13, short transactions). */
export interface ChannelHeadsTable {
  channel_id: bigint;
  top_msg_id: Generated<number>;
  top_date: Generated<number>;
  /** How many countable posts there were so far (rule S11, derived counts). */
  ordinal: Generated<number>;
  members: Generated<number>;
  /** How far the member has read who has read most. */
  read_max_id: Generated<number>;
  read_by: bigint | null;
  /** How far anybody else has read. */
  second_read_max_id: Generated<number>;
  /** Date of the channel's last event (0034). */
  changed_date: Generated<number>;
  /** Entries of the channel's log up to this pts may have been deleted (0038). */
  log_cut_pts: Generated<number>;
  /** When the lifetime of messages was changed last; 0 for never (0039). */
  lifetime_date: Generated<number>;
  /** How many admins there are, the creator included, how many users were removed, and how many are restricted (0055). */
  admins: Generated<number>;
  kicked: Generated<number>;
  restricted: Generated<number>;
  /** How many of the members are bots (0094). */
  bots: Generated<number>;
  /** The bot that wrote last, for which commands are meant that name no bot; null: none has written (0094). */
  last_bot_id: bigint | null;
  /** When the channel has had this many messages, a job looks for members whose places not accepted are full; null: there is nothing to look for (0083). */
  check_ordinal: number | null;
}

/** Somebody who is or was a member of a channel, or may not become one. */
export interface ChannelMembersTable {
  channel_id: bigint;
  /** A user; or a banned channel by its marked id, in whose name nobody may write here. */
  user_id: bigint;
  status: MemberStatus;
  role: MemberRole;
  /** Bits of `AdminRight` in packages/domain. */
  admin_rights: Generated<number>;
  rank: Generated<string>;
  /** Bits of `BannedRight` in packages/domain: what this one may not do, until `until_date`. */
  banned_rights: Generated<number>;
  /** When the restriction or the ban ends; 0: never. */
  until_date: Generated<number>;
  inviter_id: bigint | null;
  promoted_by: bigint | null;
  banned_by: bigint | null;
  /** Of a banned channel: its owner when it was banned, who writes in the name of no channel here, either; null for users (0087). */
  banned_owner_id: bigint | null;
  date: number;
  /** Countable posts of this member; what `channel_heads.ordinal` counts of all. */
  own_posts: Generated<number>;
  /** When slow mode lets this member write again. */
  slow_mode_until: Generated<number>;
  /** Marked id of the peer in whose name the member has chosen to write (0041); null: as usual. */
  send_as: bigint | null;
  /** The newest message when the member joined a channel that hid its history from new members; 0 for others (0042). */
  hidden_max_id: Generated<number>;
  /** The member has cleared the history up to this message (0042). */
  cleared_max_id: Generated<number>;
  /** Who was a member last left by themselves, and only a mutual contact brings them back, whatever `status` is since (0086). */
  has_left: Generated<boolean>;
  /** Of a bot: the first message from which on it sees all messages as a member who is no admin, also those that are not meant for it, as decided when it joined; null for people (0094). -1 for former admins (0134). */
  all_from: number | null;
}

/** A message of a supergroup or channel, stored once for all members (0034). */
export interface ChannelMessagesTable extends Pick<MessagesTable, 'date' | 'edit_date' | 'flags' | 'text' | 'extra' | 'ttl_period'> {
  channel_id: bigint;
  msg_id: number;
  /** pts of the channel with which the message arrived. */
  pts: number;
  /** Number of the channel's messages up to this one, deleted ones included. */
  ordinal: number;
  /** The user who wrote it. */
  poster_id: bigint;
  /** Marked peer id of the author that is shown: the user, or the channel itself. */
  from_id: bigint;
  /** The name with which the author signed it; null: it is not signed. */
  signature: string | null;
  /** The message replied to, of the same channel. */
  reply_to_msg_id: number | null;
  /** In a supergroup: the message that started the thread to which this one belongs; null: it belongs to none (0100). */
  top_id: number | null;
  /** Number of the thread's messages up to this one, deleted ones included; null: it belongs to no thread (0100). */
  top_ordinal: number | null;
}

/** The deleted ones among 1024 messages of a channel (0035). */
export interface ChannelGapsTable {
  channel_id: bigint;
  /** The `ordinal` of the messages divided by 1024. */
  bucket: number;
  /** `ordinal` of each deleted message. */
  ordinals: number[];
  /** Who wrote them, in the same order. */
  author_ids: bigint[];
}

/** How often a post of a broadcast channel was seen and forwarded (0040). A post without a row has one view. */
export interface MessageCountsTable {
  channel_id: bigint;
  msg_id: number;
  views: number;
  forwards: number;
}

/** What one process counted in one second: a key of 8 bytes for each person and post (0084). */
export interface SeenPostsTable {
  seen_date: number;
  batch: bigint;
  keys: Uint8Array;
}

/** When a member of a small supergroup read it up to a message (0044). */
export interface ChannelReadsTable {
  channel_id: bigint;
  user_id: bigint;
  max_id: number;
  date: number;
}

/**
 * Somebody has played a voice or round video message of a channel; a row of its author says that anybody has (0070).
 */
export interface HeardPostsTable {
  channel_id: bigint;
  msg_id: number;
  user_id: bigint;
  /** When it was played. */
  date: number;
}

/** A channel that shares members with another one; both were public broadcast channels when it was found (0052). */
export interface SimilarChannelsTable {
  channel_id: bigint;
  similar_id: bigint;
  /** How similar they are, from 0 to 1,000,000. */
  score: number;
}

/** When the similar channels of a channel were found last (0052). */
export interface SimilarRunsTable {
  channel_id: bigint;
  date: number;
}

/** A word of the username or title of a public channel (0048). */
export interface ChannelWordsTable {
  channel_id: bigint;
  word: string;
  /** All words of the channel, each preceded by a space; if there are too many, the longest. */
  words: string;
}

/**
 * A place in a group or channel that a stranger has given to its owner, who has not accepted it (0083). A place without a row is accepted. Written only
 * under the lock of the owner's counter.
 */
export interface UnacceptedPlacesTable {
  owner_id: bigint;
  /** Marked id of the group or channel. */
  peer_id: bigint;
  /** The stranger. */
  adder_id: bigint;
  /** The owner is not shown who the stranger is, an anonymous admin, and must not find out by blocking people. */
  adder_hidden: Generated<boolean>;
  /** The stranger has become known to the owner, so the place counts as accepted, until the owner blocks or reports the stranger. */
  adder_known: Generated<boolean>;
  added_date: number;
  /** When the owner ceased to be a member; null: the owner is one. The row is kept for a day after that, so that the stranger cannot begin anew. */
  ended_date: number | null;
  /** When the budget of messages of strangers is full again, in unix seconds. The further ahead that is, the less of the budget is left. */
  full_date: number;
  /** In a channel: messages up to this number are not counted against the budget. 0 in basic groups, which count each message when it arrives. */
  from_ordinal: number;
  /** The budget was used up, so the server has archived and muted the place. */
  archived: Generated<boolean>;
  /** The folder in which the place was then. */
  folder_before: Generated<number>;
  /** The `mute_until` that the place had then; null: it had none of its own. */
  mute_before: number | null;
}

/** What names a message that people react to (0109, 0112). */
interface ReactedPostColumns {
  /** The marked id of the supergroup, channel or basic group. */
  peer_id: bigint;
  /** In a supergroup or channel the id of the message; in a basic group its `global_id`, which all copies share. */
  post_id: bigint;
}

/**
 * A reaction to a message of a group or channel (0109). Written only under the lock of the message's totals; rows of deleted messages are deleted by a job.
 */
export interface GivenReactionsTable extends ReactedPostColumns {
  /** The account that reacted, shown or not. */
  user_id: bigint;
  emoticon: string;
  /** Marked id of the group or channel that is shown instead of the account; null: none. */
  as_id: bigint | null;
  /** Grows with each reaction to the message, so that the newest one has the highest. */
  place: number;
  date: number;
  big: boolean;
}

/** One of the newest reactions to a message. Numbers that do not fit into JSON are texts. */
export interface RecentReactionJson {
  user: string;
  as: string | null;
  emoticon: string;
  place: number;
  date: number;
  big: boolean;
}

/** How many reactions a message of a group or channel has (0109). */
export interface ReactionTotalsTable extends ReactedPostColumns {
  /** The account that wrote the message and is told of reactions to it; null in broadcast channels, and where a channel wrote it (0112). */
  author_id: bigint | null;
  /** Grows with each change. */
  version: number;
  /** The highest place that was given to a reaction. */
  place: number;
  /** The author has seen the reactions up to this place. */
  seen_place: number;
  /** In the order in which they were first given, and how often each was. */
  emoticons: string[];
  counts: number[];
  /** The newest ones, newest first. */
  recent: ColumnType<RecentReactionJson[], string, string>;
  /** Somebody else has given reactions that the author has not seen. The author's `unread_reactions` follow it. */
  has_unseen: boolean;
  /** In a broadcast channel: a job is ordered that tells its bots the totals (0111). */
  bot_news: Generated<boolean>;
}

export interface GroupsTables {
  chats: ChatsTable;
  chat_members: ChatMembersTable;
  channels: ChannelsTable;
  channel_heads: ChannelHeadsTable;
  channel_members: ChannelMembersTable;
  channel_messages: ChannelMessagesTable;
  channel_gaps: ChannelGapsTable;
  message_counts: MessageCountsTable;
  given_reactions: GivenReactionsTable;
  reaction_totals: ReactionTotalsTable;
  seen_posts: SeenPostsTable;
  channel_reads: ChannelReadsTable;
  heard_posts: HeardPostsTable;
  channel_words: ChannelWordsTable;
  similar_channels: SimilarChannelsTable;
  similar_runs: SimilarRunsTable;
  unaccepted_places: UnacceptedPlacesTable;
}
