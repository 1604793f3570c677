import { defineJobKind, type JobKind, jsonCodec, type NewJob } from '@aerogram/storage';

import type { ChannelPostsDoor } from '../channel-posts/index.ts';
import type { CommentAnswers } from '../channel-state/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import { ExactQuota } from '../shared/index.ts';
import { type AnswererBlock, type BlockAnswererDeps, type BlockedAnswerer, blockAnswerer, deleteAnswers, type DoomedAnswers } from './block-answerer.ts';
import { bringAnswers, type BringDeps } from './bring-answers.ts';

/** The chat with the account Replies. It brings people the answers to their comments from groups that they are not in. */
export interface Replies {
  /** The job that brings answers. It is enqueued in the transaction that adds them to the group. */
  order(answers: CommentAnswers): NewJob;
  /** Blocks whoever has written an answer. Throws as {@link blockAnswerer}. */
  doBlock(block: AnswererBlock): Promise<BlockedAnswerer>;
  readonly jobKinds: readonly JobKind[];
}

/** What {@link createReplies} needs. */
export interface RepliesDeps extends Pick<SubjectDeps, 'db' | 'clock' | 'withBoxes' | 'writeBoxes'>, Omit<BlockAnswererDeps, 'orderRest'> {
  owners?: SubjectDeps['owners'];
  hasLimits?: SubjectDeps['hasLimits'];
  /** The messages of a group, which may be kept elsewhere. @param groupId the plain id */
  postsOf(groupId: bigint): Pick<ChannelPostsDoor, 'findAnswers'>;
}

/** Creates the operations of the chat. Its jobs belong to the person who gets the answers, and ask the group before they write. */
export function createReplies(given: RepliesDeps): Replies {
  const quotas: BringDeps['quotas'] = { all: new ExactQuota(given, 'commentAnswers'), ofGroup: new ExactQuota(given, 'commentAnswersOfGroup') };
  const bringing = defineJobKind<Omit<CommentAnswers, 'userId'>>({
    kind: 'bring-answers',
    codec: jsonCodec(),
    async run({ groupId, msgIds }, { db, done, ownerId: userId }) {
      const answers = await given.postsOf(groupId).findAnswers(userId, msgIds);
      if (answers.length === 0) return;
      await db.transact('bring-answers', async (tx) => {
        await done(tx);
        await bringAnswers({ ...given, quotas }, tx, { userId, answers });
      });
    },
  });
  const deleting = defineJobKind<DoomedAnswers>({
    kind: 'delete-answers',
    codec: jsonCodec(),
    async run(doomed, { ownerId, signal }) {
      for (let isMore = true; isMore; ) {
        signal.throwIfAborted();
        isMore = await deleteAnswers(given, ownerId, doomed);
      }
    },
  });
  return {
    order: ({ userId, groupId, msgIds }) => bringing.order(userId, { groupId, msgIds }),
    doBlock: (block) => blockAnswerer({ ...given, orderRest: (ownerId, doomed) => deleting.order(ownerId, doomed) }, block),
    jobKinds: [bringing, deleting],
  };
}
