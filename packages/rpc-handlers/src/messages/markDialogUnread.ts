import { accessDialogPeer } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const markDialogUnread = defineMethod({
  method: 'messages.markDialogUnread',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { dialogs, peers } = ctx.domain;
    const { peerId } = await accessDialogPeer(peers.accessInputPeerOrFormer, ctx.userId, req.peer);
    await dialogs.doMarkUnread(ctx.userId, peerId, req.unread === true, originOf(ctx));
    return true;
  },
});
