import { accessDialogPeer } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getPeerDialogs = defineMethod({
  method: 'messages.getPeerDialogs',
  access: 'user',
  cost: 1,
  limits: { vectors: { peers: 100 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { dialogs, peers, updates } = ctx.domain;
    const wanted = await Promise.all(req.peers.map((peer) => accessDialogPeer(peers.accessInputPeer, ctx.userId, peer)));
    const state = await updates.findState(ctx.userId);
    const rows = await dialogs.find(ctx.userId, wanted.map(({ peerId }) => peerId));
    return { _: 'messages.peerDialogs', ...(await dialogs.project(ctx.userId, rows, true)), state };
  },
});
