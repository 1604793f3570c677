import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { accessScheduled } from './access-scheduled.ts';
import { projectScheduledMessages } from './project-scheduled-answer.ts';

export const getScheduledHistory = defineMethod({
  method: 'messages.getScheduledHistory',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const peerId = await accessScheduled(ctx, req.peer);
    const rows = await ctx.domain.scheduled.list(ctx.userId, peerId);
    const own = hashOf(rows.flatMap((row) => [row.msg_id, row.edit_date ?? 0, row.schedule_date].map((value) => BigInt(value))));
    if (req.hash !== 0n && req.hash === own) return { _: 'messages.messagesNotModified', count: rows.length };
    return projectScheduledMessages(ctx, rows);
  },
});
