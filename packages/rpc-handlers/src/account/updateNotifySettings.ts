import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { accessNotifyScope } from './access-notify-scope.ts';

export const updateNotifySettings = defineMethod({
  method: 'account.updateNotifySettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { peer, settings }) => {
    const scope = await accessNotifyScope(ctx, peer);
    await ctx.domain.notifications.doUpdateSettings(ctx.userId, scope, settings, originOf(ctx));
    return true;
  },
});
