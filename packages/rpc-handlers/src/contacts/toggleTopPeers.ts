import { defineMethod } from '@aerogram/rpc';

export const toggleTopPeers = defineMethod({
  method: 'contacts.toggleTopPeers',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { enabled }) => {
    await ctx.domain.privacy.doChangeSettings(ctx.userId, { top_peers_disabled: !enabled });
    return true;
  },
});
