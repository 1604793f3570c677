import { markPeer } from '@aerogram/cluster';
import { PeerSet, refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** One page is always enough for the two users of a private chat. */
export const getMessageReactionsList = defineMethod({
  method: 'messages.getMessageReactionsList',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { peers, projectPeers, reactions } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeerOrFormer(ctx.userId, req.peer));
    const all = await reactions.listOf(ctx.userId, peerId, req.id, req.reaction);
    const named = new PeerSet(all.map(({ peer_id: peer }) => markPeer(peer)));
    return {
      _: 'messages.messageReactionsList',
      count: all.length,
      reactions: all,
      ...(await projectPeers(ctx.userId, named)),
    };
  },
});
