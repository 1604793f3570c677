import { defineJobKind, type JobKind } from '@aerogram/storage';

import { type Messages, SEE_ALL } from './messages/index.ts';
import type { PostReactions } from './post-reactions/index.ts';
import type { UnreadVotes } from './unread-votes.ts';

/** What the job marks as seen. */
export interface SeeAllDeps {
  messages: Pick<Messages, 'doReadMentions'>;
  postReactions: Pick<PostReactions, 'doSeeAllInGroup'>;
  unreadVotes: Pick<UnreadVotes, 'doReadAll'>;
}

/** Defines the job that marks as seen the mentions, reactions and votes that a member of a group that became a supergroup has not seen there. Safe to repeat. */
export function createSeeAllJob({ messages, postReactions, unreadVotes }: SeeAllDeps): JobKind {
  return defineJobKind({
    ...SEE_ALL,
    // If it gave up, the old group would count something for ever.
    maxAttempts: Number.POSITIVE_INFINITY,
    async run({ peerId }, { ownerId, signal }) {
      do signal.throwIfAborted();
      while ((await messages.doReadMentions({ ownerId, peerId, origin: undefined })).offset > 0);
      await postReactions.doSeeAllInGroup(ownerId, peerId);
      await unreadVotes.doReadAll(ownerId, peerId);
    },
  });
}
