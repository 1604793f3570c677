import { unmarkPeer } from '@aerogram/cluster';
import { projectMessage, refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf, stepBox } from './origin.ts';

export const updatePinnedMessage = defineMethod({
  method: 'messages.updatePinnedMessage',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { messages, peers, updates } = ctx.domain;
    const peer = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const pinned = req.unpin !== true;
    const { pts, notice } = await messages.doPin(peer, {
      ownerId: ctx.userId,
      msgId: req.id,
      pinned,
      oneSide: req.pm_oneside === true,
      silent: req.silent === true,
      origin: originOf(ctx),
    });
    const answer: tl.Update[] = [];
    if (pts !== undefined) {
      stepBox(ctx, pts, 1);
      answer.push({
        _: 'updatePinnedMessages',
        pinned: pinned ? true : undefined,
        peer: unmarkPeer(peer.peerId),
        messages: [req.id],
        pts,
        pts_count: 1,
      });
    }
    if (notice !== undefined) {
      stepBox(ctx, notice.pts, 1);
      answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
    }
    return updates.projectAnswer(ctx.userId, answer);
  },
});
