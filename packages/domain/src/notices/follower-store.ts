import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { listFollowedChannels } from '../dialogs/index.ts';
import type { ChannelWalk } from './notice-store.ts';

/** Most supergroups and channels of a user of whose posts devices are told. */
const FOLLOWED_MAX = 1000;

const dropOthers = defineStatement('drop_notice_followers', 'DELETE FROM notice_followers WHERE owner_id = $1::bigint AND NOT channel_id = ANY ($2::bigint[])');

const addFollowers = defineStatement(
  'add_notice_followers',
  `INSERT INTO notice_followers (channel_id, owner_id) SELECT c, $1::bigint FROM unnest($2::bigint[]) AS c
    WHERE EXISTS (SELECT FROM notice_devices WHERE user_id = $1::bigint) ORDER BY c ON CONFLICT DO NOTHING`,
);

// What was posted before the first follower with a device came is not told.
const beginMarks = defineStatement(
  'begin_channel_notice_marks',
  `INSERT INTO notice_marks (owner_id, pushed_pts) SELECT c.owner_id, c.pts FROM counters_now AS c WHERE c.owner_id = ANY ($1::bigint[]) ORDER BY c.owner_id ON CONFLICT DO NOTHING`,
);

const readFollowers = defineStatement<{ owner_id: bigint }>(
  'read_notice_followers',
  'SELECT owner_id FROM notice_followers WHERE channel_id = $1::bigint AND owner_id > $2::bigint ORDER BY owner_id LIMIT $3::integer',
);

const lockWalk = defineStatement<ChannelWalk>('lock_notice_walk', 'SELECT pushed_pts, walk_to, walk_after FROM notice_marks WHERE owner_id = $1::bigint FOR UPDATE');
const saveWalk = defineStatement('save_notice_walk', 'UPDATE notice_marks SET pushed_pts = $2::integer, walk_to = $3::integer, walk_after = $4::bigint WHERE owner_id = $1::bigint');

/** Writes which supergroups and channels a user with devices follows. @returns their marked ids */
export async function saveFollowing(db: Database, ownerId: bigint): Promise<bigint[]> {
  return await db.transact('save-notice-following', async (tx) => {
    const followed = (await listFollowedChannels(tx, ownerId, FOLLOWED_MAX)).slice(0, FOLLOWED_MAX).map(({ peerId }) => peerId);
    await tx.run(dropOthers, [ownerId, followed]);
    await tx.run(addFollowers, [ownerId, followed]);
    await tx.run(beginMarks, [followed]);
    return followed;
  });
}

/** The next followers of a channel who have devices. @param channelId marked */
export async function listFollowers(db: Pick<Database, 'run'>, channelId: bigint, after: bigint, limit: number): Promise<bigint[]> {
  return (await db.run(readFollowers, [channelId, after, limit])).rows.map(({ owner_id }) => owner_id);
}

/** Moves a walk on, if nobody else has. @returns whether it was moved */
export async function moveWalk(tx: Tx, channelId: bigint, from: ChannelWalk, to: ChannelWalk): Promise<boolean> {
  const now = (await tx.run(lockWalk, [channelId])).rows[0];
  if (now?.pushed_pts !== from.pushed_pts || now.walk_to !== from.walk_to || now.walk_after !== from.walk_after) return false;
  await tx.run(saveWalk, [channelId, to.pushed_pts, to.walk_to, to.walk_after]);
  return true;
}
