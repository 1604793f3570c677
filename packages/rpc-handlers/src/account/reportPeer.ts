import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { REPORT_REASON } from './report-reasons.ts';

export const reportPeer = defineMethod({
  method: 'account.reportPeer',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { peer, reason, message }) => {
    const { isSelf, peerId } = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, peer);
    if (isSelf) throw rpcError('PEER_ID_INVALID');
    const report = { ownerId: ctx.userId, peerId, messages: [], reason: REPORT_REASON[reason._], comment: message };
    await ctx.domain.reports.doReport(report);
    return true;
  },
});
