import { sql } from '@aerogram/storage';

import { hasFlag, MessageFlag, type PostRow, type Queries, unpackMessageExtra } from '../events/index.ts';
import { READ_DATES_KEPT_S, type UnreadPlace } from '../messages/index.ts';
import { findHeard } from './heard-store.ts';

/**
 * Messages of channels count as played when they are older than this, in seconds; sent to clients in help.getConfig. Who has played what is forgotten then, by the same
 * job as read dates.
 */
export const PLAYED_KEPT_S = READ_DATES_KEPT_S;

/** The users whom a message mentions. Pure. */
export function mentionedIn(row: PostRow): readonly bigint[] {
  return hasFlag(row, MessageFlag.mentioned) ? (unpackMessageExtra(row.extra).mentioned ?? []) : [];
}

/** The records of unseen mentions of these messages: one for each person mentioned. Pure. */
export function mentionsOf(rows: readonly PostRow[]): UnreadPlace[] {
  return rows.flatMap((row) => mentionedIn(row).map((userId) => ({ owner_id: userId, peer_id: row.peer_id, msg_id: row.msg_id, top_id: row.top_id })));
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

/** Whether a message is one that members play, and not so old that it counts as played. Pure. */
export function isPlayable(row: PostRow, nowDate: number): boolean {
  return hasFlag(row, MessageFlag.mediaUnread) && row.date + PLAYED_KEPT_S > nowDate;
}

/** A message as somebody sees it who has not played it, whom it does not mention. Pure. */
export function withPlayable(row: PostRow, nowDate: number): PostRow {
  return hasFlag(row, MessageFlag.mediaUnread) && !isPlayable(row, nowDate) ? { ...row, flags: row.flags & ~MessageFlag.mediaUnread } : row;
}

/**
 * Notes in messages whether the viewer has seen that they mention the viewer, and whether the viewer has played them; the author learns whether anybody has. If there
 * are no such messages, nothing is read.
 */
export async function withUnseen(q: Queries, viewerId: bigint, rows: readonly PostRow[], nowDate: number): Promise<PostRow[]> {
  const [unseen, heard] = await Promise.all([
    findUnseen(q, viewerId, rows.filter((row) => mentionedIn(row).includes(viewerId))),
    findHeard(q, viewerId, rows.filter((row) => isPlayable(row, nowDate))),
  ]);
  const unseenKeys = new Set(unseen.map(keyOf));
  const heardKeys = new Set(heard.map(keyOf));
  return rows.map((row) => {
    const isUnread = unseenKeys.has(keyOf(row)) || (isPlayable(row, nowDate) && !heardKeys.has(keyOf(row)));
    if (isUnread === hasFlag(row, MessageFlag.mediaUnread)) return row;
    return { ...row, flags: isUnread ? row.flags | MessageFlag.mediaUnread : row.flags & ~MessageFlag.mediaUnread };
  });
}

const keyOf = ({ peer_id, msg_id }: PostPlace): string => `${peer_id}:${msg_id}`;
