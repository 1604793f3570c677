import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from './origin.ts';

/** Called from the action bar above a stranger's chat, which disappears afterwards. */
export const reportSpam = defineMethod({
  method: 'messages.reportSpam',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.isSelf) throw rpcError('PEER_ID_INVALID');
    await ctx.domain.reports.doReport({ ownerId: ctx.userId, peerId: peer.peerId, messages: [], reason: 'spam', comment: '' });
    if (peer.kind === 'user') await ctx.domain.peerBars.doHide(ctx.userId, peer.row, originOf(ctx));
    return true;
  },
});
