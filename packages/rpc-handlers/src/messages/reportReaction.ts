import { markPeer } from '@aerogram/cluster';
import type { ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';

import { accessPeerInSight } from './access-messages.ts';
import { reactionsAt } from './reactions-at.ts';

export const reportReaction = defineMethod({
  method: 'messages.reportReaction',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { peer: 'works', reaction_peer: 'works' },
  async handler(ctx, req) {
    const { peers, reports } = ctx.domain;
    const peer = await accessPeerInSight(ctx, req.peer);
    const reactor = await peers.accessInputPeer(ctx.userId, req.reaction_peer);
    if (reactor.isSelf) throw rpcError('PEER_ID_INVALID');
    if (!(await hasReacted(ctx, peer, req.id, reactor.peerId))) throw rpcError('MESSAGE_ID_INVALID');
    await reports.doReport({ ownerId: ctx.userId, peerId: reactor.peerId, messages: [], reason: 'spam', comment: `reaction to message ${req.id} of ${peer.peerId}` });
    return true;
  },
});

/** Whether somebody is shown as one who has reacted to a message. @param reactorId marked */
async function hasReacted(ctx: RpcContext, peer: ResolvedPeer, msgId: number, reactorId: bigint): Promise<boolean> {
  if (peer.kind !== 'user') return reactionsAt(ctx, peer).hasReacted(ctx.userId, msgId, reactorId);
  return (await ctx.domain.reactions.listOf(ctx.userId, peer.peerId, msgId, undefined)).some(({ peer_id: shown }) => markPeer(shown) === reactorId);
}
