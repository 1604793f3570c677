import { defineMethod } from '@aerogram/rpc';

import { accessScheduled } from './access-scheduled.ts';
import { projectScheduledMessages } from './project-scheduled-answer.ts';

export const getScheduledMessages = defineMethod({
  method: 'messages.getScheduledMessages',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const peerId = await accessScheduled(ctx, req.peer);
    return projectScheduledMessages(ctx, await ctx.domain.scheduled.list(ctx.userId, peerId, req.id));
  },
});
