import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const deleteWebBrowserSettingsExceptions = defineMethod({
  method: 'account.deleteWebBrowserSettingsExceptions',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx) => ctx.domain.webBrowser.doDeleteExceptions(ctx.userId, originOf(ctx)),
});
