import type { NewJob } from '@aerogram/storage';

/** A broadcast channel and the group in which its posts can be commented on. Plain ids. */
export interface CommentPair {
  channelId: bigint;
  groupId: bigint;
}

/** The thread of the comments on a post. */
export interface CommentThread extends CommentPair {
  postId: number;
  /** The message of the group that started the thread. */
  rootId: number;
}

/** Answers to a comment of somebody who is not in the discussion group. */
export interface CommentAnswers {
  /** Who wrote the comment. */
  userId: bigint;
  /** The plain id. */
  groupId: bigint;
  /** Messages of the group, all of one call. */
  msgIds: readonly number[];
}

/** The jobs by which a channel and its discussion group learn of each other's changes. Each changes one of the two only, because the other one may be kept in another data centre. So do those that tell people of comments. */
export interface CommentOrders {
  /** Makes the copies of posts in the group equal to the posts, whether these are new, edited or deleted. */
  copy(pair: CommentPair, postIds: readonly number[]): NewJob;
  /** Makes all copies that the group has equal to the posts, and adds those that are missing: after a time without the link, or when the channel's protection has changed. */
  copyAll(pair: CommentPair): NewJob;
  /** Tells the channel how the comments on a post are then. @param atDate in unix seconds */
  tell(thread: CommentThread, atDate: number): NewJob;
  /** Brings answers to the person whose comment they answer. */
  bring(answers: CommentAnswers): NewJob;
}
