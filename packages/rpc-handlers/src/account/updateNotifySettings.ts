import { defineMethod } from '@aerogram/rpc';

import { accessNotifyScope } from './access-notify-scope.ts';

export const updateNotifySettings = defineMethod({
  method: 'account.updateNotifySettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { peer, settings }) => {
    await ctx.domain.notifications.doUpdateSettings(ctx.userId, await accessNotifyScope(ctx, peer), settings);
    return true;
  },
});
