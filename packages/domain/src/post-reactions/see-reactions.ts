import type { Database } from '@aerogram/storage';

import { dropUnread } from '../messages/index.ts';
import type { ThreadPart } from '../channel-state/index.ts';
import { markReactionsSeen } from './post-reaction-store.ts';
import type { ReactionScene } from './reaction-scene.ts';
import { settleUnseen } from './settle-unseen.ts';

/** Maximum number of messages whose reactions one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** What was marked as seen. */
export interface ReactionsSeen {
  /** Not 0 if messages remain and the client must call again. */
  offset: number;
  msgIds: number[];
}

/** Marks the reactions to a user's messages as seen, newest first, a slice in each call. A repeat does nothing. */
export async function doSeeReactions(db: Database, scene: ReactionScene, actorId: bigint, part: ThreadPart | undefined): Promise<ReactionsSeen> {
  const found = await scene.listUnseen(actorId, part, SLICE + 1);
  const msgIds = found.slice(0, SLICE);
  await markSeen(db, scene, actorId, msgIds);
  return { offset: found.length > SLICE ? 1 : 0, msgIds };
}

/** Marks the reactions to these messages as seen, those of others left out. @returns ids of messages with reactions that were unread */
export async function doSeeReactionsTo(db: Database, scene: ReactionScene, actorId: bigint, wanted: readonly number[]): Promise<number[]> {
  const msgIds = await scene.listUnseenAmong(actorId, wanted);
  await markSeen(db, scene, actorId, msgIds);
  return msgIds;
}

/** The group is changed first. If the server stops in between, the messages are still listed as unread, and the next call ends that. */
async function markSeen(db: Database, scene: ReactionScene, authorId: bigint, msgIds: readonly number[]): Promise<void> {
  if (msgIds.length === 0) return;
  const found = await scene.find(authorId, msgIds);
  const postIds = found.map(({ post }) => post.postId);
  const { peerId } = scene;
  await db.transact('mark-reactions-seen', async (tx) => {
    await scene.carryOver(tx, authorId, postIds);
    await markReactionsSeen(tx, peerId, postIds);
  });
  await settleUnseen(db, { authorId, peerId, postIds });
  // A message may have been deleted while its reactions were noted.
  const gone = msgIds.filter((msgId) => found.every((seen) => seen.msgId !== msgId));
  if (gone.length > 0) await db.transact('drop-unread-reactions', (tx) => dropUnread(tx, 'unread_reactions', gone.map((msg_id) => ({ owner_id: authorId, peer_id: peerId, msg_id }))));
}
