import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';
import { isInPart, type ThreadPart } from './thread-part.ts';

/** Which messages have something that a user has not seen: a mention, or reactions to what the user has written. */
export type UnseenTable = 'unread_mentions' | 'unread_reactions';

/** What a user has not seen, in a channel or in a part of it. */
export interface UnseenQuery {
  userId: bigint;
  channelId: bigint;
  part?: ThreadPart | undefined;
}

/** Lists messages with something that a user has not seen, newest first. */
export async function listUnseen(q: Queries, table: UnseenTable, query: UnseenQuery, limit: number): Promise<number[]> {
  const rows = await selectUnseen(q, table, query).select('msg_id').orderBy('msg_id', 'desc').limit(limit).execute();
  return rows.map((row) => row.msg_id);
}

/** Lists those of these messages that have something which a user has not seen. */
export async function listUnseenAmong(q: Queries, table: UnseenTable, query: UnseenQuery, msgIds: readonly number[]): Promise<number[]> {
  const rows = await selectUnseen(q, table, query)
    .select('msg_id')
    .where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`)
    .execute();
  return rows.map((row) => row.msg_id);
}

/** Counts the messages with something that a user has not seen. */
export async function countUnseen(q: Queries, table: UnseenTable, query: UnseenQuery): Promise<number> {
  const { count } = await selectUnseen(q, table, query)
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function selectUnseen(q: Queries, table: UnseenTable, { userId, channelId, part }: UnseenQuery) {
  return q
    .selectFrom(`${table} as u`)
    .where('owner_id', '=', userId)
    .where('peer_id', '=', markPeer({ _: 'peerChannel', channel_id: channelId }))
    .$if(part !== undefined, (query) => query.where(sql<boolean>`EXISTS (SELECT FROM channel_messages p WHERE p.channel_id = ${channelId} AND p.msg_id = u.msg_id AND ${isInPart(part!)})`));
}
