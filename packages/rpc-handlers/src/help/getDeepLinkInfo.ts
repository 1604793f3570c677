import { defineMethod } from '@aerogram/rpc';

/** Explains links that an app does not know; every link that this server has is one that apps know. */
export const getDeepLinkInfo = defineMethod({
  method: 'help.getDeepLinkInfo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'help.deepLinkInfoEmpty' }),
});
