import { sql } from '@aerogram/storage';

import { hasFlag, MessageFlag, type PostRow, type Queries, unpackMessageExtra } from '../events/index.ts';
import type { StoredPlace } from '../messages/index.ts';

/** The users whom a message mentions. Pure. */
export function mentionedIn(row: PostRow): readonly bigint[] {
  return hasFlag(row, MessageFlag.mentioned) ? (unpackMessageExtra(row.extra).mentioned ?? []) : [];
}

/** The records of unseen mentions of these messages: one for each person mentioned. Pure. */
export function mentionsOf(rows: readonly PostRow[]): StoredPlace[] {
  return rows.flatMap((row) => mentionedIn(row).map((userId) => ({ owner_id: userId, peer_id: row.peer_id, msg_id: row.msg_id })));
}

/** A message of a channel, given by the marked id of the channel. */
type PostPlace = Pick<PostRow, 'peer_id' | 'msg_id'>;

/** Finds those of these messages that mention a user who has not seen them. */
export async function findUnseen(q: Queries, userId: bigint, places: readonly PostPlace[]): Promise<PostPlace[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<PostPlace>`
    SELECT u.peer_id, u.msg_id FROM unnest(${places.map((place) => place.peer_id)}::bigint[], ${places.map((place) => place.msg_id)}::integer[]) AS w (peer_id, msg_id)
      JOIN unread_mentions u ON u.owner_id = ${userId} AND u.peer_id = w.peer_id AND u.msg_id = w.msg_id`.execute(q);
  return rows;
}

/**
 * Notes in messages that mention the viewer whether the viewer has seen them. Other messages stay as they are; if there are no such messages,
 * nothing is read.
 */
export async function withUnseen(q: Queries, viewerId: bigint, rows: readonly PostRow[]): Promise<PostRow[]> {
  const found = await findUnseen(q, viewerId, rows.filter((row) => mentionedIn(row).includes(viewerId)));
  if (found.length === 0) return [...rows];
  const unseen = new Set(found.map((row) => `${row.peer_id}:${row.msg_id}`));
  return rows.map((row) => (unseen.has(`${row.peer_id}:${row.msg_id}`) ? { ...row, flags: row.flags | MessageFlag.mediaUnread } : row));
}
