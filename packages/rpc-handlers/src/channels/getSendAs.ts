import { unmarkPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

export const getSendAs = defineMethod({
  method: 'channels.getSendAs',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { peer: input }) {
    const { channels, peers, projectPeers } = ctx.domain;
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, input);
    if (peer.kind !== 'channel') throw rpcError(peer.kind === 'chat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID');
    const ids = await channels.at(peer.channelId).members.listSendAs(ctx.userId);
    const offered = ids.map((id): tl.sendAsPeer => ({ _: 'sendAsPeer', peer: unmarkPeer(id) }));
    return { _: 'channels.sendAsPeers', peers: offered, ...(await projectPeers(ctx.userId, new PeerSet(ids))) };
  },
});
