import { defineMethod } from '@aerogram/rpc';

export const setBotBroadcastDefaultAdminRights = defineMethod({
  method: 'bots.setBotBroadcastDefaultAdminRights',
  access: 'bot',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { admin_rights }) {
    await ctx.domain.botInfos.doSetDefaultRights(ctx.userId, 'broadcast', admin_rights);
    return true;
  },
});
