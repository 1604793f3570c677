import { markPeer } from '@aerogram/cluster';
import type { ResolvedChannel } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** Where a thread is that a request names. */
export interface ThreadPlace {
  /** The plain id of the group. */
  channelId: bigint;
  /** The message that started the thread, or a reply in it. */
  msgId: number;
  /** Marked ids of the chats that answers contain: the group and, for comments on a post, the channel of the post. */
  peerIds: readonly bigint[];
}

/**
 * Finds the thread that a request names: of a message of a group, or of the comments on a post of a broadcast channel.
 * @param awaits whether to wait for the comments on a fresh post to be opened
 * @throws RpcError 400 MSG_ID_INVALID for a post that cannot be commented on
 */
export async function accessThreadPlace(ctx: RpcContext, { channelId, peerId, row }: ResolvedChannel, msgId: number, { awaits = false } = {}): Promise<ThreadPlace> {
  if (row.kind !== 'broadcast') return { channelId, msgId, peerIds: [peerId] };
  const { channels } = ctx.domain;
  const { groupId, date } = await channels.at(channelId).posts.findCommentGroup(ctx.userId, msgId);
  const rootId = await channels.at(groupId).posts.findCommentRoot(channelId, msgId, awaits ? date : undefined);
  return { channelId: groupId, msgId: rootId, peerIds: [markPeer({ _: 'peerChannel', channel_id: groupId }), peerId] };
}
