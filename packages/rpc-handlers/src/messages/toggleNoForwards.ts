import { projectMessage } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS, PRIVATE_QUOTAS } from '../quotas.ts';
import { actingIn, answerGroup } from '../group-call.ts';
import { originOf, stepBox } from '../origin.ts';

export const toggleNoForwards = defineMethod({
  method: 'messages.toggleNoForwards',
  access: 'user',
  cost: 2,
  quotas: [...PRIVATE_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  async handler(ctx, req) {
    const { channels, groups, peers, protection, updates } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    if (peer.kind === 'channel') {
      return answerChannel(ctx, peer.peerId, await channels.at(peer.channelId).settings.doSetProtection(actingAs(ctx), req.enabled));
    }
    if (peer.kind === 'chat') return answerGroup(ctx, await groups.doToggleNoForwards(actingIn(ctx, peer.chatId), req.enabled));
    const protecting = { ownerId: ctx.userId, enabled: req.enabled, requestId: req.request_msg_id, origin: originOf(ctx) };
    const { notice, answered } = await protection.doToggle(peer, protecting);
    const answer: tl.Update[] = [];
    if (answered) {
      stepBox(ctx, answered.pts, 1);
      answer.push({ _: 'updateEditMessage', message: projectMessage(answered.row), pts: answered.pts, pts_count: 1 });
    }
    stepBox(ctx, notice.pts, 1);
    answer.push({ _: 'updateNewMessage', message: projectMessage(notice), pts: notice.pts, pts_count: 1 });
    return updates.projectAnswer(ctx.userId, answer);
  },
});
