import { defineMethod } from '@aerogram/rpc';

export const getState = defineMethod({
  method: 'updates.getState',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  handler: (ctx) => ctx.domain.updates.findState(ctx.userId),
});
