import { projectMessage, refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { PAGE_QUOTAS } from '../quotas.ts';
import { originOf, stepBox } from './origin.ts';

export const sendScheduledMessages = defineMethod({
  method: 'messages.sendScheduledMessages',
  access: 'user',
  cost: 2,
  quotas: PAGE_QUOTAS,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { peers, scheduled, updates } = ctx.domain;
    const peer = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const { update, rows } = await scheduled.doSendNow(peer, ctx.userId, req.id, originOf(ctx));
    for (const row of rows) stepBox(ctx, row.pts, 1);
    const news = rows.map((row): tl.Update => ({ _: 'updateNewMessage', message: projectMessage(row), pts: row.pts, pts_count: 1 }));
    return updates.projectAnswer(ctx.userId, [...news, update]);
  },
});
