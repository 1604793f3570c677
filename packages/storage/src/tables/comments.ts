/** In a discussion group: which message copies a post of the linked channel. A row stays when its message is deleted, so that no second copy is made (0103). */
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

/** What a post of a channel shows of the comments on it, as its discussion group has told. Posts without a row have none yet (0103). */
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

/** The tables of posts that can be commented on. */
export interface CommentsTables {
  post_copies: PostCopiesTable;
  post_comments: PostCommentsTable;
}
