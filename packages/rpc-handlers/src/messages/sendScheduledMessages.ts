import { newPostUpdate, type PostRow, projectMessage } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { stepChannel } from '../channels/channel-call.ts';
import { PAGE_QUOTAS } from '../quotas.ts';
import { originOf, stepBox } from '../origin.ts';

export const sendScheduledMessages = defineMethod({
  method: 'messages.sendScheduledMessages',
  access: 'user',
  cost: 2,
  quotas: PAGE_QUOTAS,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const { peers, scheduled, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const { update, rows } = await scheduled.doSendNow(peer, ctx.userId, req.id, originOf(ctx));
    const news = rows.map((row): tl.Update => {
      if (peer.kind !== 'channel') {
        stepBox(ctx, row.pts, 1);
        return { _: 'updateNewMessage', message: projectMessage(row), pts: row.pts, pts_count: 1 };
      }
      // The cast is safe: all messages of a channel are posts.
      const post = row as PostRow;
      stepChannel(ctx, post);
      return newPostUpdate(post, ctx.userId);
    });
    return updates.projectAnswer(ctx.userId, [...news, update]);
  },
});
