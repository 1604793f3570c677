import { markPeer } from '@aerogram/cluster';
import { refuseChannelsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const reportReaction = defineMethod({
  method: 'messages.reportReaction',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { peers, reactions, reports } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeerOrFormer(ctx.userId, req.peer));
    const reactor = await peers.accessInputPeer(ctx.userId, req.reaction_peer);
    if (reactor.isSelf) throw rpcError('PEER_ID_INVALID');
    const all = await reactions.listOf(ctx.userId, peerId, req.id, undefined);
    const reported = all.find(({ peer_id: peer }) => markPeer(peer) === reactor.peerId);
    if (reported === undefined) throw rpcError('MESSAGE_ID_INVALID');
    await reports.doReport({ ownerId: ctx.userId, peerId: reactor.peerId, messages: [], reason: 'spam', comment: `reaction to message ${req.id} of ${peerId}` });
    return true;
  },
});
