import { given } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { LIVE_DRAFT_LIMITS } from './text-limits.ts';

/** Typing, and a text that a bot is still writing, are sent to users who are online and never stored (rule S15, channel interest). */
export const setTyping = defineMethod({
  method: 'messages.setTyping',
  access: ['user', 'bot'],
  cost: 1,
  limits: LIVE_DRAFT_LIMITS,
  quotas: ['typing', 'inboundTyping', 'liveDrafts', 'liveDraftBytes'],
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  presence: 'acting',
  async handler(ctx, { peer, top_msg_id: topMsgId, action }) {
    await ctx.domain.typing.doShow(ctx.userId, await ctx.domain.peers.accessInputPeerOrCommented(ctx.userId, peer), { action, topMsgId: given(topMsgId) });
    return true;
  },
});
