import { defineJobKind, type JobKind, jsonCodec } from '@aerogram/storage';

import { commentsIn } from '../events/index.ts';
import { type ChannelChangeDeps, channelIdsOf, type CommentOrders, type CommentPair, type CommentThread, findCopySource, forgetUncopied, listPostsToCopyAgain, noteUncopied, saveComments, takeComments } from '../channel-state/index.ts';
import { definePort } from '../shared/index.ts';
import { doCopyPosts } from './copy-posts.ts';

/** How often a job is tried: posts and comments must reach the other side in the end. */
const ATTEMPTS = 100;
/** Pause after the first failure: a comment must be possible soon after its post. */
const RETRY_MS = 200;
/** How many posts are copied again at once. */
const PAGE = 100;

/** The jobs that keep channels and their discussion groups equal. */
export interface Comments {
  readonly orders: CommentOrders;
  readonly jobKinds: readonly JobKind[];
}

/** Makes the job that brings answers to people; only those who write to people can. */
export const ORDER_ANSWERS = definePort<CommentOrders['bring']>('channel-posts.orderAnswers');

/**
 * Creates the jobs. Each reads one of the two chats and then writes the other one, never both together.
 * @param given.orderAnswers see {@link ORDER_ANSWERS}
 */
export function createComments({ orderAnswers, ...given }: Omit<ChannelChangeDeps, 'comments'> & { orderAnswers: CommentOrders['bring'] }): Comments {
  const { db } = given;
  const copying = defineJobKind<CommentPair & { postIds: number[] }>({
    kind: 'copy-posts',
    codec: jsonCodec(),
    maxAttempts: ATTEMPTS,
    retryMs: RETRY_MS,
    async run({ postIds, ...pair }) {
      const source = await findCopySource(db, pair.channelId, postIds);
      if (source === undefined) return;
      if (source.groupId !== pair.groupId) {
        // Without the link, the group keeps what it has. Another link makes up for the rest (`copy-all-posts`).
        await db.transact('note-uncopied', (tx) => noteUncopied(tx, pair.channelId, postIds));
        return;
      }
      if (!(await doCopyPosts(deps, pair, { postIds, source }))) throw new Error('the group does not know its channel yet');
    },
  });
  const copyingAll = defineJobKind<CommentPair & { afterId: number }>({
    kind: 'copy-all-posts',
    codec: jsonCodec(),
    maxAttempts: ATTEMPTS,
    retryMs: RETRY_MS,
    async run({ afterId, ...pair }, { done }) {
      const listed = await listPostsToCopyAgain(db, pair, afterId, PAGE);
      const source = await findCopySource(db, pair.channelId, listed);
      if (listed.length === 0 || source === undefined || source.groupId !== pair.groupId) return;
      // Leaves out posts that were made while the channel was linked with another group.
      const others = new Set(source.posts.filter((post) => commentsIn(post.extra) !== pair.groupId).map((post) => post.msg_id));
      const postIds = listed.filter((postId) => !others.has(postId));
      const posts = source.posts.filter((post) => !others.has(post.msg_id));
      if (!(await doCopyPosts(deps, pair, { postIds, source: { ...source, posts }, again: true }))) throw new Error('the group does not know its channel yet');
      await db.transact('copied-again', async (tx) => {
        await forgetUncopied(tx, pair.channelId, posts.map((post) => post.msg_id));
        if (listed.length === PAGE) await tx.job(copyingAll.order(channelIdsOf(pair.groupId).peerId, { ...pair, afterId: listed.at(-1)! }));
        await done(tx);
      });
    },
  });
  const telling = defineJobKind<CommentThread>({
    kind: 'tell-comments',
    codec: jsonCodec(),
    maxAttempts: ATTEMPTS,
    async run(thread, { done }) {
      const groupPeer = channelIdsOf(thread.groupId).peerId;
      const told = await db.transact('take-comments', async (tx) => {
        const { pts: version } = (await tx.lockCounters([groupPeer])).get(groupPeer)!;
        return { ...(await takeComments(tx, thread)), version };
      });
      await db.transact('show-comments', async (tx) => {
        await saveComments(tx, thread, told);
        await done(tx);
      });
    },
  });
  const orders: CommentOrders = {
    copy: (pair, postIds) => copying.order(channelIdsOf(pair.groupId).peerId, { ...pair, postIds: [...postIds] }),
    copyAll: ({ channelId, groupId }) => copyingAll.order(channelIdsOf(groupId).peerId, { channelId, groupId, afterId: 0 }),
    tell: (thread, atDate) => telling.order(channelIdsOf(thread.groupId).peerId, thread, atDate * 1000),
    bring: orderAnswers,
  };
  const deps: ChannelChangeDeps = { ...given, comments: orders };
  return { orders, jobKinds: [copying, copyingAll, telling] };
}
