import { type Database, defineStatement } from '@aerogram/storage';
import { storedDecode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import { findPosts, listArrivedPosts, projectPost } from '../channels/index.ts';
import { type BoxEvent, channelIdOf, LogKind, type PostRow, unpackMsgId } from '../events/index.ts';

/** A part of a channel's event sequence. */
export interface ChannelSlice {
  /** In ascending order of pts. */
  events: BoxEvent[];
  /** pts at the end of the slice. */
  pts: number;
  /** The channel's pts. */
  channelPts: number;
  /** Whether the channel has events after this slice. */
  more: boolean;
}

interface LogRow {
  pts: number;
  pts_count: number;
  kind: number;
  payload: Uint8Array;
  date: number;
}

const readPts = defineStatement<{ pts: number }>('read_channel_pts', 'SELECT pts FROM counters WHERE owner_id = $1');

const readLog = defineStatement<LogRow>(
  'read_channel_log',
  'SELECT pts, pts_count, kind, payload, date FROM update_log WHERE owner_id = $1 AND pts > $2 AND pts <= $3 AND pts_count > 0 ORDER BY pts LIMIT $4',
);

/** The pts of a channel. @param peerId marked */
export async function findChannelPts(db: Pick<Database, 'run'>, peerId: bigint): Promise<number> {
  const { rows } = await db.run(readPts, [peerId]);
  return rows[0]?.pts ?? 1;
}

/**
 * Reads the events of a channel after a pts. The counter is read first, and then only events up to it, so nothing is missing in between (rule S2).
 * @param peerId marked
 * @param limit maximum number of events
 */
export async function listChannelEvents(db: Database, peerId: bigint, after: number, limit: number): Promise<ChannelSlice> {
  const channelPts = await findChannelPts(db, peerId);
  const channelId = channelIdOf(peerId);
  const [posts, log] = await Promise.all([
    listArrivedPosts(db, channelId, { after, upTo: channelPts, limit: limit + 1 }),
    db.run(readLog, [peerId, after, channelPts, limit + 1]),
  ]);
  const places = [...posts.map((post) => ({ pts: post.pts, post, row: undefined })), ...log.rows.map((row) => ({ pts: row.pts, post: undefined, row }))];
  places.sort((a, b) => a.pts - b.pts);
  const taken = places.slice(0, limit);
  const more = places.length > limit;
  const edited = await findEdited(db, channelId, taken.flatMap(({ row }) => row ?? []));
  const events = taken.flatMap(({ post, row }): BoxEvent[] => {
    if (post !== undefined) return [{ kind: 'new_message', pts: post.pts, ptsCount: 1, message: post }];
    return row === undefined ? [] : openRow(row, edited);
  });
  return { events, pts: more ? taken.at(-1)!.pts : channelPts, channelPts, more };
}

/** The edited messages as they are now, by the last log row of each. */
async function findEdited(db: Database, channelId: bigint, rows: readonly LogRow[]): Promise<Map<LogRow, PostRow>> {
  const last = new Map(rows.filter((row) => row.kind === LogKind.edit).map((row) => [unpackMsgId(row.payload), row]));
  const posts = await findPosts(db.q, channelId, [...last.keys()]);
  return new Map([...posts].map(([msgId, post]) => [last.get(msgId)!, post]));
}

function openRow(row: LogRow, edited: Map<LogRow, PostRow>): BoxEvent[] {
  const { pts, pts_count: ptsCount, date } = row;
  if (row.kind === LogKind.edit) {
    const message = edited.get(row);
    return message === undefined ? [] : [{ kind: 'edit_message', pts, ptsCount, message }];
  }
  // The cast is safe: insertLog stores only updates under this kind.
  return [{ kind: 'update', pts, ptsCount, date, update: storedDecode(row.payload) as tl.Update, looseSeq: 0 }];
}

/** The update that a member gets for an event of a channel. Pure. */
export function projectChannelEvent(event: BoxEvent, viewerId: bigint): tl.Update {
  if (event.kind === 'update') return event.update;
  return {
    _: event.kind === 'new_message' ? 'updateNewChannelMessage' : 'updateEditChannelMessage',
    // The cast is safe: all messages in the events of a channel are posts.
    message: projectPost(event.message as PostRow, viewerId),
    pts: event.pts,
    pts_count: event.ptsCount,
  };
}
