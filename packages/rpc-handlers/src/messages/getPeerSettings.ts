import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Returns the action bar of a chat; groups and channels have none. */
export const getPeerSettings = defineMethod({
  method: 'messages.getPeerSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { peerBars, peers, projectPeers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    return {
      _: 'messages.peerSettings',
      settings: peer.kind === 'user' ? await peerBars.findSettings(ctx.userId, peer.row) : { _: 'peerSettings' },
      ...(await projectPeers(ctx.userId, new PeerSet([peer.peerId]))),
    };
  },
});
