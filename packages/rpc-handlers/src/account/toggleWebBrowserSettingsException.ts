import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const toggleWebBrowserSettingsException = defineMethod({
  method: 'account.toggleWebBrowserSettingsException',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, req) => {
    const { webBrowser } = ctx.domain;
    const update = req.delete
      ? await webBrowser.doDeleteException(ctx.userId, req.url, originOf(ctx))
      : await webBrowser.doSetException(ctx.userId, req.url, req.open_external_browser, originOf(ctx));
    return ctx.domain.updates.projectAnswer(ctx.userId, [update]);
  },
});
