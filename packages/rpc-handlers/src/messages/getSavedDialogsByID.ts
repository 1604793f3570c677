import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessSavedPeer } from './access-saved-peer.ts';
import { projectSavedDialogs } from './project-saved-dialogs.ts';

export const getSavedDialogsByID = defineMethod({
  method: 'messages.getSavedDialogsByID',
  access: 'user',
  cost: 1,
  itemCosts: { ids: 0.1 },
  limits: { vectors: { ids: 100 } },
  repeat: 'read',
  elsewhere: { ids: 'works' },
  async handler(ctx, req) {
    const { saved } = ctx.domain;
    if (req.parent_peer !== undefined) throw rpcError('PARENT_PEER_INVALID');
    const wanted = await Promise.all(req.ids.map((peer) => accessSavedPeer(ctx, peer)));
    const dialogs = await saved.find(ctx.userId, wanted);
    return { _: 'messages.savedDialogs', ...(await projectSavedDialogs(ctx, dialogs)) };
  },
});
