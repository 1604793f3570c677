import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessPeerInSight } from './access-messages.ts';

/** Returns the action bar of a chat. Groups and channels have one if a stranger has added the caller to them. */
export const getPeerSettings = defineMethod({
  method: 'messages.getPeerSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { acceptance, peerBars, projectPeers } = ctx.domain;
    const peer = await accessPeerInSight(ctx, req.peer);
    return {
      _: 'messages.peerSettings',
      settings: peer.kind === 'user' ? await peerBars.findSettings(ctx.userId, peer.row) : await acceptance.findSettings(ctx.userId, peer.peerId),
      ...(await projectPeers(ctx.userId, new PeerSet([peer.peerId]))),
    };
  },
});
