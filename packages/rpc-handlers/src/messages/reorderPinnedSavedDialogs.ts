import { accessDialogPeer } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const reorderPinnedSavedDialogs = defineMethod({
  method: 'messages.reorderPinnedSavedDialogs',
  access: 'user',
  cost: 1,
  itemCosts: { order: 0.1 },
  limits: { vectors: { order: 100 } },
  repeat: 'idempotent',
  elsewhere: { order: 'works' },
  async handler(ctx, req) {
    const { peers, saved } = ctx.domain;
    const order = await Promise.all(req.order.map((peer) => accessDialogPeer(peers.accessInputPeerOrFormer, ctx.userId, peer)));
    await saved.doReorderPinned(ctx.userId, order.map(({ peerId }) => peerId), req.force === true, originOf(ctx));
    return true;
  },
});
