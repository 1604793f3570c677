import { defineMethod } from '@aerogram/rpc';

export const setBotGroupDefaultAdminRights = defineMethod({
  method: 'bots.setBotGroupDefaultAdminRights',
  access: 'bot',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { admin_rights }) {
    await ctx.domain.botInfos.doSetDefaultRights(ctx.userId, 'group', admin_rights);
    return true;
  },
});
