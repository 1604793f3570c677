import { defineMethod } from '@aerogram/rpc';

/** What apps hand to their engine for calls before each one: nothing, so that the engine does as it was built. */
export const getCallConfig = defineMethod({
  method: 'phone.getCallConfig',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async () => ({ _: 'dataJSON', data: '{}' }),
});
