import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { countDeleted, hiddenUpTo, mayDo } from '../chats/index.ts';
import { dropUnreadUpTo } from '../messages/index.ts';
import { type Acting, type ChannelChange, listPostIds } from '../channel-state/index.ts';

/** Maximum number of messages deleted at once, and named by one update. */
export const CLEARED_SLICE = 500;
/** Channels with more messages than this cannot be emptied for all by one call. */
const EMPTIED_MAX = 10_000;
/** Nor can channels with more members than this, as in the official service. */
const EMPTIED_MEMBERS_MAX = 1_000;

/**
 * Hides the history from the actor alone. A repeat changes nothing.
 * @param maxId the last message to hide; 0 for all
 * @throws RpcError 400 CHANNEL_PARICIPANT_MISSING, CHANNEL_PRIVATE
 */
export async function clearForSelf(channel: ChannelChange, { actorId, origin }: Acting, maxId: number): Promise<tl.Update[]> {
  channel.check('view_messages');
  const { row, topMsgId, date } = channel;
  const member = channel.memberOf(actorId);
  if (member?.status !== 'member') throw rpcError('CHANNEL_PARICIPANT_MISSING');
  const cleared = { ...member, cleared_max_id: maxId === 0 ? topMsgId : Math.min(maxId, topMsgId) };
  if (cleared.cleared_max_id <= member.cleared_max_id) return [];
  channel.setMember(cleared);
  await dropUnreadUpTo(channel.tx, { owner_id: actorId, peer_id: channel.peerId, msg_id: cleared.cleared_max_id });
  const update: tl.updateChannelAvailableMessages = {
    _: 'updateChannelAvailableMessages',
    channel_id: row.channel_id,
    available_min_id: hiddenUpTo(row, cleared),
  };
  channel.boxes.addLoose(actorId, date, origin, [update]);
  return [update];
}

/**
 * Deletes a slice of the history for all, newest first, except the message that says that the channel was created.
 * @param maxId the last message to delete
 * @returns whether there may be more
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, CHANNEL_TOO_BIG, CHANNEL_PRIVATE
 */
export async function deleteForAll(channel: ChannelChange, maxId: number): Promise<boolean> {
  checkDeleting(channel);
  const { row: { channel_id, members }, tx, view } = channel;
  const count = view.ordinal - (await countDeleted(tx.q, channel_id));
  if (members > EMPTIED_MEMBERS_MAX || count > EMPTIED_MAX) throw rpcError('CHANNEL_TOO_BIG');
  const msgIds = await listPostIds(tx.q, channel_id, { maxId, limit: CLEARED_SLICE });
  await channel.remove(msgIds);
  return msgIds.length === CLEARED_SLICE;
}

/** Checks that the actor may delete all messages of somebody. @throws RpcError 400 CHANNEL_INVALID for broadcast channels, CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE */
export function checkDeletingOf(channel: ChannelChange): void {
  checkDeleting(channel);
  if (channel.row.kind === 'broadcast') throw rpcError('CHANNEL_INVALID');
}

/** The error differs from the one for deleting single messages. */
function checkDeleting(channel: ChannelChange): void {
  channel.check('view_messages');
  if (!mayDo(channel.standing, 'delete_messages')) throw rpcError('CHAT_ADMIN_REQUIRED');
}
