import type { PostReactionsDoor, ResolvedPeer, ResolvedUser } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The reactions to the messages of a group or channel. */
export function reactionsAt(ctx: RpcContext, peer: Exclude<ResolvedPeer, ResolvedUser>): PostReactionsDoor {
  return peer.kind === 'channel' ? ctx.domain.channels.at(peer.channelId).reactions : ctx.domain.postReactions.openGroup(peer.peerId);
}
