import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';

export const getDialogUnreadMarks = defineMethod({
  method: 'messages.getDialogUnreadMarks',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    const peerIds = await ctx.domain.dialogs.listUnreadMarks(ctx.userId);
    return peerIds.map((peerId) => ({ _: 'dialogPeer', peer: unmarkPeer(peerId) }));
  },
});
