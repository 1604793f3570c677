import { CHANNEL_OFFSET, unmarkPeer } from '@aerogram/cluster';
import { defineStatement, type Queries, type Tx } from '@aerogram/storage';

const findDays = defineStatement<{ days: number }>('find_retention', 'SELECT days FROM chat_retention WHERE peer_id IN ($1, 0) ORDER BY peer_id LIMIT 1');

/** The peer id of the setting for private chats. No group or channel has such an id. */
export const PRIVATE_CHATS = 1n;

const findPrivateDays = defineStatement<{ days: number }>('find_private_retention', `SELECT days FROM chat_retention WHERE peer_id = ${PRIVATE_CHATS}`);

const moveDays = defineStatement('move_retention', 'UPDATE chat_retention SET peer_id = $2 WHERE peer_id = $1');

const removeDays = defineStatement('remove_retention', 'DELETE FROM chat_retention WHERE peer_id = $1');

const removeNewcomers = defineStatement('remove_newcomer_channel', `DELETE FROM newcomer_channels WHERE channel_id = -${CHANNEL_OFFSET} - $1::bigint`);

/** Finds for how many days the messages of a group or channel are kept; 0: for ever. @param peerId marked */
export async function findRetentionDays(reader: Pick<Queries, 'run'>, peerId: bigint): Promise<number> {
  return (await reader.run(findDays, [peerId])).rows[0]?.days ?? 0;
}

/** Finds for how many days the messages of private chats are kept; 0: for ever. */
export async function findPrivateRetentionDays(reader: Pick<Queries, 'run'>): Promise<number> {
  return (await reader.run(findPrivateDays, [])).rows[0]?.days ?? 0;
}

/** Moves the retention time of a basic group to the supergroup that it becomes. It also applies to the old messages of the basic group. Ids are marked. */
export async function moveRetention(tx: Tx, { fromPeerId, toPeerId }: { fromPeerId: bigint; toPeerId: bigint }): Promise<void> {
  await tx.run(moveDays, [fromPeerId, toPeerId]);
}

/**
 * Removes what the operator has set for a deleted group or channel: its retention time, and that new users join it.
 * @param peerId marked
 * @param keepsRetention whether the retention time stays, because it still applies to other messages: those of the basic group that became this supergroup
 */
export async function removeOperatorSettings(tx: Tx, peerId: bigint, keepsRetention: boolean): Promise<void> {
  if (!keepsRetention) await tx.run(removeDays, [peerId]);
  if (unmarkPeer(peerId)._ === 'peerChannel') await tx.run(removeNewcomers, [peerId]);
}
