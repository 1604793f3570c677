import { defineMethod } from '@aerogram/rpc';

export const getWebBrowserSettings = defineMethod({
  method: 'account.getWebBrowserSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx, { hash }) => {
    const settings = await ctx.domain.webBrowser.find(ctx.userId);
    return settings.hash === hash ? { _: 'account.webBrowserSettingsNotModified' } : settings;
  },
});
