import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement, type Statement } from '@aerogram/storage';

/** So many events are read rather than skipped: the search costs about as much. */
const CLOSE_ENOUGH = 500;

type Found = { pts: number; date: number };

const nextMessage = defineStatement<Found>('next_message_after_pts', 'SELECT pts, date FROM messages WHERE owner_id = $1 AND pts > $2 ORDER BY pts LIMIT 1');

const nextPost = defineStatement<Found>(
  'next_post_after_pts',
  `SELECT pts, date FROM channel_messages WHERE channel_id = -$1::bigint - ${CHANNEL_OFFSET} AND pts > $2 ORDER BY pts LIMIT 1`,
);

/**
 * Returns a position between two others such that all events up to it happened before a date, as close to the first younger event as a few reads find it. Dates ascend
 * within a sequence of events.
 * @param owner a user, or the marked id of a channel
 */
export async function findFreshPts(db: Database, owner: bigint, { from, to, sinceDate }: { from: number; to: number; sinceDate: number }): Promise<number> {
  const statement: Statement<Found> = owner < 0n ? nextPost : nextMessage;
  let [old, end] = [from, to];
  while (end - old > CLOSE_ENOUGH) {
    const middle = old + Math.floor((end - old) / 2);
    const next = (await db.run(statement, [owner, middle])).rows[0];
    if (next !== undefined && next.date < sinceDate && next.pts <= end) old = next.pts;
    else end = middle;
  }
  return old;
}
