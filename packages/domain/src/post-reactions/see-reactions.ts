import type { Database } from '@aerogram/storage';

import { findChannelView } from '../chats/index.ts';
import { type Acting, type ChannelIds, listUnseen, listUnseenAmong, type ThreadPart } from '../channel-state/index.ts';
import { markReactionsSeen } from './post-reaction-store.ts';
import { settleUnseen } from './settle-unseen.ts';

/** Maximum number of messages whose reactions one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** What was marked as seen. */
export interface ReactionsSeen {
  /** Of the channel, which does not change. */
  pts: number;
  /** Not 0 if messages remain and the client must call again. */
  offset: number;
  msgIds: number[];
}

/** Marks the reactions to a user's messages as seen, newest first, a slice in each call. A repeat does nothing. */
export async function doSeeReactions(db: Database, { channelId }: ChannelIds, { actorId }: Pick<Acting, 'actorId'>, part: ThreadPart | undefined): Promise<ReactionsSeen> {
  const found = await listUnseen(db.q, 'unread_reactions', { userId: actorId, channelId, part }, SLICE + 1);
  const msgIds = found.slice(0, SLICE);
  await markSeen(db, channelId, actorId, msgIds);
  return { pts: (await findChannelView(db, actorId, channelId))?.pts ?? 1, offset: found.length > SLICE ? 1 : 0, msgIds };
}

/** Marks the reactions to these messages as seen, those of others left out. @returns ids of messages with reactions that were unread */
export async function doSeeReactionsTo(db: Database, { channelId }: ChannelIds, { actorId }: Pick<Acting, 'actorId'>, wanted: readonly number[]): Promise<number[]> {
  const msgIds = await listUnseenAmong(db.q, 'unread_reactions', { userId: actorId, channelId }, wanted);
  await markSeen(db, channelId, actorId, msgIds);
  return msgIds;
}

/** The channel is changed first. If the server stops in between, the messages are still listed as unread, and the next call ends that. */
async function markSeen(db: Database, channelId: bigint, authorId: bigint, msgIds: readonly number[]): Promise<void> {
  if (msgIds.length === 0) return;
  await db.transact('mark-reactions-seen', (tx) => markReactionsSeen(tx, channelId, msgIds));
  await settleUnseen(db, { authorId, channelId, msgIds });
}
