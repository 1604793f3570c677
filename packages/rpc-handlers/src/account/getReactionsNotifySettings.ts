import { defineMethod } from '@aerogram/rpc';

export const getReactionsNotifySettings = defineMethod({
  method: 'account.getReactionsNotifySettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx) => ctx.domain.notifications.findReactionsSettings(ctx.userId),
});
