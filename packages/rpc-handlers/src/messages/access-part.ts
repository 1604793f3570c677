import type { ResolvedPeer, ThreadPart } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';

/**
 * Finds the topic or thread of a supergroup to which a request limits itself; undefined if it names none.
 * @param topId of the request: the topic, or a message of the thread
 * @throws RpcError 400 MSG_ID_INVALID for one that does not exist, and for other chats than supergroups, which have none
 */
export async function accessPart(ctx: RpcContext, peer: ResolvedPeer, topId: number | undefined): Promise<ThreadPart | undefined> {
  if (topId === undefined) return undefined;
  if (peer.kind !== 'channel') throw rpcError('MSG_ID_INVALID');
  return ctx.domain.channels.at(peer.channelId).posts.accessPart(ctx.userId, topId);
}
