import { defineMethod } from '@aerogram/rpc';

import { accessNotifyScope } from './access-notify-scope.ts';

export const getNotifySettings = defineMethod({
  method: 'account.getNotifySettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { peer }) =>
    ctx.domain.notifications.findSettings(ctx.userId, await accessNotifyScope(ctx, peer)),
});
