import { accessDialogPeer } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const toggleSavedDialogPin = defineMethod({
  method: 'messages.toggleSavedDialogPin',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { peers, saved } = ctx.domain;
    const { peerId } = await accessDialogPeer(peers.accessInputPeerOrFormer, ctx.userId, req.peer);
    await saved.doPin(ctx.userId, peerId, req.pinned === true, originOf(ctx));
    return true;
  },
});
