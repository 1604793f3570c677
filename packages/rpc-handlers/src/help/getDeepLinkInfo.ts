import { defineMethod } from '@aerogram/rpc';

/** Explains links that an app does not know; apps know all links of this server. */
export const getDeepLinkInfo = defineMethod({
  method: 'help.getDeepLinkInfo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'help.deepLinkInfoEmpty' }),
});
