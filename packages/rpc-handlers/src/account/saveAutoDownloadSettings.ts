import { defineMethod } from '@aerogram/rpc';

export const saveAutoDownloadSettings = defineMethod({
  method: 'account.saveAutoDownloadSettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { low, high, settings }) => {
    await ctx.domain.appSettings.doSaveAutoDownload(ctx.userId, low ? 'low' : high ? 'high' : 'medium', settings);
    return true;
  },
});
