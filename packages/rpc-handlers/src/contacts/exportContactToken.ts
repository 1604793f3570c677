import { defineMethod } from '@aerogram/rpc';

export const exportContactToken = defineMethod({
  method: 'contacts.exportContactToken',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx) => {
    const { token, expiresDate } = await ctx.domain.contactTokens.doExport(ctx.userId);
    return { _: 'exportedContactToken', url: `tg://contact?token=${token}`, expires: expiresDate };
  },
});
