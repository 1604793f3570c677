import { ALLOWED_REACTIONS_MAX } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn, answerGroup } from '../group-call.ts';

/** Sets which reactions are allowed, and how many different ones a message may have. Paid reactions do not exist. */
export const setChatAvailableReactions = defineMethod({
  method: 'messages.setChatAvailableReactions',
  access: 'user',
  cost: 2,
  limits: { vectors: { 'available_reactions.reactions': { max: ALLOWED_REACTIONS_MAX, error: 'REACTION_INVALID' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, available_reactions: reactions, reactions_limit: limit, paid_enabled: isPaid }) {
    const { channels, groups } = ctx.domain;
    if (isPaid === true) throw rpcError('REACTION_INVALID');
    const group = await accessAnyGroup(ctx, peer);
    if (group.kind === 'channel') return answerChannel(ctx, group.peerId, await channels.at(group.channelId).settings.doSetReactions(actingAs(ctx), reactions, limit));
    return answerGroup(ctx, await groups.doSetReactions(actingIn(ctx, group.chatId), reactions, limit));
  },
});
