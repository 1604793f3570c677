import { projectMessage, projectTtl } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { originOf, stepBox } from '../origin.ts';

export const setHistoryTTL = defineMethod({
  method: 'messages.setHistoryTTL',
  access: 'user',
  cost: 2,
  quotas: [...PRIVATE_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  async handler(ctx, { peer: input, period }) {
    const { channels, peers, ttl, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, input);
    if (peer.kind === 'channel') return answerChannel(ctx, peer.peerId, await channels.at(peer.channelId).settings.doSetLifetime(actingAs(ctx), period));
    const notice = await ttl.doSet(peer, { ownerId: ctx.userId, period, origin: originOf(ctx) });
    stepBox(ctx, notice.pts, 1);
    return updates.projectAnswer(ctx.userId, [
      projectTtl(peer.peerId, period),
      { _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 },
    ]);
  },
});
