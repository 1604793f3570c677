import { defineMethod } from '@aerogram/rpc';

import { isMarkedUser, unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { projectUpdates } from '../project-updates.ts';

export const getNotifyExceptions = defineMethod({
  method: 'account.getNotifyExceptions',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler: async (ctx) => {
    const exceptions = await ctx.domain.notifications.listExceptions(ctx.userId);
    const updates = exceptions.map(({ peerId, settings }): tl.updateNotifySettings => ({
      _: 'updateNotifySettings',
      peer: { _: 'notifyPeer', peer: unmarkPeer(peerId) },
      notify_settings: settings,
    }));
    const users = exceptions.map(({ peerId }) => peerId).filter(isMarkedUser);
    return projectUpdates(ctx, updates, users);
  },
});
