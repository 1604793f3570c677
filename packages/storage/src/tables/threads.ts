// Row types of migrations 0100-threads, 0101-topics, 0103-general-topic, 0105-topic-marks and 0106-post-comments: threads and topics of supergroups, what each person has in them, and
// comments on the posts of channels.
import type { Generated } from 'kysely';

import type { ChannelGapsTable } from './groups.ts';

/** A thread of a supergroup, made by its first reply. Written only under the lock of the channel's counter (0100). */
export interface ChannelThreadsTable {
  channel_id: bigint;
  /** The message that started the thread; it may be deleted while replies exist. */
  top_id: number;
  /** How many replies there are. */
  count: number;
  /** How many replies there were so far, deleted ones included. */
  ordinal: number;
  /** The newest reply; 0: all were deleted. */
  top_msg_id: number;
  /** Marked ids of the authors of the last replies, each once, the newest first. */
  repliers: bigint[];
  /** The pts of the channel with which the thread changed last. */
  version: number;
  /** Up to which message the person who has read furthest has read it, as in `channel_heads` (0105). */
  read_max_id: Generated<number>;
  /** Who that is; null: nobody has read it (0105). */
  read_by: bigint | null;
  /** Up to which message any other person has read it (0105). */
  second_read_max_id: Generated<number>;
  /** If a copy of a post started the thread: the plain id of the channel of the post; null for other threads (0106). */
  source_id: bigint | null;
  /** The post of that channel; null for other threads (0106). */
  post_id: number | null;
  /** Whether a job that tells the channel of the comments waits (0106). */
  is_telling: Generated<boolean>;
}

/** The deleted ones among 1024 messages of a thread, as in `channel_gaps` (0100). */
export interface ThreadGapsTable extends ChannelGapsTable {
  top_id: number;
}

/** How many messages somebody has written in a thread, deleted ones included (0100). */
export interface ThreadMembersTable {
  channel_id: bigint;
  top_id: number;
  user_id: bigint;
  own_posts: number;
}

/** What a person has in a thread: how far they have read it, a draft, and, in a topic, notification settings (0100, 0105). */
export interface UserThreadsTable {
  owner_id: bigint;
  channel_id: bigint;
  top_id: number;
  /** Everything in the thread up to this message is read. */
  read_max_id: Generated<number>;
  /** The number in the thread of the first message that is not read, less one. */
  read_ordinal: Generated<number>;
  /** How many of the messages up to there the person has written. */
  own_at_read: Generated<number>;
  /**
   * In a topic that the person has read further than the channel: the number in the topic up to which the read mark of the channel goes. Null: the person has
   * not read the topic further.
   */
  ahead_from: number | null;
  /** How many of the messages from there up to `read_ordinal` the person has written. */
  ahead_own: Generated<number>;
  /** A draftMessage, stored by `storedEncode`. */
  draft: Uint8Array | null;
  draft_date: Generated<number>;
  /** Notification settings of a topic, as in `notify_settings`. */
  show_previews: boolean | null;
  silent: boolean | null;
  mute_until: number | null;
  sound: Uint8Array | null;
}

/** A topic of a forum. Written only under the lock of the channel's counter. */
export interface ForumTopicsTable {
  channel_id: bigint;
  /** The id of the service message that says that it was created; 1: General. */
  topic_id: number;
  title: string;
  /** RGB. */
  icon_color: number;
  /** The custom emoji that is shown as its icon; null: its first letter, in that colour (0138). */
  icon_emoji_id: bigint | null;
  /** Marked id of the author that is shown. */
  from_id: bigint;
  /** The user who created it. */
  creator_id: bigint;
  date: number;
  /** Only admins and its creator write in it. */
  closed: Generated<boolean>;
  /** Only of General. */
  hidden: Generated<boolean>;
  /** It was deleted, although some of its messages may still exist. */
  deleted: Generated<boolean>;
  /** Greater numbers stand higher; 0: not pinned. */
  pinned_order: Generated<number>;
}

/**
 * A time in which a group that is or was a forum was none. Its messages of that time belong to General (0103). Written only under the lock of the channel's
 * counter.
 */
export interface GeneralSpansTable {
  channel_id: bigint;
  /** The newest message when the time began. */
  after_id: number;
  /** Number of the channel's messages up to there, deleted ones included. */
  after_ordinal: number;
  /** The newest message when the group became a forum; null: it is none. */
  up_to_id: number | null;
  /** Number of the channel's messages up to there, deleted ones included. */
  up_to_ordinal: number | null;
}

/** In a discussion group: which message copies a post of the linked channel. A row stays when its message is deleted, so that no second copy is made (0106). */
export interface PostCopiesTable {
  /** The discussion group. */
  channel_id: bigint;
  /** The plain id of the channel that has the post. */
  source_id: bigint;
  post_id: number;
  /** The copy; 0: the post was deleted before it was copied. */
  msg_id: number;
  /** The copy that starts the thread: of an album the first one. */
  root_id: number;
  /** The pts of the channel at which the copy was equal to the post. */
  version: number;
}

/** What a post of a channel shows of the comments on it, as its discussion group has told. Posts without a row have none yet (0106). */
export interface PostCommentsTable {
  channel_id: bigint;
  msg_id: number;
  /** The message of the group that started the thread. */
  root_id: number;
  count: number;
  /** The newest comment; 0: there is none. */
  max_id: number;
  /** Marked ids of the authors of the last comments, the newest first. */
  repliers: bigint[];
  /** The group has deleted its copy, so that nobody can comment any more. */
  is_closed: boolean;
  /** The pts of the group at which it was so; of two states the one with the higher number is newer. */
  version: number;
}

/** The tables of threads, topics and comments. */
export interface ThreadsTables {
  forum_topics: ForumTopicsTable;
  general_spans: GeneralSpansTable;
  channel_threads: ChannelThreadsTable;
  thread_gaps: ThreadGapsTable;
  thread_members: ThreadMembersTable;
  user_threads: UserThreadsTable;
  post_copies: PostCopiesTable;
  post_comments: PostCommentsTable;
}
