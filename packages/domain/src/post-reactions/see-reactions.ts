import { markPeer } from '@aerogram/cluster';
import { type Database, sql } from '@aerogram/storage';

import { findChannelView } from '../chats/index.ts';
import type { Queries } from '../events/index.ts';
import { type Acting, type ChannelIds, isInPart, type ThreadPart } from '../channel-state/index.ts';
import { markReactionsSeen } from './post-reaction-store.ts';
import { settleUnseen } from './settle-unseen.ts';

/** Maximum number of messages whose reactions one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** Messages of a user in a channel, or in a part of it, with reactions that the user has not seen. */
export interface UnseenReactions {
  userId: bigint;
  channelId: bigint;
  part?: ThreadPart | undefined;
}

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
  const rows = await selectUnseen(db.q, { userId: actorId, channelId, part }).select('msg_id').orderBy('msg_id', 'desc').limit(SLICE + 1).execute();
  const msgIds = rows.slice(0, SLICE).map((row) => row.msg_id);
  await markSeen(db, channelId, actorId, msgIds);
  return { pts: (await findChannelView(db, actorId, channelId))?.pts ?? 1, offset: rows.length > SLICE ? 1 : 0, msgIds };
}

/** Marks the reactions to these messages as seen, those of others left out. @returns ids of messages with reactions that were unread */
export async function doSeeReactionsTo(db: Database, { channelId }: ChannelIds, { actorId }: Pick<Acting, 'actorId'>, wanted: readonly number[]): Promise<number[]> {
  const rows = await selectUnseen(db.q, { userId: actorId, channelId })
    .select('msg_id')
    .where('msg_id', '=', sql<number>`ANY (${[...wanted]}::integer[])`)
    .execute();
  const msgIds = rows.map((row) => row.msg_id);
  await markSeen(db, channelId, actorId, msgIds);
  return msgIds;
}

/** The channel is changed first. If the server stops in between, the messages are still listed as unread, and the next call ends that. */
async function markSeen(db: Database, channelId: bigint, authorId: bigint, msgIds: readonly number[]): Promise<void> {
  if (msgIds.length === 0) return;
  await db.transact('mark-reactions-seen', (tx) => markReactionsSeen(tx, channelId, msgIds));
  await settleUnseen(db, { authorId, channelId, msgIds });
}

/** Counts the messages with reactions that their author has not seen. */
export async function countUnseenReactions(q: Queries, unseen: UnseenReactions): Promise<number> {
  const { count } = await selectUnseen(q, unseen)
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function selectUnseen(q: Queries, { userId, channelId, part }: UnseenReactions) {
  return q
    .selectFrom('unread_reactions as u')
    .where('owner_id', '=', userId)
    .where('peer_id', '=', markPeer({ _: 'peerChannel', channel_id: channelId }))
    .$if(part !== undefined, (query) => query.where(sql<boolean>`EXISTS (SELECT FROM channel_messages p WHERE p.channel_id = ${channelId} AND p.msg_id = u.msg_id AND ${isInPart(part!)})`));
}
