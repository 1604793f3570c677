import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const editPeerFolders = defineMethod({
  method: 'folders.editPeerFolders',
  access: 'user',
  cost: 1,
  itemCosts: { folder_peers: 0.1 },
  limits: { vectors: { folder_peers: 100 } },
  repeat: 'idempotent',
  elsewhere: { folder_peers: 'works' },
  async handler(ctx, { folder_peers }) {
    const { dialogs, peers, updates } = ctx.domain;
    const moves = new Map<bigint, number>();
    for (const { peer, folder_id: folderId } of folder_peers) {
      if (folderId !== 0 && folderId !== 1) throw rpcError('FOLDER_ID_INVALID');
      moves.set((await peers.accessInputPeerOrFormer(ctx.userId, peer)).peerId, folderId);
    }
    const { moved, pts } = await dialogs.doMoveToFolders(ctx.userId, moves, originOf(ctx));
    const answer = moved.length === 0 ? [] : [{ _: 'updateFolderPeers' as const, folder_peers: moved, pts, pts_count: 0 }];
    return updates.projectAnswer(ctx.userId, answer);
  },
});
