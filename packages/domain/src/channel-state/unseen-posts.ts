import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';

import { type PostRow, type Queries, unpackMessageExtra } from '../events/index.ts';
import type { UnreadPlace, UnreadTable } from '../messages/index.ts';
import { isInPart, type ThreadPart } from './thread-part.ts';

/** What a user has not seen, in a channel or in a part of it. */
export interface UnseenQuery {
  userId: bigint;
  channelId: bigint;
  part?: ThreadPart | undefined;
}

/** Lists messages with something that a user has not seen, newest first. */
export async function listUnseen(q: Queries, table: UnreadTable, query: UnseenQuery, limit: number): Promise<number[]> {
  const rows = await selectUnseen(q, table, query).select('msg_id').orderBy('msg_id', 'desc').limit(limit).execute();
  return rows.map((row) => row.msg_id);
}

/** Lists those of these messages that have something which a user has not seen. */
export async function listUnseenAmong(q: Queries, table: UnreadTable, query: UnseenQuery, msgIds: readonly number[]): Promise<number[]> {
  const rows = await selectUnseen(q, table, query)
    .select('msg_id')
    .where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`)
    .execute();
  return rows.map((row) => row.msg_id);
}

/** Counts the messages with something that a user has not seen. */
export async function countUnseen(q: Queries, table: UnreadTable, query: UnseenQuery): Promise<number> {
  const { count } = await selectUnseen(q, table, query)
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function selectUnseen(q: Queries, table: UnreadTable, { userId, channelId, part }: UnseenQuery) {
  return q
    .selectFrom(`${table} as u`)
    .where('owner_id', '=', userId)
    .where('peer_id', '=', markPeer({ _: 'peerChannel', channel_id: channelId }))
    .$if(part !== undefined, (query) => query.where(sql<boolean>`EXISTS (SELECT FROM channel_messages p WHERE p.channel_id = ${channelId} AND p.msg_id = u.msg_id AND ${isInPart(part!)})`));
}

/** Where the posters of these messages may have unseen votes in a poll: in those with one. Pure. */
export function pollPlacesOf(rows: readonly PostRow[]): UnreadPlace[] {
  const withPoll = rows.filter((row) => unpackMessageExtra(row.extra).media?._ === 'messageMediaPoll');
  return withPoll.map((row) => ({ owner_id: row.poster_id, peer_id: row.peer_id, msg_id: row.msg_id }));
}
