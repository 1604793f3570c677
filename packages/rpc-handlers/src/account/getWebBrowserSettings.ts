import { defineMethod } from '@aerogram/rpc';

export const getWebBrowserSettings = defineMethod({
  method: 'account.getWebBrowserSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'web browser settings',
  handler: () =>
    Promise.resolve({ _: 'account.webBrowserSettings', external_exceptions: [], inapp_exceptions: [], hash: 0n }),
});
