import { defineMethod } from '@aerogram/rpc';

/** Apps come from their makers, never from this server. */
export const getAppUpdate = defineMethod({
  method: 'help.getAppUpdate',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'help.noAppUpdate' }),
});
