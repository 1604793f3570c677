import { defineMethod } from '@aerogram/rpc';

export const getAutoDownloadSettings = defineMethod({
  method: 'account.getAutoDownloadSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => ({ _: 'account.autoDownloadSettings', ...(await ctx.domain.appSettings.findAutoDownload(ctx.userId)) }),
});
