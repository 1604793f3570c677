import type { PostRow, UnnumberedPost } from '../events/index.ts';

/** How a service message is added. */
export interface Saying {
  /** The message that it is about. */
  replyTo?: number | null;
  /** The topic of a forum to which it belongs; undefined: General. */
  topicId?: number | undefined;
  silent?: boolean;
  /** Whether it is deleted like other messages of a channel whose messages have a lifetime. */
  expires?: boolean;
  /** The one who did it, if it was not the actor. */
  authorId?: bigint;
  /** It adds something of theirs to a message, and counts in slow mode like a message that they write. */
  isSlow?: boolean;
  /** The message of theirs that caused it. It then counts in slow mode, too. */
  causedBy?: PostRow;
  /** What of theirs it changes: it shows the same author, and is refused if they may not write in that name any more. */
  changes?: Pick<PostRow, 'from_id' | 'poster_id'>;
  /** It says what the server does by itself, and counts for nobody. */
  isFree?: boolean;
}

/** A message to add to a channel, without what the channel determines. */
export type PostContent = Pick<UnnumberedPost, 'text' | 'extra' | 'flags' | 'reply_to_msg_id'> & Partial<Pick<UnnumberedPost, 'top_id' | 'from_id' | 'poster_id' | 'signature' | 'ttl_period'>>;
