import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement } from '@aerogram/storage';

/** Maximum number of channels in one answer. */
const LISTED_MAX = 100;

const readLeft = defineStatement<{ channel_id: bigint }>(
  'list_left_channels',
  `SELECT channel_id FROM channel_members WHERE user_id = $1 AND status = 'left' ORDER BY date DESC, channel_id LIMIT ${LISTED_MAX} OFFSET $2`,
);

const countLeft = defineStatement<{ count: bigint }>('count_left_channels', `SELECT count(*) AS count FROM channel_members WHERE user_id = $1 AND status = 'left'`);

/**
 * Lists the supergroups and channels that a user was a member of, those joined last first.
 * @returns one page of marked ids, and how many there are on all pages
 */
export async function listLeftChannels(db: Pick<Database, 'run'>, userId: bigint, offset: number): Promise<{ peerIds: bigint[]; count: number }> {
  const [{ rows }, counted] = await Promise.all([db.run(readLeft, [userId, offset]), db.run(countLeft, [userId])]);
  return { peerIds: rows.map(({ channel_id: id }) => -CHANNEL_OFFSET - id), count: Number(counted.rows[0]!.count) };
}
