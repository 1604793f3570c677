import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** Called from the action bar above the chat of a stranger or above a group to which a stranger has added the caller; the bar disappears afterwards. */
export const reportSpam = defineMethod({
  method: 'messages.reportSpam',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { peerBars, peers, reports } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.isSelf) throw rpcError('PEER_ID_INVALID');
    await reports.doReport({ ownerId: ctx.userId, peerId: peer.peerId, messages: [], reason: 'spam', comment: '' });
    if (peer.kind === 'user') await peerBars.doHide(ctx.userId, peer.row, originOf(ctx));
    return true;
  },
});
