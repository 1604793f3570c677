import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { REPORT_REASON } from './report-reasons.ts';

/** Reports the user, group or channel whose profile photo a user complains about. Moderators look at the whole profile, not only at the photo. */
export const reportProfilePhoto = defineMethod({
  method: 'account.reportProfilePhoto',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { peer, photo_id, reason, message }) => {
    const { isSelf, peerId } = await ctx.domain.peers.accessInputPeerOrFormer(ctx.userId, peer);
    if (isSelf) throw rpcError('PEER_ID_INVALID');
    if (photo_id._ === 'inputPhoto' && !(await ctx.domain.profilePhotos.isShown(ctx.userId, peerId, photo_id))) throw rpcError('PHOTO_INVALID');
    await ctx.domain.reports.doReport({ ownerId: ctx.userId, peerId, messages: [], reason: REPORT_REASON[reason._], comment: message });
    return true;
  },
});
