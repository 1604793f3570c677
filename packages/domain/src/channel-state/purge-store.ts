import { markPeer } from '@aerogram/cluster';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { dropOwnerFiles } from '../documents/index.ts';
import { removeInvites } from '../invites/index.ts';

/** Maximum number of members removed from a deleted channel in one transaction. Each of them gets an update in their own box. */
const MEMBERS_SLICE = 100;
/** Maximum number of rows of one table deleted at once. */
const ROWS_SLICE = 1000;

const readMembers = defineStatement<{ user_id: bigint }>(
  'list_members_to_leave',
  `SELECT user_id FROM channel_members WHERE channel_id = $1 AND status = 'member' ORDER BY user_id LIMIT ${MEMBERS_SLICE}`,
);

/** Creates a statement that deletes a slice of a table by `ctid`, which works whatever the primary key of the table is. */
const removeSlice = (table: string, column: 'channel_id' | 'owner_id' | 'peer_id') =>
  defineStatement(
    `purge_${table}`,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${column} = $1 LIMIT ${ROWS_SLICE}))`,
  );

// The statements that delete the rows of a deleted channel, in slices. The row in `channels` stays, so that clients learn that the channel was deleted. Before the
// statements run, all members have been removed and told, so `channel_members` only holds rows of former members.
const BY_CHANNEL = ['channel_members', 'channel_messages', 'channel_gaps', 'channel_threads', 'thread_gaps', 'thread_members', 'user_threads', 'post_copies', 'post_comments', 'message_counts', 'channel_reads', 'heard_posts', 'admin_log', 'public_posts', 'similar_channels', 'forum_topics', 'general_spans'].map((table) => removeSlice(table, 'channel_id'));
const BY_OWNER = ['message_search', 'send_keys', 'update_log', 'invite_importers', 'join_requests', 'join_request_counts'].map((table) => removeSlice(table, 'owner_id'));
const BY_PEER = ['given_reactions', 'reaction_totals'].map((table) => removeSlice(table, 'peer_id'));

/** Lists a slice of the members of a channel. */
export async function listMembersToLeave(db: Pick<Database, 'run'>, channelId: bigint): Promise<bigint[]> {
  return (await db.run(readMembers, [channelId])).rows.map((row) => row.user_id);
}

/** Returns the steps that delete the rows of a deleted channel. Each step deletes a slice, and returns whether there may be more rows. */
export function channelPurges(channelId: bigint): ((tx: Tx) => Promise<boolean>)[] {
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const keyed = [...BY_CHANNEL.map((statement) => ({ statement, key: channelId })), ...[...BY_OWNER, ...BY_PEER].map((statement) => ({ statement, key: peerId }))];
  const steps = keyed.map(({ statement, key }) => async (tx: Tx) => (await tx.run(statement, [key])).count === ROWS_SLICE);
  return [
    ...steps,
    async (tx) => (await removeInvites(tx, peerId, ROWS_SLICE)) === ROWS_SLICE,
    async (tx) => (await dropOwnerFiles(tx, peerId, ROWS_SLICE)) === ROWS_SLICE,
  ];
}
