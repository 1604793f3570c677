import { unmarkPeer } from '@aerogram/cluster';
import { projectMessage } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { originOf, stepBox } from '../origin.ts';
import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';

export const updatePinnedMessage = defineMethod({
  method: 'messages.updatePinnedMessage',
  access: ['user', 'bot'],
  cost: 1,
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { channels, messages, peers, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    const pinned = req.unpin !== true;
    if (peer.kind === 'channel') {
      // There is one copy of the message, so `pm_oneside` has no meaning.
      const pinning = { ...actingAs(ctx), msgId: req.id, pinned, silent: req.silent === true };
      return answerChannel(ctx, peer.peerId, await channels.at(peer.channelId).posts.doPin(pinning));
    }
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
