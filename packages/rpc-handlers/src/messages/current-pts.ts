import type { ResolvedPeer } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';

/** The pts of the channel, or else of the caller's box, for the answer to a change that has no pts of its own. */
export async function currentPts(ctx: RpcContext, peer: ResolvedPeer): Promise<number> {
  const { channelUpdates, updates } = ctx.domain;
  const position = peer.kind === 'channel' ? (await channelUpdates.readPositions([peer.peerId])).get(peer.peerId) : await updates.readPosition(ctx.userId);
  return position?.pts ?? 1;
}
