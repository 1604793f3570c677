import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateWebBrowserSettings = defineMethod({
  method: 'account.updateWebBrowserSettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx, { open_external_browser, display_close_button }) => {
    const general = { openExternal: open_external_browser === true, displayCloseButton: display_close_button === true };
    return ctx.domain.webBrowser.doChange(ctx.userId, general, originOf(ctx));
  },
});
