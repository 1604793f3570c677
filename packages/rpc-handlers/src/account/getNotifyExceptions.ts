import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessNotifyScope } from './access-notify-scope.ts';

export const getNotifyExceptions = defineMethod({
  method: 'account.getNotifyExceptions',
  access: 'user',
  cost: 5,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  handler: async (ctx, { peer, compare_sound, compare_stories }) => {
    const exceptions = await ctx.domain.notifications.listExceptions(ctx.userId, {
      scope: peer && (await accessNotifyScope(ctx, peer)),
      sounds: compare_sound === true,
      stories: compare_stories === true,
    });
    const updates = exceptions.map(({ peerId, topId, settings }): tl.updateNotifySettings => ({
      _: 'updateNotifySettings',
      peer: topId === undefined ? { _: 'notifyPeer', peer: unmarkPeer(peerId) } : { _: 'notifyForumTopic', peer: unmarkPeer(peerId), top_msg_id: topId },
      notify_settings: settings,
    }));
    return ctx.domain.updates.projectAnswer(ctx.userId, updates);
  },
});
