import { defineMethod } from '@aerogram/rpc';

/** This server does not distribute apps. */
export const getAppUpdate = defineMethod({
  method: 'help.getAppUpdate',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'help.noAppUpdate' }),
});
