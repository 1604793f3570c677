import { defineMethod } from '@aerogram/rpc';

export const setReactionsNotifySettings = defineMethod({
  method: 'account.setReactionsNotifySettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx, { settings }) => ctx.domain.notifications.doUpdateReactionsSettings(ctx.userId, settings),
});
