import { accessDialogPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const reorderPinnedDialogs = defineMethod({
  method: 'messages.reorderPinnedDialogs',
  access: 'user',
  cost: 1,
  itemCosts: { order: 0.1 },
  limits: { vectors: { order: 200 } },
  repeat: 'idempotent',
  elsewhere: { order: 'works' },
  async handler(ctx, req) {
    const { dialogs, peers } = ctx.domain;
    if (req.folder_id !== 0 && req.folder_id !== 1) throw rpcError('FOLDER_ID_INVALID');
    // Apps show the archive among the pinned dialogs and include it in their order. It is always at the top, so its position is not stored.
    const named = req.order.filter((peer) => peer._ !== 'inputDialogPeerFolder');
    const order = await Promise.all(named.map((peer) => accessDialogPeer(peers.accessInputPeerOrFormer, ctx.userId, peer)));
    await dialogs.doReorderPinned({
      ownerId: ctx.userId,
      folderId: req.folder_id,
      peerIds: order.map(({ peerId }) => peerId),
      force: req.force === true,
      origin: originOf(ctx),
    });
    return true;
  },
});
